import { Kind, WIDE_GAP } from './glyphs.ts';
import { isOneByOne, type WindowShape } from './window-shape.ts';

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
  const parts = readParts(text);
  if (parts === undefined) return false;
  const isPlain = (part: Part): boolean => part.kind === 'plain';
  if (isOneByOne(window.gaps)) {
    // Digits one at a time are a number, unless they are decimals, ranges or ratios, all written alike: where every gap
    // differs, some number will read as a row of those. The window may begin and end within one.
    const inner = parts.slice(1, -1);
    return inner.length > 1 && !inner.some(isPlain) && new Set(inner.map((part) => part.form)).size === 1;
  }
  if (parts.some((part) => part.kind === 'telling')) return true;
  // Short counts among decimals, or in a column.
  const hasShape = text.includes('\n') || !parts.every(isPlain);
  return hasShape && parts.every((part) => !isPlain(part) || part.length <= 3);
}

interface Part {
  /** `telling`: hardly anything else; `decimal`: with a point or a stroke; `plain`: digits. */
  readonly kind: 'telling' | 'decimal' | 'plain';
  readonly length: number;
  /** The part with a nought for each run of digits. */
  readonly form: string;
}

function readParts(text: string): Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; at++) {
    const [kind, end] = readPart(text, at);
    if (end === undefined) return undefined;
    parts.push({ kind, length: end - at, form: text.slice(at, end).replace(/\d+/g, '0') });
    at = end;
  }
  return parts;
}

function readPart(text: string, at: number): readonly [kind: Part['kind'], end: number | undefined] {
  const telling = matchEnd([isoDate, date, phone, networkAddress], text, at) ?? matchNhsNumber(text, at);
  if (telling !== undefined) return ['telling', telling];
  const decimalEnd = matchEnd([decimalRange, decimal, ratio], text, at);
  return decimalEnd === undefined ? ['plain', matchEnd([plainNumber], text, at)] : ['decimal', decimalEnd];
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
