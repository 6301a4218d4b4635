import { readCluster, readPlainGlyph } from './clusters.ts';
import { DIGIT_KIND, isKnownBreak, Kind, kindOf, WEAK_KIND } from './glyphs.ts';
import { SHORTEST } from './networks.ts';
import { matchPlainRule } from './plain-rule.ts';
import { appendSpans, type Span } from './spans.ts';
import { WindowFinder } from './windows.ts';

/** Between a group of misread digits and the first true digit. */
const LONGEST_PREFIX_GAP = 8;

/**
 * Numbers written with nothing but digits, look-alikes and separators.
 *
 * @param runs a place in each run without breaking letters, ascending
 */
export function scanNumbers(text: string, runs: readonly number[]): Span[] {
  const spans: Span[] = [];
  if (runs.length === 0) return spans;
  const finder = new WindowFinder('network-number');
  let floor = 0;
  for (const place of runs) {
    if (place < floor) continue;
    let start = place;
    while (start > floor && !isKnownBreak(text.charCodeAt(start - 1))) start--;
    let end = place;
    while (end < text.length && !isKnownBreak(text.charCodeAt(end))) end++;
    scanRun(text, start, end, finder, spans);
    floor = end;
  }
  return spans;
}

/** All numbers in a text that is one run, but for a letter at either end. */
export function scanPiece(piece: string): Span[] {
  return piece.length < SHORTEST ? [] : scanNumbers(piece, [0, 1]);
}

/** A run without breaking letters: the plain rule as it stands, then every cluster of digits. */
function scanRun(text: string, from: number, to: number, finder: WindowFinder, spans: Span[]): void {
  if (!holdsEnough(text, from, to)) return;
  let asciiDigits = 0;
  let floor = from;
  for (let at = from; at < to;) {
    const codePoint = text.codePointAt(at) ?? 0;
    if (kindOf(codePoint) < DIGIT_KIND) {
      at += codePoint > 0xffff ? 2 : 1;
      continue;
    }
    const start = findLookalikePrefix(text, at, floor);
    const cluster = readCluster(text, start, readPlainGlyph, finder);
    appendSpans(spans, finder.finish());
    asciiDigits += cluster.end - at;
    floor = at = Math.max(cluster.end, at + 1);
  }
  if (asciiDigits > SHORTEST) {
    const context = Math.max(0, from - 1);
    for (const span of matchPlainRule(text.slice(context, to + 1))) {
      spans.push({ ...span, start: span.start + context, end: span.end + context });
    }
  }
}

/** Cheaply: are there as many digits, look-alikes or characters beyond ASCII as the shortest number has? */
function holdsEnough(text: string, from: number, to: number): boolean {
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || (code > 0x39 && code < 0x41)) continue;
    count++;
    if (count === SHORTEST) return true;
  }
  return false;
}

/**
 * Steps back over letters that OCR may have made of the number's first digits: those glued to its front, and up to
 * two groups of nothing else before.
 */
function findLookalikePrefix(text: string, at: number, floor: number): number {
  let start = stepBack(text, at, floor, isLookalike);
  for (let group = 0; group < 2; group++) {
    const gapEnd = start;
    const end = stepBack(text, gapEnd, Math.max(floor, gapEnd - LONGEST_PREFIX_GAP), isBlank);
    const first = stepBack(text, end, floor, isLookalike);
    const isGlued = first > 0 && kindOf(text.charCodeAt(first - 1)) === Kind.hard;
    if (end === gapEnd || first === end || isGlued) break;
    start = first;
  }
  return start;
}

function stepBack(text: string, from: number, floor: number, accepts: (code: number) => boolean): number {
  let position = from;
  while (position > floor && accepts(text.charCodeAt(position - 1))) position--;
  return position;
}

function isLookalike(code: number): boolean {
  const kind = kindOf(code);
  return kind >= WEAK_KIND && kind < DIGIT_KIND;
}

function isBlank(code: number): boolean {
  const kind = kindOf(code);
  return kind >= Kind.invisible && kind <= Kind.line;
}
