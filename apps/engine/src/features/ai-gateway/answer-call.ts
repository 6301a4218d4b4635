import { AiGatewayError } from '@cordon/ai-gateway';
import { isPublicError } from '@cordon/service';
import { EngineError } from '../../error.ts';
import type { AnswerEvent, GatewayParts, ReadyCall } from './call.ts';
import { checkAnswer } from './check-answer.ts';
import { reasonOf, recordOutcome, recordRetry } from './steps/record-call.ts';
import { lookEveryMs, type WatchedCall } from './stop-watch.ts';
import { keepTranscript } from './transcripts/keep-transcript.ts';
import { markCut } from './transcripts/transcript-text.ts';
import { settle } from './usage.ts';

/**
 * Asks the provider and hands on its answer, looked at and with its own words back. The last event comes once the outcome is
 * durable. However the call ends, it leaves an outcome: also when nobody waits for it any more; what was said until then is kept, so
 * that the conversation goes on from there.
 * @throws {AiGatewayError}
 */
export async function* answerCall(
  parts: GatewayParts,
  call: ReadyCall,
  gone: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  let ended = false;
  /** Of what was said, until it is kept. */
  let cameSoFar: (() => string) | null = () => '';
  const stops = parts.stopWatch.watch(call.stops, gone);
  try {
    const provider = parts.findProvider(call.provider);
    const asked = {
      provider: call.provider,
      purposeId: call.purpose.id,
      prepared: call.prepared,
      beforeAgain: (attempt: number) => recordRetry(parts.engine, call.intent, attempt),
    };
    // The audit store may have taken its time since the call was let through: what was stopped meanwhile is not sent.
    if (Date.now() - call.openedAt > lookEveryMs) await stops.ask();
    const checked = checkAnswer(call, provider.ask(asked, stops.signal));
    cameSoFar = checked.kept;
    for await (const event of checked.events) {
      stops.signal.throwIfAborted();
      if (event.type === 'end') {
        parts.circuit.leave(call.provider.id, false);
        const change = settle(call.provider, call.reserved, event.usage);
        await keepOrRefuse(keepTranscript(parts, call, change, checked.kept));
        cameSoFar = null;
        await recordOutcome(parts.engine, call.intent);
        ended = true;
      }
      yield event;
    }
    if (!ended) throw new AiGatewayError('ai-provider-failed', 'the answer has no end');
  } catch (error) {
    if (ended) throw error;
    ended = true;
    const told = tellFailure(error, gone, stops);
    parts.circuit.leave(call.provider.id, isProviderFault(told));
    if (gone.aborted) await leaveCall(parts, call, cameSoFar);
    else await recordOutcome(parts.engine, call.intent, reasonOf(told));
    throw told;
  } finally {
    stops.leave();
    if (!ended) {
      parts.circuit.leave(call.provider.id, false);
      await leaveCall(parts, call, cameSoFar);
    }
  }
}

/** What cannot be kept is not shown either; that is no failure of the provider. */
async function keepOrRefuse(kept: Promise<void>): Promise<void> {
  try {
    await kept;
  } catch (error) {
    throw isPublicError(error) ? error : new EngineError('records-unavailable', { cause: error });
  }
}

/** Nobody waits any more. What the provider does not say of its use is as it was reserved. */
async function leaveCall(
  parts: GatewayParts,
  call: ReadyCall,
  cameSoFar: (() => string) | null,
): Promise<void> {
  const change = settle(call.provider, call.reserved, null);
  try {
    if (cameSoFar !== null) await keepTranscript(parts, call, change, () => markCut(cameSoFar()));
  } catch (error) {
    // Nobody is there to be told; the outcome must be durable all the same.
    parts.engine.logger.warn('a conversation that was left is not kept', { err: error });
  }
  await recordOutcome(parts.engine, call.intent, 'client-gone');
}

const isProviderFault = (error: unknown): boolean =>
  error instanceof AiGatewayError && ['ai-provider-failed', 'ai-provider-slow'].includes(error.code);

/** A call that was stopped says so, or why nobody could say that it was not, whatever the broken connection said first. */
function tellFailure(error: unknown, gone: AbortSignal, { signal, wasStopped }: WatchedCall): Error {
  if (wasStopped() && !gone.aborted) {
    const reason: unknown = signal.reason;
    return isPublicError(reason) ? reason : new AiGatewayError('ai-stopped', undefined, { cause: error });
  }
  if (error instanceof Error && (isPublicError(error) || gone.aborted)) return error;
  return new AiGatewayError('ai-provider-failed', undefined, { cause: error });
}
