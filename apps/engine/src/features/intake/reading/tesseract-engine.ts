import { AdmissionGate } from './admission-gate.ts';
import { limits } from './limits.ts';
import type { OcrEngine, OcrPage, ReadingManner } from './ocr-engine.ts';
import type { PageImage } from './page-image.ts';
import { ThreadCaller } from './thread-caller.ts';

const noText: OcrPage = { words: [], lines: [], text: '', rotationRadians: 0, scale: 1 };

/** Tesseract refuses pictures of a few pixels; nothing can be written on them. */
const smallestSide = 40;

export interface TesseractOptions {
  /** Threads that read at the same time, each about 150 MB. */
  readonly workers?: number;
  /** Pages that may wait for one of them. */
  readonly waitingPages?: number;
  readonly pageTimeLimitMs?: number;
}

/** What one thread is asked. */
export interface TesseractRequest {
  readonly image: PageImage;
  readonly manner: ReadingManner;
}

/** tesseract.js on worker threads, started when the first page comes. */
export function createTesseractEngine(options: TesseractOptions = {}): OcrEngine {
  const { workers = 1, waitingPages = 16, pageTimeLimitMs = limits.readPageMs } = options;
  const threads = Array.from(
    { length: workers },
    () => new ThreadCaller<TesseractRequest, OcrPage>(new URL('./tesseract-thread.ts', import.meta.url)),
  );
  const idle = [...threads];
  const gate = new AdmissionGate(workers, waitingPages, 5);

  const closing = new AbortController();

  return {
    async readPage(image, signal, manner = 'read') {
      const stop = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);
      if (Math.min(image.width, image.height) < smallestSide) return noText;
      const leave = await gate.enter(stop);
      const thread = idle.pop();
      try {
        if (!thread) throw new Error('The gate admitted more pages than there are threads.');
        return await thread.call({ image, manner }, [image.pixels.buffer], {
          timeLimitMs: pageTimeLimitMs,
          signal: stop,
        });
      } finally {
        if (thread) idle.push(thread);
        leave();
      }
    },
    async close() {
      closing.abort();
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
