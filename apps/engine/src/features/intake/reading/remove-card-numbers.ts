import { scrub } from '@cordon/pan-scrubber';
import { redactionMark } from './form-fields.ts';
import type { OcrPage } from './ocr-engine.ts';

/** An order in which a page's words can be read: lines of word indices. */
export type ReadingOrder = readonly (readonly number[])[];

/** A page whose words have passed the scrubber. Words that held digits of a number hold the mark, or nothing. */
export interface ScrubbedPage {
  readonly page: OcrPage;
  readonly numbersRemoved: number;
  /** Words whose digits were removed: their boxes are what a kept picture must black out. */
  readonly removedFrom: ReadonlySet<number>;
}

export const unscrubbed = (page: OcrPage): ScrubbedPage => ({
  page,
  numbersRemoved: 0,
  removedFrom: new Set(),
});

/**
 * Scrubs the page's words as read in one order and carries each finding back to the words it covers. A page is
 * scrubbed in several orders (the engine's own, by rows, by field), since a number may be whole in one of them only.
 */
export function removeCardNumbers(before: ScrubbedPage, order: ReadingOrder): ScrubbedPage {
  const { text, places } = joinWords(before.page, order);
  const { findings } = scrub(text);
  if (findings.length === 0) return before;
  const words = [...before.page.words];
  const removedFrom = new Set(before.removedFrom);
  for (const { start, end } of findings) {
    let marked = false;
    // From the back: cutting a word's end leaves the positions before it true.
    for (const place of places.filter((word) => word.start < end && word.end > start)) {
      const word = words[place.index];
      if (!word) continue;
      const original = text.slice(place.start, place.end);
      const from = Math.max(start, place.start) - place.start;
      const to = Math.min(end, place.end) - place.start;
      const cut = word.text === original ? word.text : null;
      // A word touched by two findings is given up whole.
      const rest = cut === null ? ['', ''] : [cut.slice(0, from), cut.slice(to)];
      words[place.index] = {
        ...word,
        text: `${rest[0] ?? ''}${marked ? '' : redactionMark}${rest[1] ?? ''}`,
      };
      removedFrom.add(place.index);
      marked = true;
    }
  }
  return withWords(before, words, removedFrom, findings.length);
}

/** Replaces whole words by one mark, as when a number was there but not read well enough to be told. */
export function removeWords(before: ScrubbedPage, runs: readonly (readonly number[])[]): ScrubbedPage {
  if (runs.length === 0) return before;
  const words = [...before.page.words];
  const removedFrom = new Set(before.removedFrom);
  for (const run of runs) {
    run.forEach((index, position) => {
      const word = words[index];
      if (word) words[index] = { ...word, text: position === 0 ? redactionMark : '' };
      removedFrom.add(index);
    });
  }
  return withWords(before, words, removedFrom, 0);
}

function withWords(
  before: ScrubbedPage,
  words: OcrPage['words'],
  removedFrom: ReadonlySet<number>,
  added: number,
): ScrubbedPage {
  const text = before.page.lines
    .map((line) => line.map((index) => words[index]?.text ?? '').join(' '))
    .join('\n');
  return {
    page: { ...before.page, words, text },
    numbersRemoved: before.numbersRemoved + added,
    removedFrom,
  };
}

/** The words of an order as one text, and where each stands in it. Empty words leave no space behind. */
export function joinWords(
  page: OcrPage,
  order: ReadingOrder,
): { text: string; places: { index: number; start: number; end: number }[] } {
  const places: { index: number; start: number; end: number }[] = [];
  let text = '';
  for (const line of order) {
    if (text !== '') text += '\n';
    let first = true;
    for (const index of line) {
      const word = page.words[index]?.text ?? '';
      if (word === '') continue;
      if (!first) text += ' ';
      first = false;
      places.push({ index, start: text.length, end: text.length + word.length });
      text += word;
    }
  }
  return { text, places };
}
