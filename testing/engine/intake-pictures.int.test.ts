import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFormReader } from '../../apps/engine/src/features/intake/index.ts';
import { findFormCase, loadForm } from '../forms/cases.ts';
import { formsOf } from './search-stores.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';
import { uploadForm } from './upload-form.ts';

let engine: TestEngine;
let receptionist: SeedAccount;
beforeAll(async () => {
  engine = await runEngine();
  receptionist = engine.account('receptionist');
});
afterAll(() => engine.close());

async function asAdmin<Row extends pg.QueryResultRow>(
  store: string,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client(engine.stores.admin(store));
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/** Every object that the store holds, whole. */
async function objects(): Promise<Buffer[]> {
  return Promise.all((await objectFiles()).map((file) => readFile(file)));
}

/** None before the first object made the folder. */
async function objectFiles(): Promise<string[]> {
  const entries = await readdir(engine.objectsFolder, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries.filter((entry) => entry.isFile()).map((file) => join(file.parentPath, file.name));
}

const settings = (): string => `/v1/clinics/${receptionist.clinicIds[0] ?? ''}/settings`;
const chooseToKeep = (account: string, keepsFormPictures: boolean): Promise<Response> =>
  engine.send(engine.account(account), settings(), {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ keepsFormPictures }),
  });

describe('whether a clinic keeps pictures', () => {
  it('is its administrator’s to choose, and leaves an intent and its outcome', async () => {
    expect((await chooseToKeep('receptionist', true)).status).toBe(403);
    expect((await chooseToKeep('admin', true)).status).toBe(200);
    expect(await (await engine.send(engine.account('admin'), settings())).json()).toMatchObject({
      keepsFormPictures: true,
    });
    expect((await chooseToKeep('admin', false)).status).toBe(200);
    await expect
      .poll(async () => {
        const entries = await asAdmin<{ outcome: string; decision: string }>(
          'audit',
          "SELECT outcome, decision FROM audit.audit_logs WHERE action = 'clinic-settings.changed'",
        );
        return entries.map(({ outcome, decision }) => `${decision} ${outcome}`).sort();
      })
      .toEqual(['deny none', 'permit intent', 'permit intent', 'permit success', 'permit success']);
  });
});

describe('the picture of a form', () => {
  it('is not kept by a clinic that did not choose to', async () => {
    const answer = await uploadForm(engine, receptionist, await loadForm('lines-card-in-notes'));
    const { intakeFormId, picture } = (await answer.json()) as { intakeFormId: string; picture: string };
    expect(picture).toBe('none');
    expect(await objects()).toEqual([]);
    expect((await engine.send(receptionist, `/v1/intake-forms/${intakeFormId}/image`)).status).toBe(404);
  });

  describe('of a clinic that keeps them', () => {
    let intakeFormId: string;
    let patientId: string;
    const form = findFormCase('sideways-exif');
    const image = (account: SeedAccount, query = ''): Promise<Response> =>
      engine.send(account, `/v1/intake-forms/${intakeFormId}/image${query}`);

    beforeAll(async () => {
      const chosen = await chooseToKeep('admin', true);
      expect(await chosen.json()).toMatchObject({ keepsFormPictures: true });
      const answer = await uploadForm(engine, receptionist, await loadForm(form.id));
      const received = (await answer.json()) as { intakeFormId: string; patientId: string; picture: string };
      expect(received.picture).toBe('kept');
      ({ intakeFormId, patientId } = received);
    });

    it('is shown to the clinic without the number, without metadata, and with an audit entry', async () => {
      const answer = await image(engine.account('clinician'));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(answer.headers.get('cache-control')).toContain('no-store');
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.length).toBe(Number(answer.headers.get('content-length')));
      const { format, exif, xmp, iptc, icc, orientation } = await sharp(bytes).metadata();
      expect({ format, exif, xmp, iptc, icc, orientation }).toEqual({ format: 'png' });
      const reader = createFormReader({ workers: 1 });
      // What is blacked out may make the rest less sure: whether it is accepted again is not the question here.
      const read = await reader
        .read(bytes)
        .catch((error: unknown) => error as { cardNumbersRemoved: number })
        .finally(() => reader.close());
      expect(read.cardNumbersRemoved).toBe(0);
      const entries = await asAdmin<{ patient_pseudonym: string | null }>(
        'audit',
        "SELECT patient_pseudonym FROM audit.audit_logs WHERE action = 'record.opened' AND resource_type = 'IntakePicture' AND decision = 'permit'",
      );
      expect(entries).toHaveLength(1);
      expect(entries[0]?.patient_pseudonym).not.toBeNull();
    });

    it('has a thumbnail made of the blacked-out page', async () => {
      const answer = await image(engine.account('clinician'), '?size=thumbnail');
      const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      expect(Math.max(width, height)).toBe(320);
    });

    it('is counted in the list of forms', async () => {
      const answer = await engine.send(engine.account('clinician'), `/v1/patients/${patientId}/intake-forms`);
      expect(await answer.json()).toMatchObject({ items: [{ id: intakeFormId, pictures: 1 }] });
    });

    it('is there for nobody else, and for no page that is not there', async () => {
      expect((await image(engine.account('clinician of riverside'))).status).toBe(404);
      expect((await engine.send(null, `/v1/intake-forms/${intakeFormId}/image`)).status).toBe(401);
      expect((await image(engine.account('clinician'), '?page=2')).status).toBe(404);
      expect((await image(engine.account('clinician'), '?page=0')).status).toBe(400);
    });

    it('lies in the object store as ciphertext only', async () => {
      const stored = await objects();
      expect(stored).toHaveLength(2);
      for (const bytes of stored) {
        // The whole signature: three letters alone come up in ciphertext by chance.
        expect(bytes.includes(Buffer.from('89504e470d0a1a0a', 'hex'))).toBe(false);
        for (const planted of form.plantedNumbers)
          for (const wanted of formsOf(planted))
            expect(bytes.includes(Buffer.from(wanted, 'hex'))).toBe(false);
      }
    });

    it('leaves nothing in the object store when its rows are not written', async () => {
      const before = await objects();
      await asAdmin(
        'clinical',
        'ALTER TABLE clinical.intake_pictures ADD CONSTRAINT broken CHECK (page > 99) NOT VALID',
      );
      try {
        const answer = await uploadForm(engine, receptionist, await loadForm('boxed-clean'));
        expect(answer.status).toBeGreaterThanOrEqual(500);
      } finally {
        await asAdmin('clinical', 'ALTER TABLE clinical.intake_pictures DROP CONSTRAINT broken');
      }
      expect(await objects()).toHaveLength(before.length);
    });

    it('cannot be shown when its bytes were changed', async () => {
      for (const file of await objectFiles()) await truncate(file, 100);
      const answer = await image(engine.account('clinician'));
      expect(answer.status).toBe(500);
      expect(await answer.json()).toMatchObject({ code: 'object-damaged' });
    });
  });
});
