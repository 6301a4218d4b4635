import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { AiGatewayError } from '@cordon/ai-gateway';
import { AnswerBody } from './answer-body.ts';
import type { ProviderAddress } from './address-guard.ts';
import type { Limits } from './limits.ts';
import { mostAttempts, NotTakenUp, refusedConnection, toStatusFailure, wasRefused } from './try-again.ts';
import type { Wire } from './wire.ts';

export interface Sent {
  readonly to: ProviderAddress;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly wire: Wire;
  readonly signal: AbortSignal;
  readonly limits: Limits;
  /** Told of each further attempt before it is made; what it throws ends the call. */
  readonly beforeAgain: (attempt: number) => Promise<void>;
}

/**
 * Sends one request to a provider: https unless it is local, no redirect, to an address of the provider's kind, with the headers
 * that are given and no others. It is sent again where the provider took up nothing of it (try-again.ts), and never once a byte of
 * an answer was read.
 * @returns the answer's body, bounded in size and time
 * @throws {AiGatewayError} `ai-provider-failed`, `ai-provider-slow`, `ai-provider-unavailable`
 */
export async function sendRequest(sent: Sent): Promise<AsyncIterable<Buffer>> {
  const end = Date.now() + sent.limits.wholeMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openAnswer(sent, end);
    } catch (error) {
      if (!(error instanceof NotTakenUp)) throw error;
      if (attempt === mostAttempts || Date.now() + error.waitMs >= end) throw error.failure;
      await sent.beforeAgain(attempt + 1);
      await wait(error.waitMs, undefined, { signal: sent.signal });
    }
  }
}

/** @param end when the whole call has taken too long, in milliseconds since 1970 */
function openAnswer(sent: Sent, end: number): Promise<AnswerBody> {
  const { signal, limits } = sent;
  return new Promise((resolve, reject) => {
    let body: AnswerBody | undefined;
    const fail = (error: Error): void => {
      leave();
      if (body === undefined) reject(error);
      else body.fail(error);
      request.destroy();
    };
    const silence = watchSilence(end, () => {
      fail(new AiGatewayError('ai-provider-slow'));
    });
    const onGone = (): void => {
      const reason: unknown = signal.reason;
      fail(reason instanceof Error ? reason : new AiGatewayError('ai-provider-failed', 'the call was ended'));
    };
    /** Taken off with the call: the signals of others, and their timers, live on behind it. */
    const leave = (): void => {
      silence.stop();
      signal.removeEventListener('abort', onGone);
    };
    const request = makeRequest(sent, (answer) => {
      const failure = findFailure(answer);
      if (failure !== undefined) {
        fail(failure);
        return;
      }
      silence.restart(limits.idleMs);
      const onPiece = (): void => {
        silence.restart(limits.idleMs);
      };
      body = new AnswerBody(answer, limits.mostBytes, { piece: onPiece, end: leave });
      answer.on('error', (error) => {
        fail(tell(error));
      });
      resolve(body);
    });
    request.on('error', (error) => {
      const told = tell(error);
      // An unused connection that the provider closed at the moment when it was used again (RFC 9112, 9.3.1) took nothing up.
      const wasClosed =
        request.reusedSocket && body === undefined && 'code' in error && error.code === 'ECONNRESET';
      fail(wasRefused(error) || wasClosed ? refusedConnection(told) : told);
    });
    // A switch of protocols that nobody asked for closes the connection without an error.
    request.on('close', () => {
      if (body === undefined)
        fail(new AiGatewayError('ai-provider-failed', 'the connection was closed without an answer'));
    });
    silence.restart(limits.firstByteMs);
    signal.addEventListener('abort', onGone);
    if (signal.aborted) onGone();
    else request.end(sent.body);
  });
}

function makeRequest({ to, headers, body, wire }: Sent, onAnswer: (answer: IncomingMessage) => void) {
  const secure = to.place.protocol === 'https:';
  const send = secure ? requestHttps : requestHttp;
  return send(
    {
      ...to.place,
      method: 'POST',
      agent: wire.agentOf(to.kind, secure),
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    },
    onAnswer,
  );
}

/** Why an answer is none; one that says that it was not begun may be asked for again. */
function findFailure({ statusCode = 0, headers }: IncomingMessage): Error | undefined {
  // None was asked for; what would have to be unpacked could be of any size.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    return new AiGatewayError('ai-provider-failed', 'the answer is packed');
  // A redirect is an answer like any other that is none; where it points to is not looked at.
  return statusCode === 200 ? undefined : toStatusFailure(statusCode, headers);
}

/** One timer for all: for the answer's head, between its pieces, and for the whole of it. */
function watchSilence(end: number, onLate: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let setTo = -1;
  return {
    /** @param mostMs of silence from now on */
    restart: (mostMs: number): void => {
      const left = Math.min(mostMs, end - Date.now());
      if (left === setTo) timer?.refresh();
      else {
        clearTimeout(timer);
        timer = setTimeout(onLate, Math.max(0, left));
        setTo = left;
      }
    },
    stop: (): void => {
      clearTimeout(timer);
      timer = undefined;
      setTo = -1;
    },
  };
}

/** What the wire says may hold addresses and names: it goes into the cause. */
const tell = (error: Error): AiGatewayError =>
  error instanceof AiGatewayError
    ? error
    : new AiGatewayError('ai-provider-failed', undefined, { cause: error });
