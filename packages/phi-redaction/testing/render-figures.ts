import { shareOf, sumOf, type Count, type Measured } from './measure.ts';
import { measureDetector, PUBLISHED_SEED, STRUCTURED } from './search-corpus.ts';
import { LABEL_TYPES } from './slots.ts';
import { CORPUS_PARTS, type CorpusPart } from './words.ts';

/** The tables of docs/ai-detection.md, as the detector of this commit earns them. */
export function renderFigures(): string {
  const measured = CORPUS_PARTS.map((part) => ({ part, figures: measureDetector(part, PUBLISHED_SEED) }));
  return [
    renderTable(
      ['part', 'known to the record', 'form: numbers, contacts, dates, postcodes', 'names of strangers', 'right of what is found', 'the same in letters'],
      measured.map(({ part, figures }) => summarise(part, figures)),
    ),
    ...measured.flatMap(({ part, figures }) => [
      '',
      `### By type, ${part} part`,
      '',
      renderTable(['type', 'known to the record', 'unknown'], LABEL_TYPES.map((type) => [type, show(figures.knownRecall.get(type)), show(figures.unknownRecall.get(type))])),
      '',
      renderTable(['found as', 'right'], [...figures.precisionByKind].toSorted(([a], [b]) => a.localeCompare(b)).map(([kind, count]) => [`\`${kind}\``, show(count)])),
    ]),
  ].join('\n');
} // prettier-ignore

function summarise(part: CorpusPart, figures: Measured): string[] {
  return [
    part,
    show(sumOf(figures.knownRecall)),
    show(sumOf(figures.unknownRecall, STRUCTURED)),
    show(figures.unknownRecall.get('name')),
    show(figures.precision),
    show(figures.characterPrecision),
  ];
}

function show(count: Count | undefined): string {
  if (count === undefined || count.all === 0) return '–';
  return `${(shareOf(count) * 100).toFixed(1)} % of ${String(count.all)}`;
}

/** Columns of one width, as the formatter leaves them. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
