/**
 * The pure part of intake: the bytes of an upload → validated, scrubbed fields. No database, no HTTP, no disk. Nothing
 * that was read leaves this folder before the card numbers are gone from it.
 */
import type { Buffer } from 'node:buffer';
import { AdmissionGate } from './admission-gate.ts';
import { assembleForm } from './assemble-form.ts';
import { noCorrections, type Corrections } from './corrections.ts';
import { IntakeReadingError } from './errors.ts';
import type { IntakeFields } from './form-schema.ts';
import {
  keepPictures,
  noPictures,
  refusedPictures,
  type KeptPictures,
  type PageToKeep,
} from './keep-pictures.ts';
import { limits } from './limits.ts';
import type { OcrEngine } from './ocr-engine.ts';
import { wipe } from './page-image.ts';
import { readFields, type ScrubbedReading } from './read-fields.ts';
import { readUpright } from './read-upright.ts';
import { renderPages } from './render-pages.ts';
import { sniffUpload } from './sniff-upload.ts';
import { createTesseractEngine } from './tesseract-engine.ts';
import { turnQuarters } from './turn-quarters.ts';
import type { ReadingWarning } from './validate-form.ts';

export { readCorrections, type Corrections } from './corrections.ts';
export { IntakeReadingError } from './errors.ts';
export type { IntakeFields } from './form-schema.ts';
export type { KeptPage, KeptPictures } from './keep-pictures.ts';
export type { OcrEngine, OcrPage, OcrWord } from './ocr-engine.ts';
export { createTesseractEngine, type TesseractOptions } from './tesseract-engine.ts';
export type { ReadingWarning } from './validate-form.ts';

export interface ReadForm {
  readonly fields: IntakeFields;
  /** All that was read, scrubbed, one row of the paper a line; pages are apart by an empty line. */
  readonly scrubbedText: string;
  /** Numbers removed, those included that were too blurred to tell. */
  readonly cardNumbersRemoved: number;
  readonly warnings: readonly ReadingWarning[];
  readonly pages: number;
  readonly pictures: KeptPictures;
}

/** How far a reading is; holds nothing of the form. */
export interface ReadingProgress {
  readonly stage: 'waiting' | 'reading' | 'blacking-out';
  /** From 1; 0 before the first. */
  readonly page: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** What a person typed in place of what is read. */
  readonly corrections?: Corrections | undefined;
  /** Make blacked-out pictures of the pages; otherwise none. */
  readonly keepPictures?: boolean | undefined;
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined;
}

export interface FormReader {
  /**
   * Reads one uploaded form. The buffer is overwritten with zeros when the promise settles: the caller has no use
   * for unscrubbed bytes.
   * @throws IntakeReadingError with `status`, and with `fields` for intake-form-unreadable and intake-form-invalid
   */
  read(bytes: Buffer, options?: ReadOptions): Promise<ReadForm>;
  /** Ends the threads; readings under way fail. */
  close(): Promise<void>;
}

export interface FormReaderOptions {
  /** Default: tesseract.js on `workers` threads. The reader closes it. */
  readonly ocrEngine?: OcrEngine | undefined;
  /** Forms read at the same time; default 2. */
  readonly workers?: number;
  /** Uploads that may wait in memory (20 MB each at most); further ones are refused with `intake-busy`. Default 6. */
  readonly waitingForms?: number;
}

export function createFormReader(options: FormReaderOptions = {}): FormReader {
  const { workers = 2, waitingForms = 6 } = options;
  const engine = options.ocrEngine ?? createTesseractEngine({ workers });
  const gate = new AdmissionGate(workers, waitingForms, 6);
  const closing = new AbortController();

  return {
    async read(bytes, asked = {}) {
      try {
        const type = sniffUpload(bytes);
        const stop = AbortSignal.any([closing.signal, ...(asked.signal ? [asked.signal] : [])]);
        asked.onProgress?.({ stage: 'waiting', page: 0 });
        const leave = await gate.enter(stop);
        try {
          const bounded = AbortSignal.any([stop, AbortSignal.timeout(limits.readFormMs)]);
          return await readForm(engine, renderPages(bytes, type, bounded), asked, bounded);
        } finally {
          leave();
        }
      } catch (error) {
        throw error instanceof IntakeReadingError
          ? error
          : new IntakeReadingError('intake-reader-failed', { cause: error });
      } finally {
        wipe(bytes);
      }
    },
    async close() {
      closing.abort();
      await engine.close();
    },
  };
}

async function readForm(
  engine: OcrEngine,
  pages: ReturnType<typeof renderPages>,
  asked: ReadOptions,
  signal: AbortSignal,
): Promise<ReadForm> {
  const readings: ScrubbedReading[] = [];
  const toKeep: PageToKeep[] = [];
  try {
    for await (const image of pages) {
      if (signal.aborted) throw new IntakeReadingError('intake-cancelled');
      asked.onProgress?.({ stage: 'reading', page: readings.length + 1 });
      try {
        const { page, quarters } = await readUpright(engine, image, signal);
        const reading = readFields(page);
        readings.push(reading);
        if (asked.keepPictures === true) toKeep.push({ image: turnQuarters(image, quarters), reading });
      } finally {
        wipe(image.pixels);
      }
    }
    const { withheld, numberAcrossPages, ...form } = assembleForm(
      readings,
      asked.corrections ?? noCorrections,
    );
    let pictures = noPictures;
    if (numberAcrossPages && toKeep.length > 0) pictures = refusedPictures;
    else if (toKeep.length > 0) {
      asked.onProgress?.({ stage: 'blacking-out', page: 0 });
      pictures = await keepPictures(engine, toKeep, withheld, signal);
    }
    return { ...form, pages: readings.length, pictures };
  } finally {
    for (const { image } of toKeep) wipe(image.pixels);
  }
}
