import { AiGatewayError } from '@cordon/ai-gateway';
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
import { parseJson, readEvents, readJson, readShape } from './read-events.ts';
import { sendRequest } from './send-request.ts';

const usage = z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }).nullish();
const toolPiece = z.object({
  index: z.int().min(0).max(100).optional(),
  id: z.string().max(100).nullish(),
  function: z.object({ name: z.string().max(64).nullish(), arguments: z.string().nullish() }),
});
const said = z.object({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolPiece).max(100).nullish(),
});
const choice = z.object({
  // One was asked for. A second would be read into the first.
  index: z.literal(0).optional(),
  message: said.optional(),
  delta: said.optional(),
  finish_reason: z.string().nullish(),
});
// Some say what went wrong beside a choice, in an answer or in the middle of one.
const answer = z.object({ choices: z.array(choice).max(1), usage, error: z.null().optional() });

const reasons: ReadonlyMap<string, EndReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool_calls'],
  ['content_filter', 'content_filter'],
]);

/** Others than OpenAI end broken answers with reasons of their own (`error`, `abort`): an answer that ended so is none. */
function toReason(said: string | null | undefined): EndReason {
  const reason = reasons.get(said ?? 'stop');
  if (reason === undefined)
    throw new AiGatewayError('ai-provider-failed', 'the answer ended for another reason');
  return reason;
}

/**
 * OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat), also as vLLM, llama.cpp and Ollama serve them,
 * and as Azure does, with an address and a header of its own.
 */
export function createOpenAiProvider(credentials: ProviderCredentials): ModelProvider {
  return {
    async *ask(request, signal) {
      const { provider, prepared } = request;
      const body = await sendRequest({
        to: addressOf(provider),
        headers: {
          'content-type': 'application/json',
          accept: prepared.options.stream === true ? 'text/event-stream' : 'application/json',
          ...keyHeader(request, await credentials.keyOf(provider)),
        },
        body: JSON.stringify(toBody(request)),
        wire: credentials.wire,
        signal,
        limits: credentials.limits,
        beforeAgain: request.beforeAgain,
      });
      yield* prepared.options.stream === true ? readStream(body) : readWhole(body);
    },
  };
}

const addressOf = keepAddresses((provider) => {
  const base = provider.baseUrl.replace(/\/+$/, '');
  if (provider.api !== 'azure') return `${base}/chat/completions`;
  const version = encodeURIComponent(provider.apiVersion ?? '2024-10-21');
  return `${base}/openai/deployments/${encodeURIComponent(provider.model)}/chat/completions?api-version=${version}`;
});

function keyHeader({ provider }: ModelRequest, key: string | undefined): Record<string, string> {
  if (key === undefined) return {};
  return provider.api === 'azure' ? { 'api-key': key } : { authorization: `Bearer ${key}` };
}

function toBody({ provider, prepared: { systemText, messages, tools, options } }: ModelRequest) {
  return {
    model: provider.model,
    messages: [{ role: 'system', content: systemText }, ...messages],
    ...(tools.length > 0 && { tools, tool_choice: options.tool_choice ?? 'auto' }),
    ...(isGiven(options.temperature) && { temperature: options.temperature }),
    ...(isGiven(options.top_p) && { top_p: options.top_p }),
    ...(isGiven(options.max_tokens) && { max_tokens: options.max_tokens }),
    stream: options.stream === true,
    ...(options.stream === true && { stream_options: { include_usage: true } }),
  };
}

type Usage = z.infer<typeof usage>;
const toUsage = (read: Usage) =>
  !isGiven(read) ? null : { input: read.prompt_tokens, output: read.completion_tokens };

async function* readWhole(body: AsyncIterable<Buffer>): AsyncGenerator<ModelEvent> {
  const read = readShape(answer, await readJson(body));
  const [only] = read.choices;
  if (only?.message === undefined) throw new AiGatewayError('ai-provider-failed', 'the answer is empty');
  yield* toEvents(only.message, true);
  yield { type: 'end', reason: toReason(only.finish_reason), usage: toUsage(read.usage) };
}

async function* readStream(body: AsyncIterable<Buffer>): AsyncGenerator<ModelEvent> {
  let reason: EndReason | undefined;
  let spent: Usage;
  let done = false;
  for await (const { data } of readEvents(body)) {
    if (data === '[DONE]') {
      done = true;
      break;
    }
    const read = readShape(answer, parseJson(data));
    spent = read.usage ?? spent;
    const [only] = read.choices;
    if (only?.delta !== undefined) yield* toEvents(only.delta);
    if (isGiven(only?.finish_reason)) reason = toReason(only.finish_reason);
  }
  // A stream that was cut off looks like a short answer: what tells them apart is the end.
  if (reason === undefined && !done) throw new AiGatewayError('ai-provider-failed', 'the stream was cut off');
  yield { type: 'end', reason: reason ?? 'stop', usage: toUsage(spent) };
}

function* toEvents(
  { content, refusal, tool_calls }: z.infer<typeof said>,
  isWhole = false,
): Generator<ModelEvent> {
  const text = (content ?? '') + (refusal ?? '');
  if (text !== '') yield isWhole ? { type: 'text', text, last: true } : { type: 'text', text };
  for (const [place, { index, id, function: called }] of (tool_calls ?? []).entries())
    yield {
      type: 'tool',
      index: index ?? place,
      ...(isGiven(id) && { id }),
      ...(isGiven(called.name) && { name: called.name }),
      arguments: called.arguments ?? '',
    };
}
