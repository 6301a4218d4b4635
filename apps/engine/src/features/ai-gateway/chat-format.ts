import { isOffline } from './providers/index.ts';
import type { AnswerEvent, ReadyCall } from './call.ts';

/** What Cordon says of an answer besides OpenAI's members. */
export function describeAnswer({ asked, purpose, provider, prepared }: ReadyCall) {
  return {
    purpose: purpose.id,
    provider: provider.id,
    /** No model wrote this: the offline default did. */
    offline: isOffline(provider),
    generated: true,
    conversation: asked.conversation,
    replaced: prepared.replaced,
    replacedOfUser: prepared.replacedOfUser,
    droppedTurns: prepared.droppedTurns,
  };
}

const head = (call: ReadyCall, object: string, created: number) => ({
  id: `chatcmpl-${call.asked.id}`,
  object,
  created,
  model: call.provider.model,
  cordon: describeAnswer(call),
});

type Usage = Extract<AnswerEvent, { type: 'end' }>['usage'];

const toUsage = (usage: Usage) => ({
  prompt_tokens: usage?.input ?? 0,
  completion_tokens: usage?.output ?? 0,
  total_tokens: (usage?.input ?? 0) + (usage?.output ?? 0),
});

/** The object of https://platform.openai.com/docs/api-reference/chat/object */
export async function toCompletion(call: ReadyCall, events: AsyncIterable<AnswerEvent>, created: number) {
  let content = '';
  let reason = 'stop';
  let usage: Usage = null;
  const tools: { id: string; type: 'function'; function: { name: string; arguments: string } }[] = [];
  for await (const event of events) {
    if (event.type === 'text') content += event.text;
    else if (event.type === 'tool') {
      const tool = (tools[event.index] ??= {
        id: event.id ?? `call_${event.index}`,
        type: 'function',
        function: { name: event.name ?? '', arguments: '' },
      });
      tool.function.arguments += event.arguments;
    } else ({ reason, usage } = event);
  }
  return {
    ...head(call, 'chat.completion', created),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: content === '' && tools.length > 0 ? null : content,
          refusal: null,
          ...(tools.length > 0 && { tool_calls: tools }),
        },
        logprobs: null,
        finish_reason: reason,
      },
    ],
    usage: toUsage(usage),
  };
}

/** The chunks of https://platform.openai.com/docs/api-reference/chat-streaming, one object each; the caller writes `[DONE]`. */
export async function* toChunks(
  call: ReadyCall,
  events: AsyncIterable<AnswerEvent>,
  created: number,
  includeUsage: boolean,
  sources?: readonly object[],
): AsyncGenerator<object> {
  const base = head(call, 'chat.completion.chunk', created);
  // Said once, with the first chunk: the rest are many.
  const { cordon: _cordon, ...short } = base;
  const chunk = (first: boolean, delta: object, reason: string | null) => ({
    ...(first
      ? { ...base, cordon: { ...base.cordon, ...(sources && { sources, confirmed: false }) } }
      : short),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    ...(includeUsage && { usage: null }),
  });
  yield chunk(true, { role: 'assistant', content: '' }, null);
  for await (const event of events) {
    if (event.type === 'text') yield chunk(false, { content: event.text }, null);
    else if (event.type === 'tool') yield chunk(false, { tool_calls: [toToolDelta(event)] }, null);
    else {
      yield chunk(false, {}, event.reason);
      if (includeUsage) yield { ...short, choices: [], usage: toUsage(event.usage) };
    }
  }
}

function toToolDelta({ index, id, name, arguments: text }: Extract<AnswerEvent, { type: 'tool' }>) {
  return {
    index,
    ...(id !== undefined && { id, type: 'function' }),
    function: { ...(name !== undefined && { name }), arguments: text },
  };
}
