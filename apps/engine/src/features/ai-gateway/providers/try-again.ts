import type { IncomingHttpHeaders } from 'node:http';
import { AiGatewayError } from '@cordon/ai-gateway';

/** The first and two more. */
export const mostAttempts = 3;
/** What is to be waited for longer is for the person to decide. */
const mostWaitMs = 5_000;
const refusedWaitMs = 250;
/** Asked for by a Retry-After, at most: what a provider writes there reaches people. */
const mostToldSeconds = 3_600;

/**
 * Why another attempt is safe: nothing of the first was taken up. A connection that was refused, or a name that did not resolve, took
 * no byte of it; 429 and 503 with a Retry-After say that it was not begun (RFC 9110, 10.2.3; RFC 6585, 4).
 */
export class NotTakenUp extends Error {
  override readonly name = 'NotTakenUp';
  readonly waitMs: number;
  /** What the call failed with, where there is no other attempt. */
  readonly failure: AiGatewayError;

  constructor(waitMs: number, failure: AiGatewayError) {
    super(failure.message, { cause: failure });
    this.waitMs = waitMs;
    this.failure = failure;
  }
}

/** Errors of connecting, before anything could be sent. */
const refusedCodes = new Set(['ECONNREFUSED', 'EAI_AGAIN']);

export function wasRefused(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && refusedCodes.has(code);
}

export const refusedConnection = (failure: AiGatewayError): NotTakenUp =>
  new NotTakenUp(refusedWaitMs, failure);

/** An answer that is none, as an error: one that may be asked for again where it says so itself, and soon. */
export function toStatusFailure(status: number, headers: IncomingHttpHeaders): AiGatewayError | NotTakenUp {
  const busy = status === 429 || status === 503;
  const waitMs = busy ? readRetryAfter(headers['retry-after']) : undefined;
  const told = Math.min(mostToldSeconds, Math.ceil((waitMs ?? 10_000) / 1_000));
  const failure = new AiGatewayError('ai-provider-failed', `status ${status}`, {
    ...(busy && { retryAfterSeconds: Math.max(1, told) }),
  });
  return waitMs !== undefined && waitMs <= mostWaitMs ? new NotTakenUp(waitMs, failure) : failure;
}

/** Seconds, or a date (RFC 9110, 10.2.3). @returns milliseconds from now; undefined for anything else */
function readRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
