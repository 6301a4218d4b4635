/**
 * OCR misreads card numbers: "4111 1111 1111 1111" in a box came back as "A111 111111111111", with digits lost or
 * changed, so that no check digit holds and the scrubber rightly lets it pass. On an intake form nothing else looks
 * like that, so runs of digits that may have been a card number are removed too, and the field is named in a warning.
 */
import type { OcrPage, OcrWord } from './ocr-engine.ts';
import type { Row } from './reading-rows.ts';

const fewestCharacters = 12;
const mostCharacters = 32;
const fewestDigits = 9;
/** Runs below this confidence in any word are not believed to be what they seem. */
const believed = 80;

const compact = (word: OcrWord): string => word.text.replace(/[^\p{L}\p{N}]/gu, '');
const digitsIn = (text: string): number => text.replace(/\D/g, '').length;

/** Mostly digits, and not a date, a decimal, a ratio, an address of the internet. */
function isDigitWord(word: OcrWord): boolean {
  if (/[@/%]|^\d{1,3}\.\d{1,3}\D?$|^\d{1,2}\.\d{1,2}\.\d{2,4}\D?$/.test(word.text)) return false;
  const text = compact(word);
  return text.length > 0 && digitsIn(text) * 2 >= text.length;
}

/** A group of letters in place of digits ("AMM", "IIII"): short, capital, and read with little confidence. */
const isBlurredGroup = (word: OcrWord): boolean =>
  word.confidence < 60 && /^[A-Z0-9|!\]]{2,6}$/.test(word.text);

/** Runs of word indices on one row that may have been a card number. */
export function findDoubtfulNumbers(page: OcrPage, rows: readonly Row[]): number[][] {
  return rows.flatMap((row) =>
    row.flatMap((segment) => runsIn(page, segment).filter((run) => isDoubtful(page, run))),
  );
}

function runsIn(page: OcrPage, segment: readonly number[]): number[][] {
  const runs: number[][] = [[]];
  for (const index of segment) {
    const word = page.words[index];
    if (word && (isDigitWord(word) || isBlurredGroup(word))) runs.at(-1)?.push(index);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

function isDoubtful(page: OcrPage, run: readonly number[]): boolean {
  const words = run.flatMap((index) => page.words[index] ?? []);
  const text = words.map(compact).join('');
  if (text.length < fewestCharacters || text.length > mostCharacters) return false;
  if (digitsIn(text) < fewestDigits || isTelephone(words)) return false;
  const misread = /\D/.test(text) || words.some((word) => word.confidence < believed);
  // ISO/IEC 7812: issuers of payment cards begin with 2 to 6.
  const cardLike = /^[2-6]\d{12,18}$/.test(text);
  return misread || cardLike;
}

/** One telephone number or two in a row, each beginning as British numbers do. */
function isTelephone(words: readonly OcrWord[]): boolean {
  if (words.some((word) => /\p{L}/u.test(word.text))) return false;
  const national = words
    .map((word) => word.text.replace(/[^\d+]/g, ''))
    .join('')
    .replaceAll('+44', '0');
  return /^0[1-9]\d{8,9}$/.test(national) || /^0[1-9]\d{8,9}0[1-9]\d{8,9}$/.test(national);
}
