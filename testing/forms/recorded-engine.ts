import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OcrEngine, OcrPage } from '../../apps/engine/src/features/intake/reading/index.ts';
import { readFormFile } from './cases.ts';

/** What OCR read on a form once, and the hash of the file it read it from. */
export interface Recording {
  readonly sha256: string;
  readonly pages: readonly OcrPage[];
}

const recordings = new URL('word-boxes/', import.meta.url);
export const recordingOf = (id: string): URL => new URL(`${id}.json`, recordings);
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What was blacked out is not read again from a recording. */
const nothingLeft: OcrPage = { words: [], lines: [], text: '', rotationRadians: 0, scale: 1 };

/** Answers with the word boxes of one form. @throws when the form's file is not the one that was read */
export function createRecordedEngine(id: string): OcrEngine {
  const { sha256, pages } = JSON.parse(readFileSync(recordingOf(id), 'utf8')) as Recording;
  if (hashOf(readFormFile(id)) !== sha256)
    throw new Error(`The form ${id} is not the one whose word boxes were recorded. Record it again.`);
  const left = [...pages];
  return {
    readPage(_image, _signal, manner) {
      if (manner === 'check') return Promise.resolve(nothingLeft);
      const page = left.shift();
      return page ? Promise.resolve(page) : Promise.reject(new Error(`The form ${id} has no further page.`));
    },
    close: () => Promise.resolve(),
  };
}
