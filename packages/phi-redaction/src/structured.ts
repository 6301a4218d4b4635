/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
import { findDates } from './dates.ts';
import { matchesOf } from './matches.ts';
import { mergeFindings, type Finding, type IdentifierKind } from './finding.ts';
import { findNumbers } from './numbers.ts';
import { findPlaces } from './places.ts';
import { findSpokenEmails, findSpokenNumbers } from './spoken.ts';
import { SIGN, type Reading } from './tokens.ts';
import type { View } from './view.ts';
import { TRAIT } from './word-traits.ts';

interface Rule {
  readonly kind: IdentifierKind;
  /** The text has such a sign and this, or the rule is not tried. */
  readonly sign: number;
  readonly needs: string;
  readonly pattern: RegExp;
}

const RULES: readonly Rule[] = [
  {
    kind: 'email',
    sign: SIGN.at, needs: '@',
    pattern: /[\p{L}\p{N}][\p{L}\p{N}._%+'-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu,
  },
  { kind: 'link', sign: SIGN.colon, needs: '://', pattern: /\b(?:https?|ftp|file|mailto|tel):\/\/[^\s<>"'`]{2,2000}/g },
  { kind: 'link', sign: SIGN.dot, needs: 'www.', pattern: /\bwww\.[^\s<>"'`]{3,2000}/g },
  { kind: 'link', sign: SIGN.at, needs: '@', pattern: /(?<![\p{L}\p{N}.])@[a-z][a-z0-9_.]{2,30}\b/gu },
  { kind: 'link', sign: SIGN.dot, needs: '.', pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g },
  { kind: 'link', sign: SIGN.colon, needs: ':', pattern: /(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:])/g },
  // github.com/name, example.org/p?id=7: a host with a path
  { kind: 'link', sign: SIGN.slash, needs: '/', pattern: /\b[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){1,4}\/[^\s<>"'`]{1,2000}/g },
]; // prettier-ignore

/**
 * Identifiers that are known by how they are written: e-mail addresses, links, telephone and other numbers, dates, postcodes
 * and streets.
 */
export function findStructured(view: View, { tokens, traits, signs, hasDigit }: Reading): Finding[] {
  const { lower } = view;
  const found: Finding[] = [];
  for (const { kind, sign, needs, pattern } of RULES)
    if ((signs & sign) !== 0 && (needs.length === 1 || lower.includes(needs)))
      for (const { 0: match, index } of matchesOf(lower, pattern))
        found.push({ start: index, end: index + trimEnd(match).length, kind, source: 'form' });
  found.push(...findSpokenEmails(view, (traits & TRAIT.dot) !== 0));
  if ((traits & TRAIT.spoken) !== 0) found.push(...findSpokenNumbers(tokens));
  if (hasDigit || (traits & TRAIT.month) !== 0) found.push(...findDates(view, tokens, hasDigit));
  if (hasDigit || (traits & TRAIT.street) !== 0) found.push(...findPlaces(view, tokens));
  const taken = mergeFindings(found);
  return hasDigit ? [...taken, ...findNumbers(view, tokens, taken)] : taken;
}

/** A link at the end of a sentence does not own its full stop. */
function trimEnd(match: string): string {
  return match.replace(/[.,;:!?)\]]+$/u, '');
}
