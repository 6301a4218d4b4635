import type { PublicError } from '@cordon/service';

/** With the statuses that C2SP tlog-witness gives each. */
const answers = {
  'witness-log-unknown': [404, 'This witness does not know that log. Ask its operator to add the key of the log.'],
  'witness-signature-unknown': [403, 'None of the signatures is by a key that this witness knows for that log.'],
  'witness-request-refused': [400, 'The request is not one of tlog-witness. Check its lines and the checkpoint.'],
  'witness-inconsistent': [422, 'The proof does not show that the log keeps what this witness saw before. Nothing was signed.'],
  'witness-forked': [409, 'Another tree of that size was cosigned before: the log has forked. Nothing was signed.'],
  'witness-head-damaged': [500, 'What this witness saw last cannot be read. Restore its folder; it signs nothing until then.'],
  'witness-folder-in-use': [503, 'Another witness works in this folder. End it, or give this one a folder and a key of its own.'],
} as const satisfies Record<string, readonly [status: number, publicMessage: string]>; // prettier-ignore

export type WitnessErrorCode = keyof typeof answers;

export class WitnessError extends Error implements PublicError {
  override readonly name = 'WitnessError';
  readonly code: WitnessErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail: string | undefined;

  constructor(code: WitnessErrorCode, more: { detail?: string; cause?: unknown } = {}) {
    const [status, publicMessage] = answers[code];
    super(`${code}: ${more.detail ?? publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = status;
    this.detail = more.detail;
  }
}
