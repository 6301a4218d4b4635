import type { Box, OcrPage } from './ocr-engine.ts';

/** Words that stand together, as indices into the page's words, left to right. */
export type Segment = readonly number[];
/** Segments on one height of the page, left to right, apart by more than a word space. */
export type Row = readonly Segment[];

/** A gap wider than this many text heights separates two segments. */
const segmentGap = 1.2;
/** Marks lower than this share of the text height are dots, dashes and rules. */
const ruleHeight = 0.3;
/** Rules are read with less confidence than this. */
const ruleConfidence = 60;

const heightOf = (box: Box): number => box.bottom - box.top;
const centreOf = (box: Box): number => (box.top + box.bottom) / 2;

export function boxAround(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

/** The usual height of a word on the page, in pixels. */
export function textHeight(page: OcrPage): number {
  const heights = page.words
    .filter((word) => word.confidence >= ruleConfidence)
    .map((word) => heightOf(word.box))
    .sort((a, b) => a - b);
  return heights[Math.floor(heights.length / 2)] ?? 1;
}

/**
 * Reading rows from word boxes: sparse text arrives as loose pieces, label and value apart. Pieces on one height make
 * a row, rows run from top to bottom. Dotted and solid rules that were read as words are left out.
 */
export function layOutRows(page: OcrPage): Row[] {
  const usual = textHeight(page);
  const isRule = (index: number): boolean => {
    const word = page.words[index];
    return !word || (heightOf(word.box) < usual * ruleHeight && word.confidence < ruleConfidence);
  };
  const pieces = page.lines.flatMap((line) => {
    const rules = line.filter(isRule).length;
    const unsure = line.every((index) => (page.words[index]?.confidence ?? 0) < ruleConfidence);
    // A line of dots is read as a line of letters: some tiny, the rest of a made-up height, none with confidence.
    const written =
      unsure && rules * 4 >= line.length && rules > 0 ? [] : line.filter((index) => !isRule(index));
    return written.length === 0 ? [] : [{ written, box: boxAround(boxesOf(page, written)) }];
  });

  const rows: { words: number[]; centre: number; height: number }[] = [];
  for (const { written, box } of pieces.sort((a, b) => centreOf(a.box) - centreOf(b.box))) {
    const centre = centreOf(box);
    const last = rows.at(-1);
    if (
      last &&
      Math.abs(centre - last.centre) <= 0.5 * Math.max(last.height, Math.min(heightOf(box), 2 * usual))
    ) {
      last.words.push(...written);
    } else {
      rows.push({ words: [...written], centre, height: Math.min(heightOf(box), 2 * usual) });
    }
  }
  return rows.map(({ words }) => splitAtGaps(page, words, usual));
}

export const boxesOf = (page: OcrPage, indices: readonly number[]): Box[] =>
  indices.flatMap((index) => page.words[index]?.box ?? []);

function splitAtGaps(page: OcrPage, words: readonly number[], usual: number): Row {
  const left = (index: number): number => page.words[index]?.box.left ?? 0;
  const segments: number[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const index of words.toSorted((a, b) => left(a) - left(b))) {
    if (left(index) - end > usual * segmentGap) segments.push([]);
    segments.at(-1)?.push(index);
    end = Math.max(end, page.words[index]?.box.right ?? 0);
  }
  return segments;
}
