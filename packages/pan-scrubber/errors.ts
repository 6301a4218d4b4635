export type PanScrubberErrorCode =
  'record-too-deep' | 'record-cyclic' | 'record-value-unsupported' | 'stream-finished';

const messages: Readonly<Record<PanScrubberErrorCode, string>> = {
  'record-too-deep': 'Send a record with fewer levels of nesting.',
  'record-cyclic': 'Send a record that does not contain itself.',
  'record-value-unsupported': 'Send a record of text, numbers, lists and plain objects only.',
  'stream-finished': 'Open a new scrubbing stream: this one has ended.',
};

/** Refusals of this package. What cannot be searched is refused, never passed through. */
export class PanScrubberError extends Error {
  override readonly name = 'PanScrubberError';
  readonly code: PanScrubberErrorCode;
  readonly publicMessage: string;
  /** Where in the record, as a JSON pointer; card numbers in keys are redacted in it too. */
  readonly detail?: string;

  constructor(code: PanScrubberErrorCode, detail?: string) {
    super(messages[code]);
    this.code = code;
    this.publicMessage = messages[code];
    if (detail !== undefined) this.detail = detail;
  }
}
