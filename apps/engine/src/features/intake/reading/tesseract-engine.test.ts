import { afterEach, expect, test } from 'vitest';
import { loadForm } from '../../../../../../testing/forms/cases.ts';
import { decodePicture } from './decode-picture.ts';
import type { OcrEngine } from './ocr-engine.ts';
import type { PageImage } from './page-image.ts';
import { createTesseractEngine } from './tesseract-engine.ts';

// A machine that runs much else at the same time is slow, and that is no failure of a page.
const pageTimeLimitMs = 170_000;
const patient = { pageTimeLimitMs };
let engine: OcrEngine | undefined;
afterEach(async () => {
  await engine?.close();
  engine = undefined;
});

const page = async (): Promise<PageImage> => decodePicture(await loadForm('boxed-clean'));

test('a page comes back as words with places and confidence, and its pixels are gone', async () => {
  engine = createTesseractEngine(patient);
  const image = await page();
  const { words, lines, text } = await engine.readPage(image);
  expect(text).toContain('Amira Holloway');
  expect(lines.flat().toSorted((a, b) => a - b)).toEqual(words.map((_, index) => index));
  const name = words.find((word) => word.text === 'Amira');
  expect(name?.confidence).toBeGreaterThan(80);
  expect(name && name.box.right > name.box.left && name.box.bottom > name.box.top).toBe(true);
  expect(image.pixels.length).toBe(0);
});

test('a page past the time limit is given up, and the next is read', async () => {
  engine = createTesseractEngine({ pageTimeLimitMs: 1 });
  await expect(engine.readPage(await page())).rejects.toMatchObject({ code: 'intake-timed-out' });
  await engine.close();
  engine = createTesseractEngine(patient);
  const stop = new AbortController();
  const cancelled = engine.readPage(await page(), stop.signal);
  stop.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'intake-cancelled' });
  expect((await engine.readPage(await page())).text).toContain('Holloway');
});

test('pages beyond the waiting room are refused', async () => {
  engine = createTesseractEngine({ ...patient, workers: 1, waitingPages: 0 });
  const first = engine.readPage(await page());
  await expect(engine.readPage(await page())).rejects.toMatchObject({ code: 'intake-busy' });
  await first;
});

test('closing ends a reading under way, and none begins after it', async () => {
  engine = createTesseractEngine(patient);
  const refused = expect(engine.readPage(await page())).rejects.toMatchObject({ code: 'intake-cancelled' });
  await engine.close();
  await refused;
  await expect(engine.readPage(await page())).rejects.toMatchObject({ code: 'intake-cancelled' });
});
