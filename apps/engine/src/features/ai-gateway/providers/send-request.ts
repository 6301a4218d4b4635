import { request as requestHttp, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as requestHttps, Agent as HttpsAgent } from 'node:https';
import { AiGatewayError } from '@cordon/ai-gateway';
import { lookupFor, requireAddress } from './address-guard.ts';

export interface Limits {
  /** Milliseconds until the answer's head. */
  readonly firstByteMs: number;
  /** Milliseconds between two pieces of it. */
  readonly idleMs: number;
  /** Milliseconds for all of it. */
  readonly wholeMs: number;
  readonly mostBytes: number;
}

export const limits: Limits = { firstByteMs: 30_000, idleMs: 30_000, wholeMs: 120_000, mostBytes: 4_194_304 };

export interface Sent {
  readonly url: URL;
  readonly kind: 'local' | 'remote';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of a local provider with a private authority. */
  readonly authority?: string | undefined;
  readonly signal: AbortSignal;
  readonly limits?: Limits;
}

/** One pool a kind: each looks its names up by its own rule. Node's own agents, which follow no redirect and read no environment. */
const agents = {
  local: { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) },
  remote: { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) },
};

/**
 * Sends one request to a provider: https unless it is local, no redirect, to an address of the provider's kind, with the headers
 * that are given and no others, and never a second time.
 * @returns the answer's body, bounded in size and time
 * @throws {AiGatewayError} `ai-provider-failed`, `ai-provider-slow`, `ai-provider-unavailable`
 */
export async function sendRequest(sent: Sent): Promise<AsyncIterable<Buffer>> {
  requireAddress(sent.kind, sent.url);
  const bounds = sent.limits ?? limits;
  const whole = AbortSignal.timeout(bounds.wholeMs);
  const answer = await openRequest(sent, AbortSignal.any([sent.signal, whole]), bounds);
  const status = answer.statusCode ?? 0;
  if (status !== 200) {
    answer.destroy();
    // A redirect is an answer like any other that is none; where it points to is not looked at.
    throw new AiGatewayError('ai-provider-failed', `status ${status}`, {
      ...((status === 429 || status === 503) && { retryAfterSeconds: 10 }),
    });
  }
  return readBody(answer, sent.signal, bounds);
}

function openRequest(sent: Sent, signal: AbortSignal, bounds: Limits): Promise<IncomingMessage> {
  const secure = sent.url.protocol === 'https:';
  const send = secure ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(
      sent.url,
      {
        method: 'POST',
        agent: agents[sent.kind][secure ? 'https' : 'http'],
        lookup: lookupFor(sent.kind),
        signal,
        headers: { ...sent.headers, 'content-length': Buffer.byteLength(sent.body) },
        // Whatever the environment says of certificates.
        ...(secure && { rejectUnauthorized: true, minVersion: 'TLSv1.2', ca: sent.authority }),
      },
      (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
    );
    const timer = setTimeout(() => request.destroy(slow()), bounds.firstByteMs);
    request.once('error', (error) => {
      clearTimeout(timer);
      reject(tell(error, sent.signal));
    });
    request.end(sent.body);
  });
}

async function* readBody(answer: IncomingMessage, gone: AbortSignal, bounds: Limits): AsyncGenerator<Buffer> {
  let bytes = 0;
  answer.setTimeout(bounds.idleMs, () => answer.destroy(slow()));
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > bounds.mostBytes) throw new AiGatewayError('ai-provider-failed', 'the answer is too large');
      yield piece;
    }
  } catch (error) {
    throw tell(error, gone);
  } finally {
    if (!answer.complete) answer.destroy();
  }
}

const slow = (): AiGatewayError => new AiGatewayError('ai-provider-slow');

/** What the wire says may hold addresses and names: it goes into the cause. */
function tell(error: unknown, gone: AbortSignal): Error {
  if (error instanceof AiGatewayError || (error instanceof Error && gone.aborted)) return error;
  const timedOut = error instanceof Error && error.name === 'AbortError';
  return new AiGatewayError(timedOut ? 'ai-provider-slow' : 'ai-provider-failed', undefined, {
    cause: error,
  });
}
