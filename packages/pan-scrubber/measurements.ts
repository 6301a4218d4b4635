import { Kind, WIDE_GAP } from './glyphs.ts';
import { isOneByOne, type WindowShape } from './shapes.ts';

const date = /(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)\d\d|\d\d)(?=[ \n]|$)/y;
const isoDate = /(?:19|20)\d\d([./-])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?=[ \n]|$)/y;
const phone = /0\d{4}[ -]\d{6}(?=[ \n]|$)|0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}(?=[ \n]|$)/y;
const nhsNumber = /\d{3}[ -]\d{3}[ -]\d{4}(?=[ \n]|$)/y;
const networkAddress = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?=[ \n]|$)/y;
const decimal = /\d{1,3}\.\d{1,3}(?=[ \n]|$)/y;
const ratio = /\d{1,3}[/-]\d{1,3}(?=[ \n]|$)/y;
const decimalRange = /\d{1,3}\.\d{1,2}[/-]\d{1,3}\.\d{1,2}(?=[ \n]|$)/y;
const plainNumber = /\d{1,8}(?=[ \n]|$)/y;

/**
 * True where every part of the window reads as something else that clinics write: dates, phone and NHS numbers,
 * decimals, ratios (120/80), ranges, and counts between them. One part that does not keeps the window a card.
 */
export function readsAsMeasurements(window: WindowShape): boolean {
  const text = writeOut(window);
  const oneByOne = isOneByOne(window.gaps);
  let structured = 0;
  let telling = false;
  let longest = 0;
  for (let at = 0; at < text.length; at++) {
    const strongEnd = matchEnd([isoDate, date, phone, networkAddress], text, at) ?? matchNhsNumber(text, at);
    const end = strongEnd ?? matchEnd([decimalRange, decimal, ratio], text, at);
    if (end !== undefined) {
      structured++;
      telling ||= strongEnd !== undefined;
      at = end;
      continue;
    }
    const plainEnd = matchEnd([plainNumber], text, at);
    // Digits one at a time are a number, unless all of them stand in decimals.
    if (plainEnd === undefined || oneByOne) return false;
    longest = Math.max(longest, plainEnd - at);
    at = plainEnd;
  }
  if (structured > 0) return telling || longest <= 3;
  // A column of counts.
  return text.includes('\n') && longest <= 3;
}

/** The window in plain characters: one dot, slash or dash as it is, a line break or wide gap as a new line. */
function writeOut(window: WindowShape): string {
  return window.digits
    .map((digit, at) => (at === 0 ? '' : writeGap(window.gaps[at] ?? 0)) + String(digit))
    .join('');
}

function writeGap(gap: number): string {
  if (gap === 0 || gap === Kind.invisible) return '';
  if (gap === Kind.dot) return '.';
  if (gap === Kind.slash) return '/';
  if (gap === Kind.dash) return '-';
  return gap === Kind.space || (gap & ~WIDE_GAP) === Kind.dash ? ' ' : '\n';
}

function matchEnd(patterns: readonly RegExp[], text: string, at: number): number | undefined {
  for (const pattern of patterns) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return undefined;
}

function matchNhsNumber(text: string, at: number): number | undefined {
  const end = matchEnd([nhsNumber], text, at);
  return end !== undefined && isNhsNumber(text.slice(at, end)) ? end : undefined;
}

/** Ten digits, grouped or not, with the check digit of NHS numbers (modulus 11, NHS Data Dictionary). */
export function isNhsNumber(text: string): boolean {
  if (!/^\d{3}[ -]?\d{3}[ -]?\d{4}$/.test(text)) return false;
  const digits = Array.from(text.replace(/\D/g, ''), Number);
  const sum = digits.slice(0, 9).reduce((total, digit, at) => total + digit * (10 - at), 0);
  return (11 - (sum % 11)) % 11 === digits[9];
}
