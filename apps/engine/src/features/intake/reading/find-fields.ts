import type { IntakeFieldName } from './form-fields.ts';
import { endsLabel, findLabel, longestLabel, type LabelMeaning } from './form-labels.ts';
import type { Box, OcrPage } from './ocr-engine.ts';
import { boxAround, boxesOf, textHeight, type Row, type Segment } from './reading-rows.ts';

/** Where a field's value stands: one list of word indices for each written line. */
export type FieldPlaces = ReadonlyMap<IntakeFieldName, readonly Segment[]>;

const oneLineFields: ReadonlySet<LabelMeaning> = new Set<LabelMeaning>(['fullName', 'dateOfBirth', 'postcode', 'phone', 'email', 'nhsNumber', 'elsewhere']); // prettier-ignore

/** A further line of a value starts at most this many text heights below the line before. */
const lineSpacing = 1.4;
/** A value may start this many text heights to the left of its label or of its first line. */
const indent = 1.5;
const longestValueLines = 12;

interface PlacedLabel {
  readonly meaning: LabelMeaning;
  readonly row: number;
  readonly box: Box;
  readonly rest: Segment;
}
interface PlacedSegment {
  readonly row: number;
  readonly words: Segment;
  readonly box: Box;
}

/**
 * Label → value over reading rows. A value stands behind its label on the same row, or else under it down to the next
 * label of that column; values of more than one line go on below. The first filled place of a field counts.
 * Looks at scrubbed words only.
 */
export function findFields(page: OcrPage, rows: readonly Row[]): FieldPlaces {
  const usual = textHeight(page);
  const { labels, segments } = sortSegments(page, rows);
  const found = new Map<IntakeFieldName, readonly Segment[]>();
  for (const label of labels) {
    if (label.meaning === 'elsewhere') continue;
    const already = found.get(label.meaning);
    if (already && already.length > 0) continue;
    found.set(label.meaning, valueOf(page, label, labels, segments, usual));
  }
  return found;
}

function sortSegments(
  page: OcrPage,
  rows: readonly Row[],
): { labels: PlacedLabel[]; segments: PlacedSegment[] } {
  const labels: PlacedLabel[] = [];
  const segments: PlacedSegment[] = [];
  rows.forEach((row, rowIndex) => {
    for (const segment of row) {
      // Two labels may stand in one segment ("Postcode: … Phone: …"): each begins a part of it.
      for (const part of splitAtLabels(page, segment)) {
        const words = part.words.filter((index) => (page.words[index]?.text ?? '') !== '');
        if (words.length === 0) continue;
        const box = boxAround(boxesOf(page, words));
        if (part.meaning === null) segments.push({ row: rowIndex, words, box });
        else labels.push({ meaning: part.meaning, row: rowIndex, box, rest: words.slice(part.labelWords) });
      }
    }
  });
  return { labels, segments };
}

function splitAtLabels(
  page: OcrPage,
  segment: Segment,
): { meaning: LabelMeaning | null; labelWords: number; words: number[] }[] {
  const parts: { meaning: LabelMeaning | null; labelWords: number; words: number[] }[] = [];
  let at = 0;
  while (at < segment.length) {
    const texts = segment.slice(at, at + longestLabel).map((index) => page.words[index]?.text ?? '');
    // Past the start of a segment only a label with its colon counts: prose may hold the words.
    const label = at === 0 || texts.some((text) => endsLabel(text)) ? findLabel(texts) : null;
    const counts = label && (at === 0 || endsLabel(texts[label.words - 1] ?? ''));
    const taken = counts ? label.words : 1;
    const words = segment.slice(at, at + taken);
    if (counts) parts.push({ meaning: label.meaning, labelWords: taken, words });
    else if (parts.length === 0) parts.push({ meaning: null, labelWords: 0, words });
    else parts.at(-1)?.words.push(...words);
    at += taken;
  }
  return parts;
}

function valueOf(
  page: OcrPage,
  label: PlacedLabel,
  labels: readonly PlacedLabel[],
  segments: readonly PlacedSegment[],
  usual: number,
): Segment[] {
  const nextLabel = labels
    .filter((other) => other.row === label.row && other.box.left > label.box.left)
    .reduce((nearest, other) => Math.min(nearest, other.box.left), Number.POSITIVE_INFINITY);
  const behind = segments.filter(
    (segment) =>
      segment.row === label.row && segment.box.left > label.box.left && segment.box.left < nextLabel,
  );
  const sameRow = [...label.rest, ...behind.flatMap((segment) => segment.words)];

  const lines: Segment[] = sameRow.length > 0 ? [sameRow] : [];
  const columnBox = sameRow.length > 0 ? boxAround(boxesOf(page, sameRow)) : label.box;
  const columnLeft = columnBox.left - usual * indent;
  const columnRight = nextLabel - usual * 0.5;
  const inColumn = (box: Box): boolean => box.left >= columnLeft && box.left < columnRight;
  const mostLines = oneLineFields.has(label.meaning) ? 1 : longestValueLines;

  const stop = labels
    .filter(
      (other) =>
        other.row > label.row &&
        other.box.left < columnRight &&
        (other.box.right > columnLeft || sameRow.length > 0),
    )
    .reduce((nearest, other) => Math.min(nearest, other.row), Number.POSITIVE_INFINITY);
  let bottom = columnBox.bottom;
  const below = segments.filter(
    (segment) => segment.row > label.row && segment.row < stop && inColumn(segment.box),
  );
  for (const row of new Set(below.map((segment) => segment.row))) {
    if (lines.length >= mostLines) break;
    const line = below.filter((segment) => segment.row === row);
    const box = boxAround(line.map((segment) => segment.box));
    if (box.top - bottom > usual * lineSpacing) break;
    lines.push(line.flatMap((segment) => segment.words));
    bottom = box.bottom;
  }
  return lines;
}
