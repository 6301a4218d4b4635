import { AiGatewayError, type AnswerStream } from '@cordon/ai-gateway';
import { isPublicError } from '@cordon/service';
import type { AnswerEvent, GatewayParts, ReadyCall } from './call.ts';
import type { ModelEvent } from './providers/index.ts';
import { reasonOf, recordOutcome } from './steps/record-call.ts';
import { keepTranscript } from './transcripts/keep-transcript.ts';

/**
 * Asks the provider and hands on its answer, looked at and with its own words back. The last event comes once the outcome is
 * durable. However the call ends, it leaves an outcome: also when nobody waits for it any more.
 * @throws {AiGatewayError}
 */
export async function* answerCall(
  parts: GatewayParts,
  call: ReadyCall,
  gone: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  let ended = false;
  try {
    const provider = parts.findProvider(call.provider);
    const events = provider.ask(
      { provider: call.provider, purposeId: call.purpose.id, prepared: call.prepared },
      gone,
    );
    const checked = checkAnswer(call, events);
    for await (const event of checked.events) {
      gone.throwIfAborted();
      if (event.type === 'end') {
        await keepTranscript(parts, call, checked.kept());
        await recordOutcome(parts.engine, call.intent);
        ended = true;
      }
      yield event;
    }
    if (!ended) throw new AiGatewayError('ai-provider-failed', 'the answer has no end');
  } catch (error) {
    if (ended) throw error;
    ended = true;
    await recordOutcome(parts.engine, call.intent, gone.aborted ? 'client-gone' : reasonOf(error));
    if (isPublicError(error) || gone.aborted) throw error;
    throw new AiGatewayError('ai-provider-failed', undefined, { cause: error });
  } finally {
    if (!ended) await recordOutcome(parts.engine, call.intent, 'client-gone');
  }
}

/** Card numbers, what belongs to somebody else, addresses, size: then pseudonyms are turned back. Tools only where listed. */
function checkAnswer(call: ReadyCall, events: AsyncIterable<ModelEvent>) {
  const text = call.prepared.openAnswer('text');
  return { events: checkEvents(call, events, text), kept: text.kept };
}

async function* checkEvents(
  call: ReadyCall,
  events: AsyncIterable<ModelEvent>,
  text: AnswerStream,
): AsyncGenerator<AnswerEvent> {
  const calls = new Map<number, AnswerStream>();
  const allowed = new Set(call.prepared.tools.map((tool) => tool.function.name));
  for await (const event of events) {
    if (event.type === 'text') {
      const out = text.push(event.text);
      if (out !== '') yield { type: 'text', text: out };
    } else if (event.type === 'tool') {
      const known = calls.get(event.index);
      if (known === undefined && !allowed.has(event.name ?? ''))
        throw new AiGatewayError('ai-answer-refused', 'a tool that was not offered');
      const stream = known ?? call.prepared.openAnswer('json');
      calls.set(event.index, stream);
      yield { ...event, arguments: stream.push(event.arguments) };
    } else {
      const rest = text.finish();
      if (rest !== '') yield { type: 'text', text: rest };
      for (const [index, stream] of calls) {
        const last = stream.finish();
        if (last !== '') yield { type: 'tool', index, arguments: last };
      }
      yield event;
    }
  }
}
