/**
 * The thread that reads pages with tesseract.js. The library runs its WebAssembly in a thread of its own below this
 * one and lets that thread's crash surface as an unhandled event: here such a crash ends this thread, not the engine.
 * Offline: language data come from the package, nothing is cached, and the page is handed over as uncompressed PGM in
 * the library's in-memory file system.
 */
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js';
import { limits } from './limits.ts';
import type { OcrPage, OcrWord } from './ocr-engine.ts';
import { wipe, type PageImage } from './page-image.ts';
import { preparePage } from './preparing/index.ts';

const require = createRequire(import.meta.url);
const languageData = join(dirname(require.resolve('@tesseract.js-data/eng/package.json')), '4.0.0_best_int');

async function start(): Promise<Worker> {
  const worker = await createWorker('eng', OEM.LSTM_ONLY, {
    langPath: languageData,
    gzip: true,
    cacheMethod: 'none',
    // Without it a refusal inside the library is thrown where nobody can catch it.
    errorHandler: () => undefined,
  });
  await worker.setParameters({
    // Sparse text: the modes that look for columns put every label before every value, or lose boxed fields whole.
    tessedit_pageseg_mode: PSM.SPARSE_TEXT,
    // A picture without a resolution is taken for 70 dpi, and text in boxes then for a drawing: a fifth of the words
    // of a boxed form was lost. From 150 to 400 the value makes no difference.
    user_defined_dpi: '300',
    debug_file: '/dev/null',
  });
  return worker;
}

async function read(worker: Worker, page: PageImage): Promise<OcrPage> {
  const { image, rotationRadians, scale } = preparePage(page);
  const header = Buffer.from(`P5\n${image.width} ${image.height}\n255\n`, 'latin1');
  const pgm = Buffer.concat([header, image.pixels]);
  wipe(image.pixels);
  try {
    const { data } = await worker.recognize(pgm, {}, { blocks: true, text: false });
    const lines = (data.blocks ?? []).flatMap((block) =>
      block.paragraphs.flatMap((paragraph) => paragraph.lines),
    );
    const words: OcrWord[] = [];
    const indices: number[][] = [];
    for (const line of lines) {
      const kept = line.words.slice(0, Math.max(0, limits.wordsPerPage - words.length));
      indices.push(kept.map((_, offset) => words.length + offset));
      for (const { text, confidence, bbox } of kept) {
        words.push({
          text,
          confidence,
          box: { left: bbox.x0, top: bbox.y0, right: bbox.x1, bottom: bbox.y1 },
        });
      }
    }
    const text = indices.map((line) => line.map((index) => words[index]?.text ?? '').join(' ')).join('\n');
    return { words, lines: indices, text, rotationRadians, scale };
  } finally {
    wipe(pgm);
    await worker.FS('unlink', ['/input']);
  }
}

let worker: Promise<Worker> | undefined;
parentPort?.on('message', (image: PageImage) => {
  worker ??= start();
  worker
    .then((started) => read(started, image))
    .then((page) => parentPort?.postMessage(page))
    .catch((error: unknown) => {
      // Ends the thread; the caller reports that the reader failed.
      throw error;
    });
});
