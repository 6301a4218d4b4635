import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { loadForm } from '../../../../../../testing/forms/cases.ts';
import { createFormReader, type OcrEngine, type OcrPage } from './index.ts';
import { pageOfText } from './page-of-text.fixture.ts';

function fakeEngine(readPage: () => Promise<OcrPage>): OcrEngine & { closed: boolean } {
  const engine = {
    closed: false,
    readPage,
    close() {
      engine.closed = true;
      return Promise.resolve();
    },
  };
  return engine;
}

const reading = (...pages: readonly (readonly string[])[]): OcrEngine => {
  const left = pages.map((lines) => pageOfText(lines));
  return fakeEngine(() => Promise.resolve(left.shift() ?? pageOfText([])));
};

const start = ['Full name: Amira Holloway', 'Date of birth: 17/03/1984', 'Phone: 07700 900123'];

describe('what leaves the reader', () => {
  test('is fields, scrubbed text, counts and warnings', async () => {
    const reader = createFormReader({ ocrEngine: reading([...start, 'Notes: pay 4111 1111 1111 1111']) });
    expect(await reader.read(await loadForm('boxed-clean'))).toEqual({
      fields: {
        fullName: 'Amira Holloway',
        dateOfBirth: '1984-03-17',
        phone: '07700900123',
        notes: 'pay [REDACTED-PAN]',
      },
      scrubbedText: [...start, 'Notes: pay [REDACTED-PAN]'].join('\n'),
      cardNumbersRemoved: 1,
      warnings: [{ field: 'notes', code: 'card-number-removed' }],
      pages: 1,
      pictures: { state: 'none', pages: [] },
    });
  });

  test('is put together from all pages, the first filled field counting', async () => {
    const reader = createFormReader({
      ocrEngine: reading([...start, 'Notes:'], ['Full name: Other', 'Notes: Afraid']),
    });
    const { fields, pages } = await reader.read(await loadForm('text-pdf-two-pages'));
    expect(fields).toMatchObject({ fullName: 'Amira Holloway', notes: 'Afraid' });
    expect(pages).toBe(2);
  });

  test('holds no half of a number that was spread over two fields', async () => {
    const reader = createFormReader({
      ocrEngine: reading([...start, 'Allergies: 4111 1111', 'Medication: none', 'Notes: 1111 1111']),
    });
    const result = await reader.read(await loadForm('boxed-clean'));
    expect(result.cardNumbersRemoved).toBeGreaterThan(0);
    expect(JSON.stringify(result)).not.toContain('1111');
  });

  test('tells of removed numbers in a refusal too', async () => {
    const reader = createFormReader({
      ocrEngine: reading(['Full name: 4111 1111 1111 1111', ...start.slice(1)]),
    });
    await expect(reader.read(await loadForm('boxed-clean'))).rejects.toMatchObject({
      code: 'intake-form-invalid',
      fields: [{ field: 'fullName', reason: 'card-number' }],
      cardNumbersRemoved: 1,
    });
  });
});

describe('the upload', () => {
  test('is zeros afterwards, whether it was read or refused', async () => {
    const reader = createFormReader({ ocrEngine: reading(start) });
    const read = await loadForm('boxed-clean');
    await reader.read(read);
    const refused = Buffer.from('Full name: A, 4111 1111 1111 1111');
    await expect(reader.read(refused)).rejects.toMatchObject({ code: 'intake-file-type-refused' });
    for (const bytes of [read, refused]) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  test('is refused with advice when too many wait', async () => {
    const { promise, resolve } = Promise.withResolvers<OcrPage>();
    const reader = createFormReader({ ocrEngine: fakeEngine(() => promise), workers: 1, waitingForms: 1 });
    const admitted = [reader.read(await loadForm('boxed-clean')), reader.read(await loadForm('boxed-clean'))];
    await expect(reader.read(await loadForm('boxed-clean'))).rejects.toMatchObject({
      code: 'intake-busy',
      status: 503,
      retryAfterSeconds: 12,
    });
    resolve(pageOfText(start));
    expect(await Promise.all(admitted)).toHaveLength(2);
  });
});

test('whatever an engine throws becomes an error of the reader, with its cause', async () => {
  const cause = new TypeError('engine fell over');
  const reader = createFormReader({ ocrEngine: fakeEngine(() => Promise.reject(cause)) });
  await expect(reader.read(await loadForm('boxed-clean'))).rejects.toMatchObject({
    code: 'intake-reader-failed',
    status: 503,
    cause,
  });
});

test('a cancelled reading stops between pages', async () => {
  const stop = new AbortController();
  let pages = 0;
  const engine = fakeEngine(() => {
    pages += 1;
    stop.abort();
    return Promise.resolve(pageOfText(start));
  });
  const reader = createFormReader({ ocrEngine: engine });
  await expect(
    reader.read(await loadForm('text-pdf-two-pages'), { signal: stop.signal }),
  ).rejects.toMatchObject({
    code: 'intake-cancelled',
  });
  expect(pages).toBe(1);
});

test('closing refuses who waits and ends the engine', async () => {
  const engine = fakeEngine(() => new Promise(() => undefined));
  const reader = createFormReader({ ocrEngine: engine, workers: 1 });
  void reader.read(await loadForm('boxed-clean')).catch(() => undefined);
  const waiting = reader.read(await loadForm('boxed-clean'));
  const refused = expect(waiting).rejects.toMatchObject({ code: 'intake-cancelled' });
  await reader.close();
  await refused;
  expect(engine.closed).toBe(true);
});
