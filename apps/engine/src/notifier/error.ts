import type { PublicError } from '@cordon/service';

const answers = {
  'notifier-unavailable': 'The notice could not be sent. It is tried again.',
  'notifier-agreement-missing':
    "This service may not be used in production before its vendor's agreement is on file, signed and in force. Name it in the register, or use the console notifier.",
} as const;

export type NotifierErrorCode = keyof typeof answers;

export class NotifierError extends Error implements PublicError {
  override readonly name = 'NotifierError';
  readonly code: NotifierErrorCode;
  readonly publicMessage: string;
  readonly detail: string | undefined;

  constructor(code: NotifierErrorCode, more: { detail?: string; cause?: unknown } = {}) {
    super(`${code}: ${more.detail ?? answers[code]}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = answers[code];
    this.detail = more.detail;
  }
}
