import { AiGatewayError, type ChatMessage } from '@cordon/ai-gateway';
import { z } from 'zod';
import { keepAddresses } from './address-guard.ts';
import type { ProviderCredentials } from './credentials.ts';
import {
  isGiven,
  type EndReason,
  type ModelEvent,
  type ModelProvider,
  type ModelRequest,
} from './provider.ts';
import { parseJson, readEvents, readShape } from './read-events.ts';
import { sendRequest } from './send-request.ts';

const count = z.int().min(0).nullish();
const tokens = z.object({ input_tokens: count, output_tokens: count });
/** Of https://docs.anthropic.com/en/api/messages-streaming, what is used here. */
const known = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.object({ usage: tokens }) }),
  z.object({
    type: z.literal('content_block_start'),
    index: z.int().min(0).max(200),
    content_block: z.object({
      type: z.string(),
      text: z.string().nullish(),
      id: z.string().max(100).nullish(),
      name: z.string().max(64).nullish(),
    }),
  }),
  z.object({
    type: z.literal('content_block_delta'),
    index: z.int().min(0).max(200),
    delta: z.object({
      type: z.string(),
      text: z.string().nullish(),
      partial_json: z.string().nullish(),
    }),
  }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: tokens.optional(),
  }),
  z.object({ type: z.literal('message_stop') }),
  z.object({ type: z.literal('error') }),
]);
/** Of every event: new kinds of them may come, says the API. One that is known must have its form, or words would be lost. */
const anyEvent = z.object({ type: z.string() });
const knownTypes = new Set<string>(known.options.flatMap(({ shape }) => [...shape.type.values]));

const reasons: ReadonlyMap<string, EndReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);
/** The API asks for a number; the answer has its own limit here. */
const mostTokens = 4096;

/** Anthropic's messages (https://docs.anthropic.com/en/api/messages), always streamed: one way to read an answer. */
export function createAnthropicProvider(credentials: ProviderCredentials): ModelProvider {
  return {
    async *ask(request, signal) {
      const { provider } = request;
      const key = await credentials.keyOf(provider);
      const body = await sendRequest({
        to: addressOf(provider),
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          'anthropic-version': provider.apiVersion ?? '2023-06-01',
          ...(key !== undefined && { 'x-api-key': key }),
        },
        body: JSON.stringify(toBody(request)),
        wire: credentials.wire,
        signal,
        limits: credentials.limits,
        beforeAgain: request.beforeAgain,
      });
      yield* readStream(body);
    },
  };
}

const addressOf = keepAddresses(({ baseUrl }) => `${baseUrl.replace(/\/+$/, '')}/v1/messages`);

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

/** @throws {AiGatewayError} `ai-provider-failed` for one that is not known: such an answer may lack its end */
function toReason(said: string): EndReason {
  const reason = reasons.get(said);
  if (reason === undefined)
    throw new AiGatewayError('ai-provider-failed', 'the answer ended for another reason');
  return reason;
}

async function* readStream(body: AsyncIterable<Buffer>): AsyncGenerator<ModelEvent> {
  let reason: EndReason = 'stop';
  let input: number | null | undefined;
  let output: number | null | undefined;
  // Blocks are counted together; tools are counted by themselves.
  const toolOf = new Map<number, number>();
  for await (const { data } of readEvents(body)) {
    const event = parseJson(data);
    if (!knownTypes.has(readShape(anyEvent, event).type)) continue;
    const said = readShape(known, event);
    if (said.type === 'message_start') input = said.message.usage.input_tokens;
    else if (said.type === 'content_block_start') {
      const { type, id, name, text } = said.content_block;
      if (toolOf.has(said.index)) throw new AiGatewayError('ai-provider-failed', 'a block began twice');
      if (type === 'tool_use') {
        toolOf.set(said.index, toolOf.size);
        yield { type: 'tool', index: toolOf.size - 1, id: id ?? '', name: name ?? '', arguments: '' };
      } else if (isGiven(text) && text !== '') yield { type: 'text', text };
    } else if (said.type === 'content_block_delta') {
      const { text, partial_json: part } = said.delta;
      const index = toolOf.get(said.index);
      if (isGiven(text) && text !== '') yield { type: 'text', text };
      else if (isGiven(part) && index !== undefined) yield { type: 'tool', index, arguments: part };
    } else if (said.type === 'message_delta') {
      const { stop_reason: why } = said.delta;
      if (isGiven(why)) reason = toReason(why);
      output = said.usage?.output_tokens ?? output;
    } else if (said.type === 'message_stop') {
      const usage = isGiven(input) && isGiven(output) ? { input, output } : null;
      yield { type: 'end', reason, usage };
      return;
    } else throw new AiGatewayError('ai-provider-failed', 'the provider says so');
  }
  throw new AiGatewayError('ai-provider-failed', 'the stream was cut off');
}
