import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadForm } from '../forms/cases.ts';
import { runEngine, type TestEngine } from './run-engine.ts';
import { setStoreOpen } from './set-store-open.ts';
import { uploadForm } from './upload-form.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());

async function readiness(): Promise<{ status: number; checks: Record<string, string> }> {
  const answer = await fetch(`${engine.running.url}/health/ready`);
  const { checks } = (await answer.json()) as { checks: Record<string, string> };
  return { status: answer.status, checks };
}

describe.each([
  ['audit', 'audit-unavailable'],
  ['vault', 'keys-unavailable'],
  ['clinical', 'records-unavailable'],
] as const)('while the %s store is away', (store, code) => {
  it('discloses nothing, says so, and resumes by itself', async () => {
    const clinician = engine.account('clinician');
    const path = `/v1/patients/${engine.account('Petra Patientson').patientRecordId ?? ''}`;
    expect((await engine.send(clinician, path)).status).toBe(200);
    // Keys in the cache are released only with a durable entry; without the vault they last for the cache's bound, so it is emptied.
    engine.running.engine.patientKeys.forgetAll();
    await setStoreOpen(engine, store, false);
    try {
      for (const address of [path, '/v1/patients']) {
        const answer = await engine.send(clinician, address);
        const text = await answer.text();
        expect(answer.status, text).toBe(503);
        expect(JSON.parse(text)).toMatchObject({ code });
        expect(text).not.toContain('Patientson');
      }
      const upload = await uploadForm(engine, engine.account('receptionist'), await loadForm('boxed-clean'));
      expect(upload.status).toBe(503);
      expect(await readiness()).toMatchObject({ status: 503, checks: { [store]: 'failed' } });
    } finally {
      await setStoreOpen(engine, store, true);
    }
    await expect.poll(async () => (await engine.send(clinician, path)).status).toBe(200);
    await expect.poll(async () => (await readiness()).status).toBe(200);
  });
});

async function countFailures(): Promise<number> {
  const client = new pg.Client(engine.stores.admin('audit'));
  await client.connect();
  const { rowCount } = await client.query(
    `SELECT FROM audit.audit_logs WHERE reason_code = 'transaction-failed' AND outcome = 'failure'`,
  );
  await client.end();
  return rowCount ?? -1;
}

it('leaves a failure, and no patient, when the transaction behind an intent fails', async () => {
  const failures = await countFailures();
  const client = new pg.Client(engine.stores.admin('clinical'));
  await client.connect();
  try {
    await client.query(
      'ALTER TABLE clinical.intake_forms ADD CONSTRAINT broken CHECK (page_count > 1000) NOT VALID',
    );
    const before = await client.query('SELECT FROM clinical.patients');
    const answer = await uploadForm(engine, engine.account('receptionist'), await loadForm('boxed-clean'));
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toMatch(/broken|constraint|intake_forms/);
    expect((await client.query('SELECT FROM clinical.patients')).rowCount).toBe(before.rowCount);
  } finally {
    await client.query('ALTER TABLE clinical.intake_forms DROP CONSTRAINT IF EXISTS broken');
    await client.end();
  }
  expect(await countFailures()).toBe(failures + 1);
});
