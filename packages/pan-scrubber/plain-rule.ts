import { passesLuhn } from './luhn.ts';
import { appendSpans, type Span } from './spans.ts';

/** SEC-007: what this pattern matches and Luhn confirms is redacted, whatever else the number might be. */
// eslint-disable-next-line security/detect-unsafe-regex -- at most 16 rounds, and no two ways to match one text
const plainRule = /\b(?:\d[ -]?){13,16}\b/g;

const SHORTEST_MATCH = 13;

/**
 * The rule's matches that pass Luhn, from the first to the last digit: the separator that the pattern eats behind
 * the number is left in place.
 *
 * @param offset where `text` starts in the scanned input
 */
export function matchPlainRule(text: string, offset: number): Span[] {
  const spans: Span[] = [];
  if (text.length < SHORTEST_MATCH) return spans;
  for (const match of text.matchAll(plainRule)) {
    const matched = match[0];
    if (!passesLuhn(matched)) continue;
    const start = offset + match.index;
    const tail = matched.endsWith(' ') || matched.endsWith('-') ? 1 : 0;
    spans.push({ start, end: start + matched.length - tail, reason: 'plain-rule' });
  }
  return spans;
}

/**
 * The rule once more, on the digits left standing beside a redaction: there the pattern starts afresh, and a second
 * scrub must find nothing new.
 *
 * @param spans merged spans of `text`
 */
export function matchPlainRuleBeside(text: string, spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  spans.forEach((span, index) => {
    const floor = spans[index - 1]?.end ?? 0;
    const ceiling = spans[index + 1]?.start ?? text.length;
    const from = walk(text, span.start, -1, floor);
    const to = walk(text, span.end, 1, ceiling);
    appendSpans(found, matchPlainRule(text.slice(from, span.start), from));
    appendSpans(found, matchPlainRule(text.slice(span.end, to), span.end));
  });
  return found;
}

/** From `at` over digits, blanks and hyphens, and one character further so that `\b` sees its neighbour. */
function walk(text: string, at: number, step: 1 | -1, limit: number): number {
  let position = at;
  while (position !== limit) {
    const next = step === 1 ? position : position - 1;
    position += step;
    if (!isRuleCharacter(text.charCodeAt(next))) break;
  }
  return position;
}

function isRuleCharacter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x20 || code === 0x2d;
}
