/* eslint-disable security/detect-unsafe-regex, security/detect-non-literal-regexp -- built of constants; every repetition is bounded, and growth.test.ts holds the time to the length */
import { findDates } from './dates.ts';
import { findPlaces } from './places.ts';
import { mergeFindings, type Finding, type IdentifierKind } from './finding.ts';
import { matchesOf } from './matches.ts';
import { findNumbers } from './numbers.ts';
import { plainDigits } from './plain-digits.ts';

interface Rule {
  readonly kind: IdentifierKind;
  readonly pattern: RegExp;
}

const AT = String.raw`(?:\s?[@＠]\s?|\s?[([]at[)\]]\s?|\sat\s(?=[\p{L}\p{N}-]{1,63}\sdot\s))`;
const DOT = String.raw`(?:\.|\s?[([]dot[)\]]\s?|\sdot\s)`;

const RULES: readonly Rule[] = [
  {
    kind: 'email',
    pattern: new RegExp(
      String.raw`[\p{L}\p{N}][\p{L}\p{N}._%+'-]{0,63}${AT}[\p{L}\p{N}-]{1,63}(?:${DOT}[\p{L}\p{N}-]{2,63}){1,4}`,
      'giu',
    ),
  },
  { kind: 'link', pattern: /\b(?:https?:\/\/|www\.)[^\s<>"'`]{3,2000}/giu },
  { kind: 'link', pattern: /(?<![\p{L}\p{N}.])@[A-Za-z][A-Za-z0-9_.]{2,30}\b/gu },
  { kind: 'link', pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g },
];

/**
 * Identifiers that are known by how they are written: e-mail addresses, links, telephone and other numbers, dates, postcodes
 * and streets. Digits of any script are read.
 */
export function findStructured(text: string): Finding[] {
  const plain = plainDigits(text);
  const found = RULES.flatMap(({ kind, pattern }) =>
    matchesOf(plain, pattern).map((match): Finding => ({
      start: match.index,
      end: match.index + trimEnd(match[0]).length,
      kind,
      source: 'form',
    })),
  );
  // Dates, places and numbers have a digit each.
  if (!/\d/.test(plain)) return mergeFindings(found);
  const taken = mergeFindings([...found, ...findDates(plain), ...findPlaces(plain)]);
  return mergeFindings([...taken, ...findNumbers(plain, taken)]);
}

/** A link at the end of a sentence does not own its full stop. */
function trimEnd(match: string): string {
  return match.replace(/[.,;:!?)\]]+$/u, '');
}
