export type RequestErrorCode = 'unreachable' | 'session-ended' | 'refused' | 'not-found' | 'busy' | 'failed';

const WORDS: Record<RequestErrorCode, string> = {
  unreachable: 'We could not reach the clinic’s server. Check your internet connection, then try again.',
  'session-ended': 'You have been signed out. Sign in again.',
  refused: 'You are not allowed to see this. If you think you should be, contact your clinic.',
  'not-found': 'We could not find your record. Contact your clinic.',
  busy: 'Many people are using the portal just now. Wait a moment, then try again.',
  failed: 'Something went wrong on our side. Try again in a few minutes.',
};

/** Why a request of the page came to nothing. `publicMessage` may be shown as it is. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;
  readonly publicMessage: string;
  /** What a person can quote to the clinic. */
  readonly requestId: string | undefined;

  constructor(code: RequestErrorCode, more: { readonly requestId?: string; readonly cause?: unknown } = {}) {
    super(code, { cause: more.cause });
    this.name = 'RequestError';
    this.code = code;
    this.publicMessage = WORDS[code];
    this.requestId = more.requestId;
  }
}

function codeOfStatus(status: number): RequestErrorCode {
  // A 401 of any kind leaves the page without a token, and only signing in again brings one.
  if (status === 401) return 'session-ended';
  if (status === 403) return 'refused';
  if (status === 404) return 'not-found';
  return status === 429 || status === 503 ? 'busy' : 'failed';
}

/**
 * Reads an RFC 9457 problem document. Its title speaks to staff and developers, so patients are told in the portal's own words; only the
 * request id is taken.
 */
export function errorFromAnswer(status: number, body: unknown): RequestError {
  const requestId =
    typeof body === 'object' && body !== null && 'requestId' in body ? body.requestId : undefined;
  return new RequestError(
    codeOfStatus(status),
    typeof requestId === 'string' ? { requestId: requestId.slice(0, 100) } : {},
  );
}

/** Anything thrown that did not come from a request is told as a failure, without its own text. */
export function toRequestError(error: unknown): RequestError {
  return error instanceof RequestError ? error : new RequestError('failed', { cause: error });
}

export function canRetry(code: RequestErrorCode): boolean {
  return code === 'unreachable' || code === 'busy' || code === 'failed';
}
