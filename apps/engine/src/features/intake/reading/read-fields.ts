import { findFields } from './find-fields.ts';
import type { IntakeFieldName } from './form-fields.ts';
import type { Box, OcrPage } from './ocr-engine.ts';
import { findDoubtfulNumbers } from './doubtful-numbers.ts';
import { layOutRows } from './reading-rows.ts';
import {
  joinWords,
  removeCardNumbers,
  removeWords,
  unscrubbed,
  type ScrubbedPage,
} from './remove-card-numbers.ts';
import type { RawField, RawFields } from './validate-form.ts';

/** Which words of a page may be seen on a kept picture, and which may not. */
export interface PictureBoxes {
  readonly clear: readonly Box[];
  readonly hidden: readonly Box[];
}

export interface ScrubbedReading {
  readonly raw: RawFields;
  readonly numbersRemoved: number;
  /** The page's rows, one line each; of the fields named only the mark is written. */
  writeOut(withheld: ReadonlySet<IntakeFieldName>): string;
  /** By how much the page was turned and enlarged before it was read. */
  readonly placement: { readonly rotationRadians: number; readonly scale: number };
  /** Words read with confidence that held no number, and all the others. */
  boxes(withheld: ReadonlySet<IntakeFieldName>): PictureBoxes;
}

/**
 * One page of OCR output → scrubbed fields. The scrubber comes first, over the engine's own order and over the rows;
 * then runs that were misread; only then are labels looked for; and once more by field, where a number wrapped over
 * two lines of one box comes together.
 */
export function readFields(ocr: OcrPage): ScrubbedReading {
  const rows = layOutRows(ocr);
  const byRow = rows.map((row) => row.flat());
  let scrubbed = removeCardNumbers(unscrubbed(ocr), ocr.lines);
  scrubbed = removeCardNumbers(scrubbed, byRow);
  const doubtful = findDoubtfulNumbers(scrubbed.page, rows);
  scrubbed = removeWords(scrubbed, doubtful);
  const places = findFields(scrubbed.page, rows);
  for (const lines of places.values()) scrubbed = removeCardNumbers(scrubbed, lines);
  const clean = scrubbed;
  return {
    raw: new Map([...places].map(([field, lines]) => [field, rawField(clean, field, lines)])),
    numbersRemoved: clean.numbersRemoved + doubtful.length,
    writeOut(withheld) {
      const hidden = [...withheld].map((field) => places.get(field)?.flat() ?? []);
      return joinWords(removeWords(clean, hidden).page, byRow).text;
    },
    placement: { rotationRadians: ocr.rotationRadians, scale: ocr.scale },
    boxes(withheld) {
      const fields = new Set([...withheld].flatMap((field) => places.get(field)?.flat() ?? []));
      const hides = (index: number): boolean =>
        fields.has(index) || clean.removedFrom.has(index) || !isSure(ocr.words[index]);
      const boxesWhere = (hidden: boolean): Box[] =>
        ocr.words.filter((_, index) => hides(index) === hidden).map((word) => word.box);
      return { clear: boxesWhere(false), hidden: boxesWhere(true) };
    },
  };
}

/** A word with digits may be a part of a misread number: more confidence is asked of it. */
const isSure = (word: OcrPage['words'][number] | undefined): boolean =>
  word !== undefined && word.confidence >= (/\p{N}/u.test(word.text) ? 80 : 60);

/** Box edges and leaders that were read as characters. */
const edgeMarks = /^[\s|_~=—–.,:;[\]{}()!'"-]*$/;

function rawField(
  scrubbed: ScrubbedPage,
  field: IntakeFieldName,
  lines: readonly (readonly number[])[],
): RawField {
  const words = scrubbed.page.words;
  const written = lines
    .map((line) =>
      trimEdges(
        line.filter((index) => (words[index]?.text ?? '') !== ''),
        words,
      ),
    )
    .filter((line) => line.length > 0);
  const texts = written.map((line) => line.map((index) => words[index]?.text ?? '').join(' '));
  const indices = lines.flat();
  const sure = written
    .flat()
    .filter((index) => !scrubbed.removedFrom.has(index))
    .map((index) => words[index]?.confidence ?? 0);
  return {
    text: field === 'address' ? texts.map((line) => line.replace(/,$/, '')).join(', ') : texts.join(' '),
    confidence: Math.min(100, ...sure),
    numberRemoved: indices.some((index) => scrubbed.removedFrom.has(index)),
  };
}

function trimEdges(line: readonly number[], words: OcrPage['words']): readonly number[] {
  const isEdge = (index: number): boolean => edgeMarks.test(words[index]?.text ?? '');
  const start = line.findIndex((index) => !isEdge(index));
  const end = line.findLastIndex((index) => !isEdge(index));
  return start === -1 ? [] : line.slice(start, end + 1);
}
