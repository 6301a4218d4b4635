/**
 * What reading a form costs beside bare OCR of the same picture: decoding, straightening, scrubbing, parsing and
 * validation on top, against tesseract.js called on the file with nothing around it. Both are warm; readings
 * alternate, so that a busy machine weighs on both alike; the middle of each is compared.
 */
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createWorker, OEM, PSM } from 'tesseract.js';
import { createFormReader } from '../../apps/engine/src/features/intake/reading/index.ts';
import { loadForm } from '../../testing/forms/cases.ts';
import type { BenchRow } from '../row.ts';
import { measureRecall } from './recall.ts';

const require = createRequire(import.meta.url);
const forms = ['boxed-clean', 'lines-card-in-notes', 'tilted-card-in-margin'] as const;

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** @param options quick: fewer rounds, and 36 rendered pages in place of 216 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  return [...(await measureReading(options.quick === true ? 2 : 7)), ...(await measureRecall(options))];
}

async function measureReading(rounds: number): Promise<BenchRow[]> {
  const reader = createFormReader({ workers: 1 });
  const bare = await createWorker('eng', OEM.LSTM_ONLY, {
    langPath: join(dirname(require.resolve('@tesseract.js-data/eng/package.json')), '4.0.0_best_int'),
    gzip: true,
    cacheMethod: 'none',
  });
  await bare.setParameters({ tessedit_pageseg_mode: PSM.SPARSE_TEXT, user_defined_dpi: '300' });
  const rows: BenchRow[] = [];
  try {
    for (const id of forms) {
      const bytes = await loadForm(id);
      const read = (): Promise<unknown> => reader.read(Buffer.from(bytes));
      const recognise = (): Promise<unknown> => bare.recognize(bytes, {}, { blocks: true });
      await read();
      await recognise();
      const readings: number[] = [];
      const recognitions: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        readings.push(await timed(read));
        recognitions.push(await timed(recognise));
      }
      rows.push({
        name: `intake, one page (${id})`,
        value: middle(readings),
        unit: 'ms',
        baseline: `bare tesseract.js, same file: ${middle(recognitions).toFixed(0)} ms`,
        ratio: middle(readings) / middle(recognitions),
      });
    }
  } finally {
    await Promise.all([reader.close(), bare.terminate()]);
  }
  return rows;
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
