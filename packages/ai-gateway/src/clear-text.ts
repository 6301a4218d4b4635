/* eslint-disable no-control-regex -- control characters are what is looked for */

/** What breaks a line, as one sign: the searches know no other. */
const LINE_ENDS = /\r\n?|[\v\f\u0085\u2028\u2029]/gu;
/** A terminal's colours: their letters and figures would stand between those of a name. */
const COLOURS = /\u001b\[[\d;?]{0,20}[A-Za-z]/gu;
/** Characters that take no room and no part in writing, and what is left of bytes that were no text. */
const UNSEEN = /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\ufffd]--[\t\n\u200c-\u200d\u0600-\u0605]]/gv;
/** A piece of an answer may end in the middle of a character, so halves stay. */
const UNSEEN_IN_PIECES = /[[\p{Cc}\p{Cf}]--[\t\n\r\u200c-\u200d\u0600-\u0605]]/gv;

/** A text without what people do not see: it must neither speak to a model nor stand between the letters of a name. */
export function clearText(text: string): string {
  return text.replaceAll(LINE_ENDS, '\n').replaceAll(COLOURS, '').replaceAll(UNSEEN, '');
}

/** The same for a piece of an answer: what a page would not show could turn its words round, or hide a number from the check. */
export function clearPiece(piece: string): string {
  return piece.replaceAll(UNSEEN_IN_PIECES, '');
}
