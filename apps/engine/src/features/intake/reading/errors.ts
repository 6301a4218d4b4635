import type { IntakeFieldName } from './form-fields.ts';

export type IntakeReadingErrorCode =
  | 'intake-file-empty'
  | 'intake-file-too-large'
  | 'intake-file-type-refused'
  | 'intake-file-damaged'
  | 'intake-file-encrypted'
  | 'intake-picture-too-large'
  | 'intake-too-many-pages'
  | 'intake-form-unreadable'
  | 'intake-form-invalid'
  | 'intake-corrections-malformed'
  | 'intake-engine-answer-malformed'
  | 'intake-agreement-missing'
  | 'intake-engine-misplaced'
  | 'intake-busy'
  | 'intake-timed-out'
  | 'intake-cancelled'
  | 'intake-reader-failed';

/** Why a field was refused. The list is closed: a reason never carries what was read. */
export const fieldReasons = [
  'missing',
  'low-confidence',
  'card-number',
  'too-long',
  'not-allowed-characters',
  'not-a-name',
  'not-a-date',
  'in-the-future',
  'too-long-ago',
  'not-a-postcode',
  'not-a-phone-number',
  'not-an-email-address',
  'not-an-nhs-number',
  'bad-check-digit',
  'malformed',
  'wrong-type',
  'too-deep',
  'duplicate-key',
  'forbidden-key',
  'unknown-field',
] as const;
export type FieldReason = (typeof fieldReasons)[number];

export interface RefusedField {
  /** A field of the form, or the part of a malformed text that is at fault. */
  readonly field: string;
  readonly reason: FieldReason;
}

/** What was read in refused fields, scrubbed: for the uploader's eyes, who has the paper, and for no log. */
export type RefusedReadings = ReadonlyMap<IntakeFieldName, string>;

const answers: Readonly<Record<IntakeReadingErrorCode, readonly [status: number, publicMessage: string]>> = {
  'intake-file-empty': [400, 'The file is empty. Choose the scanned form and upload it again.'],
  'intake-file-too-large': [413, 'The file is larger than 20 MB. Scan it at a lower resolution and upload it again.'],
  'intake-file-type-refused': [415, 'The file is not a PNG, a JPEG or a PDF. Save the form as one of these and upload it again.'],
  'intake-file-damaged': [422, 'The file is damaged and cannot be opened. Scan the form again.'],
  'intake-file-encrypted': [422, 'The PDF is encrypted. Save it without a password or restrictions and upload it again.'],
  'intake-picture-too-large': [422, 'A page has more pixels, or is larger on paper, than can be read. Scan it at 300 dpi on A4 and upload it again.'],
  'intake-too-many-pages': [422, 'The PDF has more than 10 pages. Upload the intake form alone.'],
  'intake-form-unreadable': [422, 'This does not read as an English intake form: the named fields could not be found. Check the form, scan it again, or enter it by hand.'],
  'intake-form-invalid': [422, 'Some fields of the form are missing or cannot be accepted. Correct the named fields and upload the form again.'],
  'intake-corrections-malformed': [422, 'The corrections are not JSON of the expected form. Send one object with a text for each field that was corrected.'],
  'intake-engine-answer-malformed': [422, 'The text recognition gave an answer that cannot be used, so nothing was stored. Upload the form again, or enter it by hand.'],
  'intake-agreement-missing': [500, 'This text recognition service may not be used in production before its processing agreement is on file. Name the agreement, or use the engine that runs here.'],
  'intake-engine-misplaced': [500, 'The text recognition service is not in the United Kingdom, where patients\' forms stay. Use a processor of europe-west2.'],
  'intake-busy': [503, 'Many forms are being read just now. Upload the form again in a moment.'],
  'intake-timed-out': [503, 'Reading the form took too long. Scan it again at 300 dpi, upright and clean, and upload it again.'],
  'intake-cancelled': [503, 'Reading was stopped before it ended. Upload the form again.'],
  'intake-reader-failed': [503, 'The form could not be read because the reader stopped. Upload the form again.'],
}; // prettier-ignore

/** Every refusal of the reader. `detail` is for the log and holds no text of the form. */
export class IntakeReadingError extends Error {
  override readonly name = 'IntakeReadingError';
  readonly code: IntakeReadingErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly fields: readonly RefusedField[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Numbers removed before the refusal: a refused form counts in the security event like any other. */
  readonly cardNumbersRemoved: number;
  /** Private to the language too, so that no serialiser of errors comes upon it. */
  readonly #readings: RefusedReadings;

  constructor(
    code: IntakeReadingErrorCode,
    more: {
      readonly detail?: string;
      readonly cause?: unknown;
      readonly fields?: readonly RefusedField[];
      readonly retryAfterSeconds?: number;
      readonly cardNumbersRemoved?: number;
      readonly readings?: RefusedReadings;
    } = {},
  ) {
    const [status, publicMessage] = answers[code];
    super(`${code}: ${publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = status;
    this.detail = more.detail;
    this.fields = more.fields;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.cardNumbersRemoved = more.cardNumbersRemoved ?? 0;
    this.#readings = more.readings ?? new Map();
  }

  readings(): RefusedReadings {
    return this.#readings;
  }
}
