import { openView } from './view.ts';

/** Half-open, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The end of one text and the beginning of the next, or several short ones, as one. */
export interface Seamed {
  readonly text: string;
  readonly lower: string;
  /** Where a piece ends and the next begins, ascending. */
  readonly seams: readonly number[];
  readonly pieces: readonly Piece[];
}

/** A part of a text, and where it stands in the whole. */
export interface Piece {
  /** Which text. */
  readonly index: number;
  /** Where the piece begins in its text. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/** How two texts are put together: as they stand, or as two words with whatever marks their edges left out. */
export type Joint = 'glued' | 'spaced';

/** Farther from a seam nothing of what crosses it stands. */
export const REACH = 48;
/** So long a whole is searched at once. */
const MOST = 1000;

const EDGE_BEHIND = /[\s.,;:…–-]{1,20}$/u;
const EDGE_BEFORE = /^[\s.,;:…–-]{1,20}/u;

/**
 * @param order indices of texts in the order in which they are read
 * @param first the seam between `order[first]` and the text behind it is the first, `last` the last
 */
export function joinTexts(
  texts: readonly string[],
  order: readonly number[],
  seam: { readonly first: number; readonly last: number },
  joint: Joint,
): Seamed {
  let [from, to] = [seam.first, seam.last + 1];
  for (let room = REACH - lengthAt(texts, order, from); from > 0 && room > 0; room -= lengthAt(texts, order, from)) from -= 1;
  for (let room = REACH - lengthAt(texts, order, to); to < order.length - 1 && room > 0; room -= lengthAt(texts, order, to)) to += 1;
  let text = '';
  const pieces: Piece[] = [];
  for (let place = from; place <= to; place += 1) {
    const index = order[place] ?? -1;
    const whole = texts[index] ?? '';
    let start = place === from ? Math.max(0, whole.length - REACH) : 0;
    let end = place === to ? Math.min(whole.length, REACH) : whole.length;
    if (joint === 'spaced' && place > from) start += EDGE_BEFORE.exec(whole)?.[0].length ?? 0;
    if (joint === 'spaced' && place < to) end -= EDGE_BEHIND.exec(whole)?.[0].length ?? 0;
    if (start >= end) continue;
    if (joint === 'spaced' && text !== '') text += ' ';
    pieces.push({ index, from: start, start: text.length, end: text.length + end - start });
    text += whole.slice(start, end);
  }
  const { lower } = openView(text);
  return { text, lower: lower.length === text.length ? lower : text, seams: pieces.slice(1).map(({ start }) => start), pieces };
} // prettier-ignore

const lengthAt = (texts: readonly string[], order: readonly number[], place: number): number =>
  texts[order[place] ?? -1]?.length ?? 0;

/** Seams that are searched together, and how: `first` and `last` count the texts before them. */
export interface SeamGroup {
  readonly first: number;
  readonly last: number;
  /** Bits of `READ`. */
  readonly how: number;
}

/**
 * Of the seams at which something may go on, those together that texts of no more than twice the reach lie between.
 * @param howAt bits of `READ` for the seam behind a place of the order
 */
export function groupSeams(
  texts: readonly string[],
  order: readonly number[],
  howAt: (place: number) => number,
): SeamGroup[] {
  const groups: { first: number; last: number; how: number; length: number }[] = [];
  for (let place = 0; place < order.length - 1; place += 1) {
    const how = howAt(place);
    if (how === 0) continue;
    const group = groups.at(-1);
    const between = lengthAt(texts, order, place);
    if (group?.last === place - 1 && between <= 2 * REACH && group.length + between < MOST) {
      group.last = place;
      group.length += between;
      group.how |= how;
    } else groups.push({ first: place, last: place, how, length: 0 });
  }
  return groups;
}
