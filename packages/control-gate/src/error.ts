export type ControlGateErrorCode =
  | 'control-malformed'
  | 'register-malformed'
  | 'verdict-malformed'
  | 'verdict-untrusted'
  | 'verdict-ended'
  | 'verdict-elsewhere'
  | 'verdict-blocked';

/** Every error of this package; `publicMessage` says what to do. */
export class ControlGateError extends Error {
  readonly code: ControlGateErrorCode;
  readonly publicMessage: string;
  readonly detail?: string;

  constructor(
    code: ControlGateErrorCode,
    publicMessage: string,
    options: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ControlGateError';
    this.code = code;
    this.publicMessage = publicMessage;
    if (options.detail !== undefined) this.detail = options.detail;
  }
}
