import { Kind, WIDE_GAP } from './glyphs.ts';
import { readsAsMeasurements } from './measurements.ts';
import { isOneByOne, type WindowShape } from './window-shape.ts';

/** `strong`: redact. `faint`: redact unless it overlaps a strong one. */
export type Verdict = 'strong' | 'faint' | 'reject';

/** Where cards are grouped in print: after these counts of digits, all or some of them. */
const printedCuts: Readonly<Record<number, readonly (readonly number[])[]>> = {
  12: [[4, 8]],
  13: [
    [4, 8, 12],
    [4, 7, 10],
  ],
  14: [
    [4, 10],
    [4, 8, 12],
  ],
  15: [
    [4, 10],
    [4, 8, 12],
  ],
  16: [[4, 8, 12]],
  17: [[4, 8, 12, 16]],
  18: [[4, 8, 12, 16], [6]],
  19: [[4, 8, 12, 16], [6]],
};

/**
 * Does anyone write a card number like this? Ten per cent of all digit strings pass Luhn, so lists of measurements
 * would lose numbers if every grouping counted.
 */
export function judgeShape(window: WindowShape): Verdict {
  const length = window.digits.length;
  const cuts = visibleCuts(window.gaps);
  // Padding stands before a whole number, not before a group.
  if (window.behindZeros && cuts.length > 0) return 'reject';
  // Letters for digits only in a number that is mostly digits.
  if (window.weakDigits * 2 > length) return 'reject';
  const oneByOne = isOneByOne(window.gaps);
  const printed = isPrinted(length, cuts);
  // "so 4111" may begin with a word; where print has a short group, or with one gap only, it is part of the number.
  if (window.edgeInShortWord && !oneByOne && !printed && cuts.length > 1) return 'reject';
  if (printed) return window.rank === 'common' ? 'strong' : 'faint';
  return acceptsGrouping(window, cuts, oneByOne) ? 'faint' : 'reject';
}

function visibleCuts(gaps: readonly number[]): number[] {
  const cuts: number[] = [];
  for (let at = 1; at < gaps.length; at++) if ((gaps[at] ?? 0) > Kind.invisible) cuts.push(at);
  return cuts;
}

function isPrinted(length: number, cuts: readonly number[]): boolean {
  return printedCuts[length]?.some((pattern) => cuts.every((cut) => pattern.includes(cut))) ?? false;
}

function acceptsGrouping(window: WindowShape, cuts: readonly number[], oneByOne: boolean): boolean {
  const kinds = new Set(cuts.map((cut) => (window.gaps[cut] ?? 0) % WIDE_GAP));
  if (kinds.has(Kind.cell) || kinds.has(Kind.field)) {
    // A list of one-digit decimals has two kinds of gaps as well.
    if (oneByOne && (kinds.size === 1 || !readsAsMeasurements(window))) return true;
    return isThousands(window, cuts, kinds) || isTorn(window, cuts);
  }
  if (readsAsMeasurements(window)) return false;
  if (oneByOne) return true;
  if (cuts.length > 3 && window.weakDigits * 4 > window.digits.length) return false;
  return window.rank === 'common' || cuts.length <= 2;
}

/** As spreadsheets write large numbers: "4,111,111,111,111,111". No list of numbers keeps to that by chance. */
function isThousands(window: WindowShape, cuts: readonly number[], kinds: ReadonlySet<number>): boolean {
  const length = window.digits.length;
  const isNarrow = cuts.every((cut) => window.gaps[cut] === Kind.cell);
  return (
    kinds.size === 1 &&
    isNarrow &&
    cuts.length > 2 &&
    cuts.every((cut, at) => length - cut === 3 * (cuts.length - at))
  );
}

/**
 * One number over two cells or two fields, torn at any place, and otherwise as it is printed. Cells must each hold a
 * good part of it. Over three fields the parts must be as large as printed groups.
 */
function isTorn(window: WindowShape, cuts: readonly number[]): boolean {
  if (window.rank !== 'common') return false;
  const length = window.digits.length;
  const torn = cuts.filter((cut) => (window.gaps[cut] ?? 0) % WIDE_GAP >= Kind.cell);
  const others = cuts.filter((cut) => !torn.includes(cut));
  if (!isPrinted(length, others)) return false;
  const isField = torn.every((cut) => (window.gaps[cut] ?? 0) % WIDE_GAP === Kind.field);
  const smallest = Math.min(...[...torn, length].map((cut, i) => cut - (torn[i - 1] ?? 0)));
  return torn.length === 1 ? isField || smallest >= 4 : isField && torn.length === 2 && smallest >= 4;
}
