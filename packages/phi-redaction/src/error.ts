export type PhiRedactionErrorCode = 'too-many-pseudonyms' | 'text-too-long';

const MESSAGES: Readonly<Record<PhiRedactionErrorCode, string>> = {
  'too-many-pseudonyms': 'This conversation names too many people and things. Start a new one.',
  'text-too-long': 'This text is too long to be searched for personal details. Shorten it.',
};

/** What the package refuses. `publicMessage` is fit for people and holds nothing of the input. */
export class PhiRedactionError extends Error {
  override readonly name = 'PhiRedactionError';
  readonly code: PhiRedactionErrorCode;
  readonly publicMessage: string;

  constructor(code: PhiRedactionErrorCode) {
    super(MESSAGES[code]);
    this.code = code;
    this.publicMessage = MESSAGES[code];
  }
}
