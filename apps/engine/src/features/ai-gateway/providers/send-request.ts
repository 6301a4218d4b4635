import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { AiGatewayError } from '@cordon/ai-gateway';
import { requireAddress } from './address-guard.ts';
import type { Limits } from './limits.ts';
import { mostAttempts, NotTakenUp, refusedConnection, toStatusFailure, wasRefused } from './try-again.ts';
import type { Wire } from './wire.ts';

export interface Sent {
  readonly url: URL;
  readonly kind: 'local' | 'remote';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly wire: Wire;
  readonly signal: AbortSignal;
  readonly limits: Limits;
  /** Told of each further attempt before it is made; what it throws ends the call. */
  readonly beforeAgain: (attempt: number) => Promise<void>;
}

/** What ends a call from this side: who asked has left, or it took too long. */
interface Ends {
  readonly signal: AbortSignal;
  readonly isGone: () => boolean;
  readonly isLate: () => boolean;
  /** When the call has ended by itself. */
  readonly leave: () => void;
}

/**
 * Sends one request to a provider: https unless it is local, no redirect, to an address of the provider's kind, with the headers
 * that are given and no others. It is sent again where the provider took up nothing of it (try-again.ts), and never once a byte of
 * an answer was read.
 * @returns the answer's body, bounded in size and time
 * @throws {AiGatewayError} `ai-provider-failed`, `ai-provider-slow`, `ai-provider-unavailable`
 */
export async function sendRequest(sent: Sent): Promise<AsyncIterable<Buffer>> {
  requireAddress(sent.kind, sent.url);
  const end = Date.now() + sent.limits.wholeMs;
  const ends = watchEnds(sent.signal, sent.limits.wholeMs);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sendOnce(sent, ends);
      } catch (error) {
        if (!(error instanceof NotTakenUp)) throw error;
        if (attempt === mostAttempts || Date.now() + error.waitMs >= end) throw error.failure;
        await sent.beforeAgain(attempt + 1);
        await wait(error.waitMs, undefined, { signal: ends.signal }).catch((broken: unknown) => {
          throw tell(broken, ends);
        });
      }
    }
  } catch (error) {
    ends.leave();
    throw error;
  }
}

/** One timer and one listener, taken off with the call: signals of time and of others' signals live on for minutes behind it. */
function watchEnds(gone: AbortSignal, wholeMs: number): Ends {
  const end = new AbortController();
  let late = false;
  const leave = (): void => {
    clearTimeout(timer);
    gone.removeEventListener('abort', onGone);
  };
  const onGone = (): void => {
    leave();
    end.abort(gone.reason);
  };
  const timer = setTimeout(() => {
    late = true;
    leave();
    end.abort(slow());
  }, wholeMs).unref();
  gone.addEventListener('abort', onGone);
  if (gone.aborted) onGone();
  return { signal: end.signal, isGone: () => gone.aborted, isLate: () => late, leave };
}

async function sendOnce(sent: Sent, ends: Ends): Promise<AsyncIterable<Buffer>> {
  const answer = await openRequest(sent, ends);
  const status = answer.statusCode ?? 0;
  // None was asked for; what would have to be unpacked could be of any size.
  const packed = (answer.headers['content-encoding'] ?? 'identity') !== 'identity';
  if (status === 200 && !packed) return readBody(answer, sent.limits, ends);
  answer.destroy();
  if (packed) throw new AiGatewayError('ai-provider-failed', 'the answer is packed');
  // A redirect is an answer like any other that is none; where it points to is not looked at.
  throw toStatusFailure(status, answer.headers);
}

function openRequest(sent: Sent, ends: Ends): Promise<IncomingMessage> {
  const { wire, kind } = sent;
  const secure = sent.url.protocol === 'https:';
  const send = secure ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(
      sent.url,
      {
        method: 'POST',
        agent: wire.agentOf(kind, secure),
        lookup: wire.lookUp[kind],
        signal: ends.signal,
        headers: { ...sent.headers, 'content-length': Buffer.byteLength(sent.body) },
        // Whatever the environment says of certificates.
        ...(secure && { rejectUnauthorized: true, secureContext: wire.trustOf(kind) }),
      },
      (answer) => {
        clearTimeout(timer);
        request.off('close', onClosed);
        resolve(answer);
      },
    );
    const timer = setTimeout(() => request.destroy(slow()), sent.limits.firstByteMs);
    request.on('error', (error) => {
      clearTimeout(timer);
      const told = tell(error, ends);
      const again = told instanceof AiGatewayError && wasRefused(error);
      reject(again ? refusedConnection(told) : told);
    });
    // A switch of protocols that nobody asked for closes the connection without an error.
    const onClosed = (): void => {
      clearTimeout(timer);
      reject(new AiGatewayError('ai-provider-failed', 'the connection was closed without an answer'));
    };
    request.on('close', onClosed);
    request.end(sent.body);
  });
}

async function* readBody(answer: IncomingMessage, limits: Limits, ends: Ends): AsyncGenerator<Buffer> {
  let bytes = 0;
  answer.setTimeout(limits.idleMs, () => answer.destroy(slow()));
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > limits.mostBytes) throw new AiGatewayError('ai-provider-failed', 'the answer is too large');
      yield piece;
    }
    // A body without a length ends with its connection: one that was ended from this side is not whole.
    ends.signal.throwIfAborted();
  } catch (error) {
    throw tell(error, ends);
  } finally {
    ends.leave();
    if (!answer.complete) answer.destroy();
  }
}

const slow = (): AiGatewayError => new AiGatewayError('ai-provider-slow');

/** What the wire says may hold addresses and names: it goes into the cause. */
function tell(error: unknown, { isGone, isLate }: Ends): Error {
  if (error instanceof AiGatewayError || (error instanceof Error && isGone())) return error;
  return new AiGatewayError(isLate() ? 'ai-provider-slow' : 'ai-provider-failed', undefined, {
    cause: error,
  });
}
