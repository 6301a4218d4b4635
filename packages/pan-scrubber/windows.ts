import { Kind } from './glyphs.ts';
import { doubleDigit } from './luhn.ts';
import { lengthsBehind, LONGEST, rankLength, SHORTEST } from './networks.ts';
import { judgeShape } from './shapes.ts';
import { mergeSpans, type FindingReason, type Span } from './spans.ts';
import type { WindowShape } from './window-shape.ts';

const CAPACITY = 256;
const EDGE = 1;
const WEAK = 2;
const NO_WORD_EDGE = 4;
/** Nothing but zeros before it in its solid run: a number padded to a length may begin here. */
const PADDED = 32;
const STYLE_SHIFT = 3;

/** How a digit is written. Where that changes, one number may end and another begin. */
export const Style = { ascii: 0, otherScript: 1, escaped: 2 } as const;

export interface Digit {
  value: number;
  /** Where the digit stands in the text, escapes and marks included. */
  start: number;
  end: number;
  /** Kind of the separators before it (`WIDE_GAP` added for a run), 0 where none stand. */
  gap: number;
  /** A letter read as a digit. */
  weak: boolean;
  /** One of {@link Style}. */
  style: number;
  /** Part of a short word of such letters only ("so", "I"): no number starts or ends there. */
  inShortWord: boolean;
}

/**
 * Takes the digits of one cluster (digits with nothing but separators between them) and finds the windows in it that
 * are card numbers: a network's prefix and length, Luhn, and a shape that people and machines write. Windows start
 * and end at group edges; a solid run is taken whole or not at all. Memory is constant but for the findings.
 */
export class WindowFinder {
  private readonly values = new Uint8Array(CAPACITY);
  private readonly starts = new Int32Array(CAPACITY);
  private readonly ends = new Int32Array(CAPACITY);
  private readonly gaps = new Uint8Array(CAPACITY);
  private readonly flags = new Uint8Array(CAPACITY);
  private readonly reason: FindingReason;
  private count = 0;
  private seen = 0;
  /** Nothing but zeros so far in the solid run that the last digit belongs to. */
  private padded = false;
  private strong: Span[] = [];
  private faint: Span[] = [];

  constructor(reason: FindingReason) {
    this.reason = reason;
  }

  push(digit: Digit): void {
    if (this.count === CAPACITY) this.shift();
    const at = this.count++;
    this.seen++;
    this.values[at] = digit.value;
    this.starts[at] = digit.start;
    this.ends[at] = digit.end;
    this.gaps[at] = digit.gap;
    const style = (digit.weak ? WEAK : 0) | (digit.style << STYLE_SHIFT);
    const follows =
      at > 0 && digit.gap === 0 && (this.flagsAt(at - 1) & ~(EDGE | NO_WORD_EDGE | PADDED)) === style;
    // A number padded with zeros begins behind them; no card begins with one.
    const isPadded = follows && this.padded;
    this.padded = (!follows || isPadded) && digit.value === 0;
    this.flags[at] =
      (follows ? 0 : EDGE) | (isPadded ? PADDED : 0) | style | (digit.inShortWord ? NO_WORD_EDGE : 0);
  }

  /** Ends the cluster: its findings, merged, and an empty finder for the next. */
  finish(): Span[] {
    if (this.seen >= SHORTEST) this.search(this.count);
    const { strong, faint } = this;
    this.count = 0;
    this.seen = 0;
    if (strong.length === 0 && faint.length === 0) return [];
    this.strong = [];
    this.faint = [];
    const certain = mergeSpans(strong);
    return mergeSpans([...certain, ...dropOverlapping(faint, certain)]);
  }

  /** Searches what can no longer change, and keeps the digits that windows may still grow over. */
  private shift(): void {
    const keepFrom = CAPACITY - LONGEST - 1;
    this.search(keepFrom);
    for (const column of [this.values, this.starts, this.ends, this.gaps, this.flags]) {
      column.copyWithin(0, keepFrom, CAPACITY);
    }
    this.count = CAPACITY - keepFrom;
  }

  private search(until: number): void {
    for (let start = 0; start < until; start++) {
      if ((this.flagsAt(start) & (EDGE | PADDED)) === 0) continue;
      if (start + SHORTEST > this.count) return;
      const lengths = lengthsBehind(this.firstFour(start));
      if (lengths !== 0) this.searchFrom(start, lengths);
    }
  }

  /** Every end edge from `start` on, with the Luhn sums of both parities carried along. */
  private searchFrom(start: number, lengths: number): void {
    let evenDoubled = 0;
    let oddDoubled = 0;
    const last = Math.min(start + LONGEST, this.count) - 1;
    for (let at = start; at <= last; at++) {
      const digit = this.values[at] ?? 0;
      const isEven = ((at - start) & 1) === 0;
      evenDoubled += isEven ? doubleDigit(digit) : digit;
      oddDoubled += isEven ? digit : doubleDigit(digit);
      const length = at - start + 1;
      if (length < SHORTEST) continue;
      const sum = (length & 1) === 0 ? evenDoubled : oddDoubled;
      const isEnd = at + 1 === this.count || (this.flagsAt(at + 1) & EDGE) !== 0;
      if (sum % 10 !== 0 || !isEnd) continue;
      const rank = rankLength(lengths, length);
      if (rank !== 'none') this.judge(start, at, rank);
    }
  }

  private judge(first: number, last: number, rank: 'common' | 'rare'): void {
    const verdict = judgeShape(this.describe(first, last, rank));
    if (verdict === 'reject') return;
    const span = { start: this.starts[first] ?? 0, end: this.ends[last] ?? 0, reason: this.reason };
    const isCertain = verdict === 'strong' && !this.isInsideWord(first) && !this.isInsideWord(last + 1);
    (isCertain ? this.strong : this.faint).push(span);
  }

  /** Nothing visible stands before the digit at `at`, but others do: an edge all the same, but a doubtful one. */
  private isInsideWord(at: number): boolean {
    const isFirst = at === 0 && this.seen === this.count;
    return !isFirst && at < this.count && (this.gaps[at] ?? 0) <= Kind.invisible;
  }

  private describe(first: number, last: number, rank: 'common' | 'rare'): WindowShape {
    const digits: number[] = [];
    const gaps: number[] = [];
    let weakDigits = 0;
    for (let at = first; at <= last; at++) {
      digits.push(this.values[at] ?? 0);
      gaps.push(this.gaps[at] ?? 0);
      if ((this.flagsAt(at) & WEAK) !== 0) weakDigits++;
    }
    const edgeInShortWord = ((this.flagsAt(first) | this.flagsAt(last)) & NO_WORD_EDGE) !== 0;
    const behindZeros = (this.flagsAt(first) & PADDED) !== 0;
    return { rank, digits, gaps, weakDigits, edgeInShortWord, behindZeros };
  }

  private firstFour(at: number): number {
    const { values } = this;
    return (
      (values[at] ?? 0) * 1000 +
      (values[at + 1] ?? 0) * 100 +
      (values[at + 2] ?? 0) * 10 +
      (values[at + 3] ?? 0)
    );
  }

  private flagsAt(at: number): number {
    return this.flags[at] ?? 0;
  }
}

/** Weaker findings give way to stronger ones: an expiry beside a card is not part of a longer card. */
function dropOverlapping(spans: readonly Span[], certain: readonly Span[]): Span[] {
  let index = 0;
  return spans.filter((span) => {
    while ((certain[index]?.end ?? Infinity) <= span.start) index++;
    const next = certain[index];
    return next === undefined || next.start >= span.end;
  });
}
