export type WebGuardErrorCode =
  | 'policy-source-invalid'
  | 'guard-option-invalid'
  | 'request-not-same-origin'
  | 'request-header-missing'
  | 'host-not-served'
  | 'rate-limited'
  | 'session-ended'
  | 'session-locked'
  | 'sign-in-refused'
  | 'sign-in-expired'
  | 'step-up-refused'
  | 'sign-in-unavailable'
  | 'account-not-admitted'
  | 'logout-token-invalid'
  | 'upstream-unavailable'
  | 'path-not-served'
  | 'request-too-large';

const statuses: Record<WebGuardErrorCode, number> = {
  'policy-source-invalid': 500,
  'guard-option-invalid': 500,
  'request-not-same-origin': 403,
  'request-header-missing': 403,
  'host-not-served': 421,
  'rate-limited': 429,
  'session-ended': 401,
  'session-locked': 403,
  'sign-in-refused': 403,
  'sign-in-expired': 400,
  'step-up-refused': 403,
  'sign-in-unavailable': 503,
  'account-not-admitted': 403,
  'logout-token-invalid': 400,
  'upstream-unavailable': 503,
  'path-not-served': 404,
  'request-too-large': 413,
};

/** Refusals that nobody meets by using the pages: the log has them as security events. */
const events: Partial<Record<WebGuardErrorCode, string>> = {
  'request-not-same-origin': 'request-forged',
  'request-header-missing': 'request-forged',
  'host-not-served': 'host-forged',
  'logout-token-invalid': 'logout-token-refused',
  'step-up-refused': 'step-up-refused',
};

/** Refusals of this package. `publicMessage` may be shown to anybody; `detail` is for the log's reader. */
export class WebGuardError extends Error {
  override readonly name = 'WebGuardError';
  readonly code: WebGuardErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  /** The same number under the name that a bare Fastify error handler reads. */
  readonly statusCode: number;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly securityEvent: string | undefined;

  constructor(
    code: WebGuardErrorCode,
    publicMessage: string,
    more: { detail?: string; cause?: unknown; retryAfterSeconds?: number; securityEvent?: string } = {},
  ) {
    super(`${code}: ${publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = statuses[code];
    this.statusCode = this.status;
    this.detail = more.detail;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.securityEvent = more.securityEvent ?? events[code];
  }
}
