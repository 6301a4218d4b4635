/** Why one field of what was sent was refused; both are ids, not words for people. */
export interface FieldReason {
  readonly field: string;
  readonly reason: string;
}

export type RequestErrorCode =
  | 'unreachable'
  | 'cancelled'
  | 'session-ended'
  | 'locked'
  | 'confirm'
  | 'refused'
  | 'not-found'
  | 'busy'
  | 'rejected'
  | 'failed';

interface RequestErrorParts {
  readonly status?: number;
  readonly problem?: string;
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
  readonly fields?: readonly FieldReason[];
  readonly cause?: unknown;
}

/** Why a request of the page came to nothing. `publicMessage` may be shown as it is. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;
  readonly publicMessage: string;
  /** HTTP status, or 0 when no answer came. */
  readonly status: number;
  /** The problem's own code, as the server names it. */
  readonly problem: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: readonly FieldReason[];

  constructor(code: RequestErrorCode, publicMessage: string, parts: RequestErrorParts = {}) {
    super(code, { cause: parts.cause });
    this.name = 'RequestError';
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = parts.status ?? 0;
    this.problem = parts.problem;
    this.requestId = parts.requestId;
    this.retryAfterSeconds = parts.retryAfterSeconds;
    this.fields = parts.fields ?? [];
  }
}

const OWN_WORDS: Record<RequestErrorCode, string> = {
  unreachable: 'The clinic’s server could not be reached. Check the connection, then try again.',
  cancelled: 'The request was cancelled.',
  'session-ended': 'Your session has ended. Sign in again.',
  locked: 'The session is locked. Unlock it to go on.',
  confirm: 'Confirm that it is you with your passkey or a code, then try again.',
  refused: 'Your role does not allow this.',
  'not-found': 'There is nothing here, or it belongs to a clinic that is not yours.',
  busy: 'The clinic’s server is busy. Wait a moment, then try again.',
  rejected: 'The request was not accepted. Check what you entered.',
  failed: 'Something went wrong on the server. Try again.',
};

const LONGEST_SENTENCE = 300;
const MOST_FIELDS = 50;
const LONGEST_WAIT_SECONDS = 600;

export function requestError(code: RequestErrorCode, cause?: unknown): RequestError {
  return new RequestError(code, OWN_WORDS[code], { cause });
}

function codeOf(status: number, problem: unknown): RequestErrorCode {
  if (status === 403 && problem === 'session-locked') return 'locked';
  if (status === 403 && problem === 'fresh-factor-required') return 'confirm';
  // A 401 of any kind leaves the page without a token, and only signing in again brings one.
  if (status === 401) return 'session-ended';
  if (status === 403) return 'refused';
  if (status === 404) return 'not-found';
  if (status === 429 || status === 503) return 'busy';
  return status >= 400 && status < 500 ? 'rejected' : 'failed';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function readFields(value: unknown): FieldReason[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_FIELDS).flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const { field, reason } = entry;
    return typeof field === 'string' && typeof reason === 'string' ? [{ field, reason }] : [];
  });
}

/**
 * Seconds of a Retry-After header (RFC 9110, 10.2.3: seconds or an HTTP date), kept between 1 and 600; undefined when there
 * is none that can be read.
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d{1,9}$/.test(header.trim())
    ? Number(header)
    : Math.ceil((Date.parse(header) - now) / 1000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), LONGEST_WAIT_SECONDS) : undefined;
}

/** Reads an RFC 9457 problem document; whatever is missing or not of its form is replaced by words of the page's own. */
export function errorFromAnswer(
  status: number,
  body: unknown,
  retryAfter: string | null,
  now: number,
): RequestError {
  const problem = isRecord(body) ? body : {};
  const name = problem['code'];
  const code = codeOf(status, name);
  const title = problem['title'];
  const requestId = problem['requestId'];
  const wait = readRetryAfter(retryAfter, now);
  const said = typeof title === 'string' && title.length > 0 && title.length <= LONGEST_SENTENCE;
  return new RequestError(code, said ? title : OWN_WORDS[code], {
    status,
    fields: readFields(problem['fields']),
    ...(typeof name === 'string' ? { problem: name.slice(0, 100) } : {}),
    ...(typeof requestId === 'string' ? { requestId: requestId.slice(0, 100) } : {}),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  });
}

/** Anything thrown that did not come from a request is told as a failure, without its own text. */
export function toRequestError(error: unknown): RequestError {
  return error instanceof RequestError ? error : requestError('failed', error);
}

/** Whether asking again can help. */
export function canRetry({ code }: RequestError): boolean {
  return code === 'unreachable' || code === 'busy' || code === 'failed';
}
