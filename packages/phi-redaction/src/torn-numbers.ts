/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded */
import type { IdentifierKind } from './finding.ts';
import { matchesOf } from './matches.ts';
import { LABELS, PHONE_WORD, UNIT_BEHIND } from './numbers.ts';
import type { Range, Seamed } from './seamed-text.ts';

/** Longer ones are cards and bank accounts, which have a search of their own. */
const MOST_DIGITS = 15;
const RUN = /\+?\(?\d+(?:[\s().-]{1,3}\d+)*/g;
/** A label, and what stands between it and its number. */
// eslint-disable-next-line security/detect-non-literal-regexp -- words of a list, and a bounded repetition
const LABEL = new RegExp(
  `\\b(?:${[...LABELS, 'numbers', 'file', 'plan', 'sort'].join('|')})\\b[^.?!\\n]{0,25}$`,
);

interface Group extends Range {
  readonly digits: string;
}

/**
 * Telephone, health and social security numbers that stand on both sides of a seam, none of whose pieces is one: what two messages
 * hold side by side by chance has no such form. Behind a label any six digits count.
 */
export function findTornNumbers({ lower, seams }: Seamed): (Range & { readonly kind: IdentifierKind })[] {
  const found: (Range & { kind: IdentifierKind })[] = [];
  for (const { 0: run, index } of matchesOf(lower, RUN)) {
    const end = index + run.length;
    if (!seams.some((seam) => index < seam && seam < end)) continue;
    const groups = matchesOf(run, /\d+/g).map(({ 0: digits, index: at }): Group => ({ digits, start: index + at, end: index + at + digits.length })); // prettier-ignore
    for (let first = 0; first < groups.length; first += 1) {
      const last = findEnd(lower, seams, groups, first);
      const [from, to] = [groups[first], groups[last ?? -1]];
      if (last === undefined || from === undefined || to === undefined) continue;
      found.push({ start: from.start, end: to.end, kind: 'phone' });
      first = last;
    }
  }
  return found;
}

/** The last group of the longest number that begins with this one and crosses a seam. */
function findEnd(lower: string, seams: readonly number[], groups: readonly Group[], first: number): number | undefined {
  const from = groups[first];
  if (from === undefined) return undefined;
  let digits = '';
  let found: number | undefined;
  for (let last = first; last < groups.length; last += 1) {
    const group = groups[last];
    digits += group?.digits ?? '';
    if (group === undefined || digits.length > MOST_DIGITS) break;
    const crossed = seams.filter((seam) => from.start < seam && seam < group.end);
    if (crossed.length === 0) continue;
    const range = { start: from.start, end: group.end };
    const pieces = piecesOf(groups.slice(first, last + 1), crossed);
    if (!pieces.some((piece) => hasNumbersForm(piece)) && isNumber(lower, digits, range, pieces)) found = last;
  }
  return found;
} // prettier-ignore

function piecesOf(groups: readonly Group[], seams: readonly number[]): string[] {
  return [0, ...seams].map((seam, index) =>
    groups
      .filter(({ start }) => start >= seam && start < (seams[index] ?? Infinity))
      .map(({ digits }) => digits)
      .join(''),
  );
}

function isNumber(lower: string, digits: string, range: Range, pieces: readonly string[]): boolean {
  if (UNIT_BEHIND.test(lower.slice(range.end, range.end + 12))) return false;
  if (hasNumbersForm(lower.charAt(range.start - 1) === '+' ? `+${digits}` : digits)) return true;
  if (digits.length < 6 || pieces.some((piece) => piece.length < 2)) return false;
  const before = lower.slice(Math.max(0, range.start - 60), range.start).replace(/[(+]$/u, '');
  return LABEL.test(before) || (digits.length > 8 && PHONE_WORD.test(before));
}

/** Of telephones in the United Kingdom and North America, of the world with a plus, of the NHS, of social security (three, two, four). */
function hasNumbersForm(digits: string): boolean {
  if (/^(?:0\d{9,10}|(?:00|\+)\d{8,13}|44\d{9,10}|1?[2-9]\d{2}[2-9]\d{6})$/u.test(digits)) return true;
  return digits.length === 10 && passesModulus11(digits);
}

/** NHS Data Dictionary, “NHS number”. */
function passesModulus11(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < 9; at += 1) sum += Number(digits.charAt(at)) * (10 - at);
  return (11 - (sum % 11)) % 11 === Number(digits.charAt(9));
}
