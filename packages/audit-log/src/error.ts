const publicMessages = {
  'entry-malformed': 'An audit entry does not have the form of one; treat the row as changed.',
  'rows-malformed':
    'The audit store answered in another form than it was asked for; check what stands between, and try again.',
} as const;

/** What an `AuditLogError` is about; its `publicMessage` says what to do. */
export type AuditLogErrorCode = keyof typeof publicMessages;

/** What this package refuses. `detail` names the column, never its value. */
export class AuditLogError extends Error {
  override readonly name = 'AuditLogError';
  readonly code: AuditLogErrorCode;
  readonly publicMessage: string;
  readonly detail: string | undefined;

  constructor(code: AuditLogErrorCode, more: { detail?: string; cause?: unknown } = {}) {
    super(`${code}: ${publicMessages[code]}`, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessages[code];
    this.detail = more.detail;
  }
}
