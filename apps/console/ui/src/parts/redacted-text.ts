export interface TextPart {
  readonly text: string;
  readonly redacted: boolean;
}

const MARK = '[REDACTED-PAN]';

/** Cuts text at the scrubber's marks, so that they can be shown as what they are. Joined again it is the same text. */
export function splitAtRedactions(text: string): TextPart[] {
  return text
    .split(MARK)
    .flatMap((piece, index) => [
      ...(index === 0 ? [] : [{ text: MARK, redacted: true }]),
      ...(piece === '' ? [] : [{ text: piece, redacted: false }]),
    ]);
}
