import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { badInputs, pdfWithPassengers } from '../../../../../../testing/forms/bad-inputs.ts';
import { formCases, loadForm } from '../../../../../../testing/forms/cases.ts';
import { createFormReader, IntakeReadingError, type ReadForm } from './index.ts';

// Real pages, real OCR: seconds, not milliseconds.
const timeout = 120_000;
const reader = createFormReader({ workers: 2, waitingForms: 100 });
afterAll(() => reader.close());

/** Everything that leaves the reader, errors with all they carry. */
const everything = (result: unknown): string =>
  inspect(result, { depth: 20, showHidden: true, maxStringLength: Infinity });

describe.concurrent('every committed form', { timeout }, () => {
  test.each(formCases)('$id: $shows', async ({ id, expected, plantedNumbers, pages }) => {
    const result: ReadForm | IntakeReadingError = await reader
      .read(await loadForm(id))
      .catch((error: unknown) => {
        if (error instanceof IntakeReadingError) return error;
        throw error;
      });
    for (const planted of plantedNumbers)
      expect(everything(result).replace(/\D/g, '')).not.toContain(planted);
    expect(result.cardNumbersRemoved).toBe(plantedNumbers.length);
    if (expected.outcome === 'refused') {
      expect(result).toMatchObject({ code: expected.code, status: 422 });
      const named = (result as IntakeReadingError).fields?.map(({ field }) => field);
      expect(named).toEqual(expect.arrayContaining([...expected.fields]));
      return;
    }
    expect(result).toMatchObject({ pages });
    expect((result as ReadForm).fields).toEqual(expected.fields);
    for (const field of expected.emptied) {
      expect((result as ReadForm).warnings).toContainEqual({ field, code: 'card-number-removed' });
    }
  });
});

describe('every bad input', { timeout }, () => {
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
