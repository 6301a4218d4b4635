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
import { preparePage, turnPage, type PreparedPage } from './preparing/index.ts';
import type { TesseractRequest } from './tesseract-engine.ts';

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
    // A picture without a resolution is taken for 70 dpi, and text in boxes then for a drawing: a fifth of the words
    // of a boxed form was lost. From 150 to 400 the value makes no difference.
    user_defined_dpi: '300',
    debug_file: '/dev/null',
  });
  return worker;
}

/**
 * Sparse text to read a form: the modes that look for columns put every label before every value, or lose boxed fields
 * whole. To look a second time, the mode that looks for columns.
 */
const pageModes = { read: PSM.SPARSE_TEXT, check: PSM.AUTO } as const;
const checkScale = 0.75;

function shrink(page: PageImage): PreparedPage {
  const image = turnPage(page, 0, checkScale);
  wipe(page.pixels);
  return { image, rotationRadians: 0, scale: checkScale };
}

async function read(worker: Worker, { image: page, manner }: TesseractRequest): Promise<OcrPage> {
  const { image, rotationRadians, scale } = manner === 'read' ? preparePage(page) : shrink(page);
  await worker.setParameters({ tessedit_pageseg_mode: pageModes[manner] });
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
parentPort?.on('message', (request: TesseractRequest) => {
  worker ??= start();
  worker
    .then((started) => read(started, request))
    .then((page) => parentPort?.postMessage(page))
    .catch((error: unknown) => {
      // Ends the thread; the caller reports that the reader failed.
      throw error;
    });
});
