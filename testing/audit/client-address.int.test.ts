import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runEngineOn, type TestEngine } from '../engine/run-engine-on.ts';
import { cloneStores } from '../stores.ts';

let engine: TestEngine;
beforeAll(async () => {
  const environment = { CORDON_TRUSTED_PROXIES: '127.0.0.1' };
  engine = await runEngineOn(await cloneStores(), undefined, { environment });
});
afterAll(() => engine.close());

it('an entry names the address of the person’s browser, as the session server has it', async () => {
  const clinician = engine.account('clinician');
  const patient = engine.account('Petra Patientson').patientRecordId ?? '';
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  expect((await engine.send(clinician, `/v1/patients/${patient}`, { headers })).status).toBe(200);

  const admin = new pg.Client(engine.stores.admin('audit'));
  await admin.connect();
  const { rows } = await admin.query<{ address: string }>(
    "SELECT host(client_address) AS address FROM audit.audit_logs WHERE action = 'record.opened'",
  );
  await admin.end();
  expect(rows).toEqual([{ address: '203.0.113.7' }]);
});
