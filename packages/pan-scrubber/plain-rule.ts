import { passesLuhn } from './luhn.ts';
import type { Span } from './spans.ts';

/** SEC-007: what this pattern matches and Luhn confirms is redacted, whatever else the number might be. */
// eslint-disable-next-line security/detect-unsafe-regex -- at most 16 rounds, and no two ways to match one text
const plainRule = /\b(?:\d[ -]?){13,16}\b/g;

const SHORTEST_MATCH = 13;

/**
 * The rule's matches that pass Luhn, from the first to the last digit: the separator that the pattern eats behind
 * the number is left in place.
 */
export function matchPlainRule(text: string): Span[] {
  const spans: Span[] = [];
  if (text.length < SHORTEST_MATCH) return spans;
  for (const match of text.matchAll(plainRule)) {
    const matched = match[0];
    if (!passesLuhn(matched)) continue;
    const start = match.index;
    const tail = matched.endsWith(' ') || matched.endsWith('-') ? 1 : 0;
    spans.push({ start, end: start + matched.length - tail, reason: 'plain-rule' });
  }
  return spans;
}

/** What the pattern matches besides its borders. */
export function isRuleCharacter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x20 || code === 0x2d;
}
