import { isBase64, SHORTEST_TOKEN } from './base64-alphabet.ts';
import { isKnownBreak, kindOf, WEAK_KIND } from './glyphs.ts';
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
  /** Nothing but ASCII in the text. */
  isAscii: boolean;
}

/** The order in which characters lie in a word; this file reads no other. */
export const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/*
 * Eight characters at a time, as two 32-bit words with a character a byte, the first one lowest.
 * "Hacker's Delight", chapter 6, has the method: arithmetic on the word, masked to one bit a byte.
 */

/** One bit a byte: the top bit, and the bit that letters have; the bit below it tells small letters from capitals. */
const TOP_BITS = 0x80808080;
const LETTER_BITS = 0x40404040;
/** In each byte the lowest character of the base64 alphabets, "+"; blanks and most quotes lie below it. */
const LOWEST_BASE64 = 0x2b2b2b2b;

/** Blanks behind the last byte, so that words can be read there. */
const PADDING = 16;

const NUMBER = 1;
const BASE64 = 2;
const DIGIT = 4;
const classes = Uint8Array.from({ length: 128 }, (_, code) => {
  const number = isKnownBreak(code) ? 0 : NUMBER;
  const digit = kindOf(code) >= WEAK_KIND ? DIGIT : 0;
  return number | digit | (isBase64(code) ? BASE64 : 0);
});

/** Bytes that can also be read four at a time, with room for the blanks that end them. */
export interface ByteBuffer {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

export function openByteBuffer(size: number): ByteBuffer {
  const bytes = new Uint8Array((size + 2 * PADDING - 1) & -PADDING);
  return { bytes, words: new Int32Array(bytes.buffer) };
}

/** Finds {@link Candidates} in the first `length` bytes, which are ASCII. `offset` is added to every place. */
export function findAsciiCandidates(
  { bytes, words }: ByteBuffer,
  length: number,
  offset: number,
  found: Candidates,
): void {
  bytes.fill(0x20, length, length + PADDING);
  const count = (length + 3) >> 2;
  let searchedRuns = 0;
  let searchedTokens = 0;
  // Of any two words in a row one is looked at here; most of them rule both out.
  for (let at = 0; at < count; at += 2) {
    const word = words[at] ?? 0;
    const lower = word & (word << 1);
    const isBroken = breaksIn(word, lower) !== 0;
    const holdsCapital = ((word ^ lower) & LETTER_BITS) !== 0;
    if (isBroken && !holdsCapital) continue;
    const position = at * 4;

    // Any sixteen characters hold two words that begin in step, and four characters more before or behind those: in a
    // token none of them is a blank, and each word has a capital (in the base64 of digits every fourth character is).
    if (holdsCapital && position >= searchedTokens && isSolid(words, at)) {
      const end = findEnd(bytes, position, length, BASE64);
      const start = findStart(bytes, position, BASE64);
      if (end - start >= SHORTEST_TOKEN) found.tokens.push(offset + start);
      searchedTokens = end;
    }

    // Any twelve characters hold two words in a row and four characters more: in a number none of them is a small
    // letter but l and o, which may be misread digits. These have bits 2 and 3 set (as m, n and some signs, which
    // the closer look sorts out).
    if (!isBroken && position >= searchedRuns && isQuiet(words, at)) {
      const end = findEnd(bytes, position, length, NUMBER);
      const start = findStart(bytes, position, NUMBER);
      // At a border the run may go on with digits out of sight.
      const isOpen = start === 0 || end === length;
      if (isOpen || (end - start >= SHORTEST && holdsEnoughDigits(bytes, start, end))) {
        found.numberRuns.push(offset + start);
      }
      searchedRuns = end;
    }
  }
}

/** No blank in two words, and none in the one before or the one behind them. */
function isSolid(words: Int32Array, at: number): boolean {
  if ((blanksIn(words[at] ?? 0) & TOP_BITS) !== 0 || (blanksIn(words[at + 1] ?? 0) & TOP_BITS) !== 0)
    return false;
  const before = at === 0 ? TOP_BITS : blanksIn(words[at - 1] ?? 0);
  return (before & TOP_BITS) === 0 || (blanksIn(words[at + 2] ?? 0) & TOP_BITS) === 0;
}

/** The top bit of each byte below base64 (and of one above such a byte, at times: a borrow). */
function blanksIn(word: number): number {
  return (word - LOWEST_BASE64) & ~word;
}

/** The letter bit of each byte that is a small letter other than l, m, n and o. `lower` has it for all small letters. */
function breaksIn(word: number, lower: number): number {
  return lower & ~((word << 3) & (word << 4)) & LETTER_BITS;
}

/** The word at `at` and one beside it without a break, and four characters more around them. */
function isQuiet(words: Int32Array, at: number): boolean {
  const before = at === 0 ? LETTER_BITS : breaksAt(words, at - 1);
  const behind = breaksAt(words, at + 1);
  if (before === 0) return behind === 0 || reaches(at < 2 ? LETTER_BITS : breaksAt(words, at - 2), behind);
  return behind === 0 && reaches(before, breaksAt(words, at + 2));
}

function breaksAt(words: Int32Array, at: number): number {
  const word = words[at] ?? 0;
  return breaksIn(word, word & (word << 1));
}

/** Four characters without a break, at the end of one word and the start of another, together. */
function reaches(breaksLeft: number, breaksRight: number): boolean {
  const lowestRight = breaksRight & ~(breaksRight - 1);
  const atStart = breaksRight === 0 ? 4 : (31 - Math.clz32(lowestRight)) >> 3;
  return (Math.clz32(breaksLeft) >> 3) + atStart >= 4;
}

function findStart(bytes: Uint8Array, at: number, kind: number): number {
  let start = at;
  while (start > 0 && isOf(bytes[start - 1] ?? 0, kind)) start--;
  return start;
}

function findEnd(bytes: Uint8Array, at: number, length: number, kind: number): number {
  let end = at;
  while (end < length && isOf(bytes[end] ?? 0, kind)) end++;
  return end;
}

/** Whether a range has as many digits, or letters misread for them, as the shortest card number. */
function holdsEnoughDigits(bytes: Uint8Array, start: number, end: number): boolean {
  let count = 0;
  for (let at = start; at < end && count < SHORTEST; at++) if (isOf(bytes[at] ?? 0, DIGIT)) count++;
  return count === SHORTEST;
}

function isOf(byte: number, kind: number): boolean {
  return ((classes[byte] ?? 0) & kind) !== 0;
}
