export type RowSecurityErrorCode = 'context-invalid' | 'context-refused' | 'transaction-misused';

export class RowSecurityError extends Error {
  override readonly name = 'RowSecurityError';
  readonly code: RowSecurityErrorCode;
  readonly publicMessage: string;
  readonly status = 500;
  readonly detail: string | undefined;

  constructor(
    code: RowSecurityErrorCode,
    publicMessage: string,
    more: { detail?: string; cause?: unknown } = {},
  ) {
    super(`${code}: ${more.detail ?? publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.detail = more.detail;
  }
}
