import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFormReader } from '../../apps/engine/src/features/intake/index.ts';
import {
  createTesseractEngine,
  type OcrEngine,
} from '../../apps/engine/src/features/intake/reading/index.ts';
import { formCases, loadForm, type FormCase } from '../forms/cases.ts';
import { searchEverywhere } from './intake-search.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';
import { uploadForm } from './upload-form.ts';

let engine: TestEngine;
let receptionist: SeedAccount;
/** The temp folder of this process while the test runs: whatever wrote to it is searched. */
let temp: string;
const temps: (string | undefined)[] = [];
let current: OcrEngine;
const tesseract = createTesseractEngine({ workers: 2 });

async function onClinical(statement: string, values: unknown[]): Promise<void> {
  const client = new pg.Client(engine.stores.admin('clinical'));
  await client.connect();
  await client.query(statement, values);
  await client.end();
}

async function startEngine(): Promise<void> {
  temps.push(process.env['TMPDIR']);
  temp = await mkdtemp(join(tmpdir(), 'cordon-intake-'));
  process.env['TMPDIR'] = temp;
  const reader = createFormReader({
    ocrEngine: { readPage: (...page) => current.readPage(...page), close: () => tesseract.close() },
  });
  engine = await runEngine({ reader });
  receptionist = engine.account('receptionist');
  await onClinical('UPDATE clinical.clinics SET keeps_form_pictures = true WHERE id = $1', [
    receptionist.clinicIds[0],
  ]);
}

async function stopEngine(): Promise<void> {
  await engine.close();
  if (temps[0] === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = temps[0];
  await rm(temp, { recursive: true, force: true });
}

const planted = formCases.flatMap((form) => form.plantedNumbers);

/** Takes every synthetic form in through a whole engine that keeps pictures, then searches everything that it can write to. */
export function describeIntakeLeaks(ocrOf: (form: FormCase, tesseract: OcrEngine) => OcrEngine): void {
  describe('after every synthetic form was taken in or refused', () => {
    beforeAll(startEngine);
    afterAll(stopEngine);
    beforeAll(async () => {
      for (const form of formCases) {
        current = ocrOf(form, tesseract);
        const upload = async () =>
          uploadForm(engine, receptionist, await loadForm(form.id), {
            filename: `card ${form.plantedNumbers[0] ?? 'none'}.png`,
          });
        let answer = await upload();
        // Too slow or too busy is what a machine may be, and what a person is told to try again.
        for (let tries = 1; answer.status === 503 && tries < 4; tries += 1) answer = await upload();
        const text = await answer.text();
        expect([201, 422], `${form.id}: ${text}`).toContain(answer.status);
        for (const number of form.plantedNumbers) expect(text.replace(/\D/g, '')).not.toContain(number);
      }
    }, 900_000);

    it('no planted number lies in a store, an object, the temp folder or the log, in any form', async () => {
      expect(await searchEverywhere(engine, [temp], planted)).toEqual([]);
    });

    it('the search finds one that is planted in a file, as base64 inside of other bytes', async () => {
      const file = join(temp, 'planted');
      await writeFile(file, Buffer.from('x pay 4111 1111 1111 1111 x').toString('base64'));
      expect(await searchEverywhere(engine, [temp], ['4111111111111111'])).toEqual([file]);
      await rm(file);
    });

    it('the search finds one that is planted in a store', async () => {
      await onClinical('UPDATE clinical.tenants SET slug = $2 WHERE tenant_id = $1', [
        receptionist.tenantId,
        'x-5555-5555-5555-4444',
      ]);
      expect(await searchEverywhere(engine, [temp], ['5555555555554444'])).toEqual([
        'clinical: clinical.tenants.slug',
      ]);
    });
  });
}
