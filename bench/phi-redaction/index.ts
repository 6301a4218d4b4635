import { compileKnown, findIdentifiers } from '@cordon/phi-redaction';
import { makeCorpus, type Labelled } from '../../packages/phi-redaction/testing/corpus.ts';
import { measure, shareOf, sumOf } from '../../packages/phi-redaction/testing/measure.ts';
import { PUBLISHED_SEED, STRUCTURED } from '../../packages/phi-redaction/testing/search-corpus.ts';
import { CORPUS_PARTS } from '../../packages/phi-redaction/testing/words.ts';
import type { BenchRow } from '../row.ts';
import { contenders, type FindRanges } from './contenders.ts';

/** Recall, precision and speed of the detector beside other packages, on messages that the package’s corpus makes. */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const count = options.quick === true ? 240 : 2400;
  // Nobody’s record is known here: the peers take none.
  const messages = CORPUS_PARTS.flatMap((part) => makeCorpus(part, count, PUBLISHED_SEED)).map(
    ({ kind, text, labels }): Labelled => ({
      kind,
      text,
      labels: labels.map((label) => ({ ...label, known: false })),
    }),
  );
  const rows: BenchRow[] = [];
  const own = new Map<string, number>();
  for (const [name, make] of Object.entries(contenders)) {
    let find: FindRanges;
    try {
      find = make();
    } catch {
      rows.push({ name: `${name} is not installed`, value: 0, unit: '', baseline: 'see bench/phi-redaction/contenders.ts', ratio: 1 });
      continue;
    }
    for (const [figure, value] of Object.entries(figuresOf(messages, find))) {
      const baseline = own.get(figure) ?? value;
      own.set(figure, baseline);
      rows.push({ name: `${figure}, ${name}`, value, unit: figure.startsWith('CPU') ? 'µs' : '%', baseline: `phi-redaction (${baseline.toFixed(1)})`, ratio: value / baseline });
    }
    await Promise.resolve();
  }
  return [...rows, measureWithRecord(count, own.get(CPU) ?? 1)];
} // prettier-ignore

const CPU = 'CPU for 1,000 characters';

function figuresOf(messages: readonly Labelled[], find: FindRanges): Record<string, number> {
  const { unknownRecall, precision } = measure(messages, ({ text }) => find(text));
  return {
    'names found': 100 * shareOf(sumOf(unknownRecall, ['name'])),
    'numbers, contacts, dates, postcodes found': 100 * shareOf(sumOf(unknownRecall, STRUCTURED)),
    'streets found': 100 * shareOf(sumOf(unknownRecall, ['street'])),
    'right of what is found': 100 * shareOf(precision),
    [CPU]: microsecondsOf(messages.map(({ text }) => text), find),
  };
} // prettier-ignore

/** The least of three rounds; the first warms up. */
function microsecondsOf(texts: readonly string[], find: FindRanges): number {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  let least = Infinity;
  for (let round = 0; round < 4; round += 1) {
    const before = process.cpuUsage();
    for (const text of texts) find(text);
    least = Math.min(least, process.cpuUsage(before).user);
  }
  return (1000 * least) / characters;
}

function measureWithRecord(count: number, baseline: number): BenchRow {
  const messages = CORPUS_PARTS.flatMap((part) => makeCorpus(part, count, PUBLISHED_SEED));
  const records = new Map(
    messages.map(({ text, record }) => [text, record === undefined ? undefined : compileKnown([record])]),
  );
  const value = microsecondsOf(messages.map(({ text }) => text), (text) => findIdentifiers(text, records.get(text)));
  return { name: `${CPU}, with the patients' records`, value, unit: 'µs', baseline: `without (${baseline.toFixed(1)})`, ratio: value / baseline };
} // prettier-ignore
