/**
 * The pure part of intake: the bytes of an upload → validated, scrubbed fields. No database, no HTTP, no disk. Nothing
 * that was read leaves this folder before the card numbers are gone from it.
 */
import type { Buffer } from 'node:buffer';
import { scrub } from '@cordon/pan-scrubber';
import { AdmissionGate } from './admission-gate.ts';
import { IntakeReadingError } from './errors.ts';
import type { IntakeFieldName } from './form-fields.ts';
import type { IntakeFields } from './form-schema.ts';
import { limits } from './limits.ts';
import type { OcrEngine } from './ocr-engine.ts';
import { wipe } from './page-image.ts';
import { readFields, type ScrubbedReading } from './read-fields.ts';
import { renderPages } from './render-pages.ts';
import { sniffUpload } from './sniff-upload.ts';
import { createTesseractEngine } from './tesseract-engine.ts';
import { validateForm, type RawField, type ReadingWarning } from './validate-form.ts';

export {
  IntakeReadingError,
  fieldReasons,
  type FieldReason,
  type IntakeReadingErrorCode,
  type RefusedField,
} from './errors.ts';
export { intakeFieldNames, redactionMark, type IntakeFieldName } from './form-fields.ts';
export { intakeFieldsSchema, type IntakeFields } from './form-schema.ts';
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
}

export interface FormReader {
  /**
   * Reads one uploaded form. The buffer is overwritten with zeros when the promise settles: the caller has no use
   * for unscrubbed bytes.
   * @throws IntakeReadingError with `status`, and with `fields` for intake-form-unreadable and intake-form-invalid
   */
  read(bytes: Buffer, signal?: AbortSignal): Promise<ReadForm>;
  /** Ends the threads; readings under way fail. */
  close(): Promise<void>;
}

export interface FormReaderOptions {
  /** Default: tesseract.js on `workers` threads. The reader closes it. */
  readonly ocrEngine?: OcrEngine;
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
    async read(bytes, signal) {
      try {
        const type = sniffUpload(bytes);
        const stop = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);
        const leave = await gate.enter(stop);
        try {
          const bounded = AbortSignal.any([stop, AbortSignal.timeout(limits.readFormMs)]);
          return toForm(await readPages(engine, renderPages(bytes, type, bounded), bounded));
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

async function readPages(
  engine: OcrEngine,
  pages: ReturnType<typeof renderPages>,
  signal: AbortSignal,
): Promise<ScrubbedReading[]> {
  const readings: ScrubbedReading[] = [];
  for await (const image of pages) {
    if (signal.aborted) throw new IntakeReadingError('intake-cancelled');
    try {
      readings.push(readFields(await engine.readPage(image, signal)));
    } finally {
      wipe(image.pixels);
    }
  }
  return readings;
}

function toForm(readings: readonly ScrubbedReading[]): ReadForm {
  const found = new Map<IntakeFieldName, RawField>();
  for (const { raw } of readings) {
    for (const [field, value] of raw) {
      // The first page that fills a field counts; a label alone gives way to a filled one.
      if ((found.get(field)?.text ?? '') === '') found.set(field, value);
    }
  }
  const record = scrubAcrossFields(found);
  const text = scrub(readings.map((reading) => reading.writeOut(record.altered)).join('\n\n'));
  const cardNumbersRemoved =
    readings.reduce((sum, reading) => sum + reading.numbersRemoved, 0) +
    record.removed +
    text.findings.length;
  try {
    const { fields, warnings } = validateForm(record.raw);
    return { fields, scrubbedText: text.value, cardNumbersRemoved, warnings, pages: readings.length };
  } catch (error) {
    if (!(error instanceof IntakeReadingError)) throw error;
    throw new IntakeReadingError(error.code, {
      ...(error.fields && { fields: error.fields }),
      cardNumbersRemoved,
    });
  }
}

/** A number that was spread over two fields is whole only when the fields are looked at as one record. */
function scrubAcrossFields(found: ReadonlyMap<IntakeFieldName, RawField>): {
  raw: Map<IntakeFieldName, RawField>;
  altered: Set<IntakeFieldName>;
  removed: number;
} {
  const { value, findings } = scrub(Object.fromEntries([...found].map(([field, { text }]) => [field, text])));
  const raw = new Map<IntakeFieldName, RawField>();
  const altered = new Set<IntakeFieldName>();
  for (const [field, before] of found) {
    const text = value[field] ?? '';
    if (text !== before.text) altered.add(field);
    raw.set(field, { ...before, text, numberRemoved: before.numberRemoved || altered.has(field) });
  }
  return { raw, altered, removed: findings.length };
}
