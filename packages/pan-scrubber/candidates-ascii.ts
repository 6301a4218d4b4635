import { isBase64, SHORTEST_TOKEN } from './base64-alphabet.ts';
import { isKnownBreak } from './glyphs.ts';
import { SHORTEST } from './networks.ts';

/**
 * Where a closer look is worth it. Most text is prose, and this pass is all that prose costs: it must be as fast as
 * a pattern search that finds nothing.
 */
export interface Candidates {
  /** A place inside each run of twelve characters or more without a letter that breaks numbers, ascending. */
  readonly numberRuns: number[];
  /** A place inside each run of sixteen base64 characters or more that is no lower-case word, ascending. */
  readonly tokens: number[];
}

/*
 * Eight characters at a time, as two 32-bit words with a character a byte (the order of the bytes does not matter).
 * "Hacker's Delight", chapter 6, has the method: arithmetic on the word, masked to one bit a byte.
 */

/** One bit a byte: the top bit, and the bit that letters have and digits and punctuation have not. */
const TOP_BITS = 0x80808080;
const LETTER_BITS = 0x40404040;
/** In each byte the lowest character of the base64 alphabets, "+"; blanks and most quotes lie below it. */
const LOWEST_BASE64 = 0x2b2b2b2b;

const NUMBER = 1;
const BASE64 = 2;
const classes = Uint8Array.from(
  { length: 128 },
  (_, code) => (isKnownBreak(code) ? 0 : NUMBER) | (isBase64(code) ? BASE64 : 0),
);

/**
 * Finds {@link Candidates} in the first `length` bytes, which are ASCII without "`" and "{": these two would be taken
 * for small letters. `offset` is added to every place.
 *
 * @param bytes of a length divisible by eight
 */
export function findAsciiCandidates(
  bytes: Uint8Array,
  length: number,
  offset: number,
  found: Candidates,
): void {
  bytes.fill(0x20, length);
  const words = new Int32Array(bytes.buffer, 0, bytes.length >> 2);
  const count = (length + 3) >> 2;
  let searchedRuns = 0;
  let searchedTokens = 0;
  let breaksBefore = LETTER_BITS;
  for (let at = 0; at < count; at += 2) {
    const first = words[at] ?? 0;
    const second = words[at + 1] ?? 0;
    const lowerFirst = first & (first << 1);
    const lowerSecond = second & (second << 1);

    // Any sixteen characters hold eight in step with the words: in a token none of them is a blank, and not all are
    // small letters.
    const belowBase64 = ((first - LOWEST_BASE64) & ~first) | ((second - LOWEST_BASE64) & ~second);
    if ((belowBase64 & TOP_BITS) === 0 && (lowerFirst & lowerSecond & LETTER_BITS) !== LETTER_BITS) {
      if (at * 4 >= searchedTokens) {
        searchedTokens = keepRun(bytes, at * 4, length, BASE64, SHORTEST_TOKEN, offset, found.tokens);
      }
    }

    // Any twelve characters hold two words in a row: in a number neither has a small letter but l and o, which may
    // be misread digits. These and "|" have bits 2 and 3 set (so do m, n, "}" and "~", which the closer look sorts out).
    const breaksFirst = lowerFirst & ~((first << 3) & (first << 4)) & LETTER_BITS;
    const breaksSecond = lowerSecond & ~((second << 3) & (second << 4)) & LETTER_BITS;
    if ((breaksFirst | breaksSecond) === 0 || (breaksBefore | breaksFirst) === 0) {
      if (at * 4 >= searchedRuns) {
        searchedRuns = keepRun(bytes, at * 4, length, NUMBER, SHORTEST, offset, found.numberRuns);
      }
    }
    breaksBefore = breaksSecond;
  }
}

/** Notes the run around `at` where it is long enough; answers with its end. */
function keepRun(
  bytes: Uint8Array,
  at: number,
  length: number,
  kind: number,
  shortest: number,
  offset: number,
  found: number[],
): number {
  let start = at;
  while (start > 0 && isOf(bytes[start - 1], kind)) start--;
  let end = at;
  while (end < length && isOf(bytes[end], kind)) end++;
  if (end - start >= shortest) found.push(offset + start);
  return end;
}

function isOf(byte: number | undefined, kind: number): boolean {
  return ((classes[byte ?? 0] ?? 0) & kind) !== 0;
}
