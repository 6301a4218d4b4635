export type RowSecurityErrorCode =
  'context-invalid' | 'context-refused' | 'store-unavailable' | 'transaction-misused';

export class RowSecurityError extends Error {
  override readonly name = 'RowSecurityError';
  readonly code: RowSecurityErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail: string | undefined;

  constructor(
    code: RowSecurityErrorCode,
    publicMessage: string,
    more: { detail?: string; cause?: unknown } = {},
  ) {
    super(`${code}: ${more.detail ?? publicMessage}`, { cause: more.cause });
    this.code = code;
    this.status = code === 'store-unavailable' ? 503 : 500;
    this.publicMessage = publicMessage;
    this.detail = more.detail;
  }
}
