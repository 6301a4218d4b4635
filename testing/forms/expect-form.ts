import { inspect } from 'node:util';
import { expect } from 'vitest';
import {
  IntakeReadingError,
  type FormReader,
  type ReadForm,
} from '../../apps/engine/src/features/intake/reading/index.ts';
import { loadForm, type FormCase } from './cases.ts';

/** Everything that leaves the reader, errors with all they carry. */
const everything = (result: unknown): string =>
  inspect(result, { depth: 20, showHidden: true, maxStringLength: Infinity });

/** Reads a form and holds the outcome to what its case says: first of all, no planted number is in it. */
export async function expectForm(reader: FormReader, form: FormCase): Promise<void> {
  const { expected } = form;
  const result: ReadForm | IntakeReadingError = await reader
    .read(await loadForm(form.id))
    .catch((error: unknown) => {
      if (error instanceof IntakeReadingError) return error;
      throw error;
    });
  const said =
    everything(result) + (result instanceof IntakeReadingError ? everything(result.readings()) : '');
  for (const planted of form.plantedNumbers) expect(said.replace(/\D/g, '')).not.toContain(planted);
  if (expected.outcome === 'clean') {
    expect(result.cardNumbersRemoved).toBeGreaterThanOrEqual(expected.seen);
    return;
  }
  expect(result.cardNumbersRemoved).toBe(form.plantedNumbers.length);
  if (expected.outcome === 'refused') {
    expect(result).toMatchObject({ code: expected.code, status: 422 });
    const named = (result as IntakeReadingError).fields?.map(({ field }) => field);
    expect(named).toEqual(expect.arrayContaining([...expected.fields]));
    return;
  }
  expect(result).toMatchObject({ pages: form.pages });
  expect((result as ReadForm).fields).toEqual(expected.fields);
  for (const field of expected.emptied)
    expect((result as ReadForm).warnings).toContainEqual({ field, code: 'card-number-removed' });
}
