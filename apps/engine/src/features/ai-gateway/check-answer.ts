import { AiGatewayError, type AnswerStream } from '@cordon/ai-gateway';
import type { AnswerEvent, ReadyCall } from './call.ts';
import type { ModelEvent } from './providers/index.ts';

/** What of a call is needed to look at its answer. */
export interface Answered {
  readonly asked: Pick<ReadyCall['asked'], 'id'>;
  readonly prepared: Pick<ReadyCall['prepared'], 'openAnswer' | 'tools'>;
}

type ToolEvent = Extract<ModelEvent, { type: 'tool' }>;

/** A tool that is being called. */
interface OpenTool {
  readonly index: number;
  readonly name: string;
  readonly providersId: string | undefined;
  readonly stream: AnswerStream;
}

/** Card numbers, what belongs to somebody else, addresses, size: then pseudonyms are turned back. Tools only where listed. */
export function checkAnswer(call: Answered, events: AsyncIterable<ModelEvent>) {
  const text = call.prepared.openAnswer('text');
  return { events: checkEvents(call, events, text), kept: text.kept };
}

async function* checkEvents(
  call: Answered,
  events: AsyncIterable<ModelEvent>,
  text: AnswerStream,
): AsyncGenerator<AnswerEvent> {
  const tools = new Map<number, OpenTool>();
  let hasEnded = false;
  for await (const event of events) {
    if (event.type === 'text') {
      if (hasEnded) throw new AiGatewayError('ai-provider-failed', 'the text goes on behind its end');
      hasEnded = event.last === true;
      const out = hasEnded ? text.finish(event.text) : text.push(event.text);
      if (out !== '') yield { type: 'text', text: out };
    } else if (event.type === 'tool') {
      const begun = tools.get(event.index);
      const tool = begun ?? openTool(call, event, tools.size);
      if (begun === undefined) tools.set(event.index, tool);
      else requireSameTool(begun, event);
      const out = tool.stream.push(event.arguments);
      if (begun === undefined) yield { type: 'tool', ...describeTool(call, tool), arguments: out };
      else if (out !== '') yield { type: 'tool', index: tool.index, arguments: out };
    } else {
      const rest = hasEnded ? '' : text.finish();
      if (rest !== '') yield { type: 'text', text: rest };
      for (const { index, stream } of tools.values()) {
        const last = stream.finish();
        if (last !== '') yield { type: 'tool', index, arguments: last };
      }
      yield event;
    }
  }
}

/** Counted in the order in which they come, whatever numbers a provider gives them: clients keep them in lists. */
function openTool(call: Answered, { id, name = '' }: ToolEvent, index: number): OpenTool {
  if (!call.prepared.tools.some((tool) => tool.function.name === name))
    throw new AiGatewayError('ai-answer-refused', 'a tool that was not offered');
  return { index, name, providersId: id, stream: call.prepared.openAnswer('json') };
}

/** Ids are of our own: a provider's is a text that nobody looked at. No other call of the conversation has the same. */
const describeTool = ({ asked }: Answered, { index, name }: OpenTool) => ({
  index,
  id: `call_${asked.id.replaceAll('-', '')}_${String(index + 1)}`,
  name,
});

/** Clients take a later name for the right one, and join what has one number. */
function requireSameTool({ name, providersId }: OpenTool, event: ToolEvent): void {
  if (![undefined, '', name].includes(event.name))
    throw new AiGatewayError('ai-answer-refused', 'a tool changed its name');
  if (![undefined, '', providersId].includes(event.id))
    throw new AiGatewayError('ai-provider-failed', 'two calls have one number');
}
