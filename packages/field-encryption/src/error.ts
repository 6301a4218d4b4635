export type FieldEncryptionErrorCode =
  | 'cell-too-large'
  | 'key-malformed'
  | 'key-unwrap-failed'
  | 'key-management-unavailable'
  | 'key-management-settings-invalid';

export class FieldEncryptionError extends Error {
  override readonly name = 'FieldEncryptionError';
  readonly code: FieldEncryptionErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail: string | undefined;

  constructor(
    code: FieldEncryptionErrorCode,
    publicMessage: string,
    more: { detail?: string; cause?: unknown } = {},
  ) {
    super(`${code}: ${more.detail ?? publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = code === 'cell-too-large' ? 422 : 503;
    this.detail = more.detail;
  }
}
