import type { PublicError } from '@cordon/service';

const answers = {
  'object-missing': [404, 'The picture is not there any more. It may have been erased.'],
  'object-damaged': [500, 'The stored picture is damaged and cannot be shown. Tell your administrator.'],
  'object-too-late': [503, 'Storing the picture took too long. Send it again.'],
  'objects-unavailable': [503, 'The object store does not answer. Try again in a moment.'],
} as const satisfies Record<string, readonly [status: number, publicMessage: string]>;

export type ObjectStoreErrorCode = keyof typeof answers;

export class ObjectStoreError extends Error implements PublicError {
  override readonly name = 'ObjectStoreError';
  readonly code: ObjectStoreErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail: string | undefined;

  constructor(code: ObjectStoreErrorCode, more: { detail?: string; cause?: unknown } = {}) {
    const [status, publicMessage] = answers[code];
    super(`${code}: ${more.detail ?? publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = status;
    this.detail = more.detail;
  }
}
