import { afterAll, describe, expect, test } from 'vitest';
import { badInputs, pdfWithPassengers } from '../../../../../../testing/forms/bad-inputs.ts';
import { formCases, liveForms } from '../../../../../../testing/forms/cases.ts';
import { expectForm } from '../../../../../../testing/forms/expect-form.ts';
import { createRecordedEngine } from '../../../../../../testing/forms/recorded-engine.ts';
import { createFormReader } from './index.ts';
import { createTesseractEngine } from './tesseract-engine.ts';

// Real pages, real OCR: seconds, not milliseconds.
const pageTimeLimitMs = 170_000;
// A machine that runs much else at the same time is slow, and that is no failure of a page.
const ocrEngine = createTesseractEngine({ workers: 2, pageTimeLimitMs });
const reader = createFormReader({ workers: 2, waitingForms: 100, ocrEngine });
afterAll(() => reader.close());

test('there are at least thirty forms, eight of them read live', () => {
  expect(formCases.length).toBeGreaterThanOrEqual(30);
  expect(new Set(formCases.map(({ id }) => id)).size).toBe(formCases.length);
  expect(liveForms.size).toBe(8);
});

describe.concurrent('every form read live', () => {
  test.each(formCases.filter(({ id }) => liveForms.has(id)))('$id: $shows', (form) =>
    expectForm(reader, form),
  );
});

describe('every form by its recorded word boxes', () => {
  test.each(formCases.filter(({ id }) => !liveForms.has(id)))('$id: $shows', (form) =>
    expectForm(createFormReader({ ocrEngine: createRecordedEngine(form.id) }), form),
  );
});

describe('every bad input', () => {
  test.each(badInputs)('$id: $shows', async ({ code, status, make }) => {
    await expect(reader.read(await make())).rejects.toMatchObject({
      name: 'IntakeReadingError',
      code,
      status,
    });
  });

  test('scripts, attachments and text layers of a PDF have no effect', async () => {
    const { fields, scrubbedText, cardNumbersRemoved } = await reader.read(await pdfWithPassengers());
    expect(fields.fullName).toBe('Amira Holloway');
    expect(scrubbedText).not.toMatch(/attached|script/i);
    expect(cardNumbersRemoved).toBe(0);
  });
});
