import { AiGatewayError, type ChatMessage } from '@cordon/ai-gateway';
import { z } from 'zod';
import type { ProviderCredentials } from './credentials.ts';
import {
  isGiven,
  type EndReason,
  type ModelEvent,
  type ModelProvider,
  type ModelRequest,
} from './provider.ts';
import { parseJson, readEvents } from './read-events.ts';
import { sendRequest } from './send-request.ts';

const tokens = z.object({ input_tokens: z.int().optional(), output_tokens: z.int().optional() });
/** Of https://docs.anthropic.com/en/api/messages-streaming, what is used here; events that it does not know are passed by. */
const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.object({ usage: tokens }) }),
  z.object({
    type: z.literal('content_block_start'),
    index: z.int().min(0).max(200),
    content_block: z.object({
      type: z.string(),
      text: z.string().optional(),
      id: z.string().max(100).optional(),
      name: z.string().max(64).optional(),
    }),
  }),
  z.object({
    type: z.literal('content_block_delta'),
    index: z.int().min(0).max(200),
    delta: z.object({
      type: z.string(),
      text: z.string().optional(),
      partial_json: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: tokens.optional(),
  }),
  z.object({ type: z.literal('message_stop') }),
  z.object({ type: z.literal('content_block_stop') }),
  z.object({ type: z.literal('ping') }),
  z.object({ type: z.literal('error') }),
]);

const reasons: Readonly<Record<string, EndReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};
/** The API asks for a number; the answer has its own limit here. */
const mostTokens = 4096;

/** Anthropic's messages (https://docs.anthropic.com/en/api/messages), always streamed: one way to read an answer. */
export function createAnthropicProvider(credentials: ProviderCredentials): ModelProvider {
  return {
    async *ask(request, signal) {
      const { provider } = request;
      const key = await credentials.keyOf(provider);
      const body = await sendRequest({
        url: new URL(`${provider.baseUrl.replace(/\/+$/, '')}/v1/messages`),
        kind: provider.kind === 'local' ? 'local' : 'remote',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          'anthropic-version': provider.apiVersion ?? '2023-06-01',
          ...(key !== undefined && { 'x-api-key': key }),
        },
        body: JSON.stringify(toBody(request)),
        authority: credentials.authority,
        signal,
        limits: credentials.limits,
        beforeAgain: request.beforeAgain,
      });
      yield* readStream(body);
    },
  };
}

function toBody({ provider, prepared: { systemText, messages, tools, options } }: ModelRequest) {
  return {
    model: provider.model,
    system: systemText,
    max_tokens: options.max_tokens ?? mostTokens,
    messages: messages.map(toMessage),
    ...(tools.length > 0 && {
      tools: tools.map(({ function: { name, description, parameters } }) => ({
        name,
        ...(description !== undefined && { description }),
        input_schema: parameters ?? { type: 'object' },
      })),
      tool_choice: { type: options.tool_choice === 'required' ? 'any' : (options.tool_choice ?? 'auto') },
    }),
    ...(isGiven(options.temperature) && { temperature: Math.min(1, options.temperature) }),
    ...(isGiven(options.top_p) && { top_p: options.top_p }),
    stream: true,
  };
}

const toText = (content: ChatMessage['content']): string =>
  !isGiven(content) ? '' : typeof content === 'string' ? content : content.map(({ text }) => text).join('\n');

function toMessage(message: ChatMessage) {
  if (message.role === 'tool')
    return {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: message.tool_call_id, content: toText(message.content) }],
    };
  const text = toText(message.content);
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  return {
    role: message.role,
    content: [
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...calls.map(({ id, function: { name, arguments: input } }) => ({
        type: 'tool_use',
        id,
        name,
        input: parseJson(input),
      })),
    ],
  };
}

async function* readStream(body: AsyncIterable<Buffer>): AsyncGenerator<ModelEvent> {
  let reason: EndReason = 'stop';
  const spent = { input: 0, output: 0 };
  // Blocks are counted together; tools are counted by themselves.
  const toolOf = new Map<number, number>();
  for await (const { data } of readEvents(body)) {
    const read = event.safeParse(parseJson(data));
    if (!read.success) continue;
    const { data: said } = read;
    if (said.type === 'message_start') spent.input = said.message.usage.input_tokens ?? 0;
    else if (said.type === 'content_block_start') {
      const { type, id, name, text } = said.content_block;
      if (type === 'tool_use') {
        toolOf.set(said.index, toolOf.size);
        yield { type: 'tool', index: toolOf.size - 1, id: id ?? '', name: name ?? '', arguments: '' };
      } else if (text !== undefined && text !== '') yield { type: 'text', text };
    } else if (said.type === 'content_block_delta') {
      const index = toolOf.get(said.index);
      if (said.delta.text !== undefined) yield { type: 'text', text: said.delta.text };
      else if (said.delta.partial_json !== undefined && index !== undefined)
        yield { type: 'tool', index, arguments: said.delta.partial_json };
    } else if (said.type === 'message_delta') {
      reason = reasons[said.delta.stop_reason ?? ''] ?? 'stop';
      spent.output = said.usage?.output_tokens ?? spent.output;
    } else if (said.type === 'message_stop') {
      yield { type: 'end', reason, usage: spent };
      return;
    } else if (said.type === 'error') throw new AiGatewayError('ai-provider-failed', 'the provider says so');
  }
  throw new AiGatewayError('ai-provider-failed', 'the stream was cut off');
}
