/** What every Cordon error that may reach a person carries. Packages have a class of their own with these members. */
export interface PublicError extends Error {
  /** Stable, kebab-case; listed in docs/errors.md. */
  readonly code: string;
  /** A sentence that says what to do. Never holds input or personal data. */
  readonly publicMessage: string;
  /** HTTP status that fits; 500 when absent. */
  readonly status?: number | undefined;
  /** For the log; never sent to clients. */
  readonly detail?: string | undefined;
  /** Which fields were refused, by path and reason code. */
  readonly fields?: readonly { readonly field: string; readonly reason: string }[] | undefined;
  /** Set where the refusal is worth somebody's look: the log has it as a security event of this name. */
  readonly securityEvent?: string | undefined;
  /** Seconds after which the same request may succeed. */
  readonly retryAfterSeconds?: number | undefined;
}

export type ServiceErrorCode =
  | 'settings-invalid'
  | 'port-taken'
  | 'request-invalid'
  | 'body-too-large'
  | 'media-type-unsupported'
  | 'route-unknown'
  | 'rate-limited'
  | 'internal';

const statuses: Record<ServiceErrorCode, number> = {
  'settings-invalid': 500,
  'port-taken': 500,
  'request-invalid': 400,
  'body-too-large': 413,
  'media-type-unsupported': 415,
  'route-unknown': 404,
  'rate-limited': 429,
  internal: 500,
};

export class ServiceError extends Error implements PublicError {
  override readonly name = 'ServiceError';
  readonly code: ServiceErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly fields: PublicError['fields'];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ServiceErrorCode,
    publicMessage: string,
    more: {
      detail?: string;
      cause?: unknown;
      fields?: PublicError['fields'];
      retryAfterSeconds?: number;
    } = {},
  ) {
    super(`${code}: ${publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = statuses[code];
    this.detail = more.detail;
    this.fields = more.fields;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

export function isPublicError(error: unknown): error is PublicError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'publicMessage' in error &&
    typeof error.publicMessage === 'string'
  );
}
