import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditEntry } from '../../apps/engine/src/audit/entry.ts';
import { ask, keyWorkOf } from './key-jobs.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

// What lies above the rows, asked by a tenant for another's. Rate limits, addresses of objects and receipts have tests of their
// own beside their code; stores, queue and outbox are attacked by the prover.

let engine: TestEngine;
let rita: SeedAccount;
beforeAll(async () => {
  engine = await runEngine();
  rita = engine.account('Rita Riverson');
  // Entries of the other tenant, with its people's and its patient's names in them.
  expect((await engine.send(rita, '/v1/me/record')).status).toBe(200);
});
afterAll(() => engine.close());

/** Every id that stands in the other tenant's part of the log. */
async function foreignIds(): Promise<string[]> {
  const rows = await ask<{ id: string | null }>(
    engine,
    'audit',
    `SELECT DISTINCT unnest(ARRAY[id::text, actor_subject::text, resource_id::text, patient_pseudonym::text]) AS id
     FROM audit.audit_logs WHERE tenant_id = $1`,
    [rita.tenantId],
  );
  return rows.flatMap(({ id }) => id ?? []);
}

it.each([
  ['list', '/v1/audit-entries?limit=100'],
  ['search by person', '/v1/audit-entries?limit=100&actor='],
  ['export', '/v1/audit-entries/export?format=ndjson'],
  ['export', '/v1/audit-entries/export?format=csv'],
])("keeps another tenant's entries out of the audit log's %s: %s", async (_what, path) => {
  const answer = await engine.send(
    engine.account('auditor'),
    path.endsWith('=') ? `${path}${rita.accountId}` : path,
  );
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const ids = await foreignIds();
  expect(ids.length).toBeGreaterThan(2);
  expect(ids.filter((id) => text.includes(id))).toEqual([]);
});

it("answers nobody's keys and pseudonyms from a cache that holds them for another tenant", async () => {
  const { patientKeys, audit } = keyWorkOf(engine);
  const { tenantId } = engine.account('clinician');
  const patientId = rita.patientRecordId ?? '';
  const pseudonym = (await patientKeys.pseudonyms(rita.tenantId, [patientId])).get(patientId) ?? '';
  expect(pseudonym).not.toBe('');
  const entryIn = (tenant: string): AuditEntry => ({
    id: randomUUID(),
    tenantId: tenant,
    initiatorType: 'system',
    action: 'record.opened',
    resourceType: 'Patient',
    resourceId: patientId,
    dataClassIds: ['patientProfile'],
    patientPseudonym: pseudonym,
    decision: 'permit',
    reasonCode: 'granted',
    outcome: 'none',
  });
  const theirs = await audit.append([entryIn(rita.tenantId)]);
  const held = await patientKeys.load(rita.tenantId, [patientId], theirs);
  expect(held.size).toBe(1);
  const ours = await audit.append([entryIn(tenantId)]);
  expect((await patientKeys.pseudonyms(tenantId, [patientId])).size).toBe(0);
  for (const receipt of [ours, theirs])
    expect(
      await patientKeys.load(tenantId, [patientId], receipt).then(
        (keys) => keys.size,
        () => 0,
      ),
    ).toBe(0);
});

it("takes no other tenant's place in a page and no other tenant's idempotency key for its own", async () => {
  const riverside = engine.account('clinician of riverside');
  const clinician = engine.account('clinician');
  const key = randomUUID();
  const raise = (by: SeedAccount, patient: SeedAccount) =>
    engine.send(by, '/v1/alerts', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        clinicId: patient.clinicIds[0],
        patientId: patient.patientRecordId,
        urgency: 'routine',
        message: 'A loose wire',
      }),
    });
  const theirs = (await (await raise(riverside, rita)).json()) as { id: string };
  const answer = await raise(clinician, engine.account('Petra Patientson'));
  const ours = (await answer.json()) as { id: string };
  expect(answer.status).toBe(201);
  expect(ours.id).not.toBe(theirs.id);
});

it('publishes no metrics, whose labels could tell of a tenant, and names nobody in its log', async () => {
  const petra = engine.account('Petra Patientson');
  const path = `/v1/patients/${petra.patientRecordId ?? ''}`;
  expect((await engine.send(engine.account('clinician'), path)).status).toBe(200);
  expect((await engine.send(rita, path)).status).toBe(404);
  const described = (await (await engine.send(null, '/openapi.json')).json()) as { paths: object };
  expect(Object.keys(described.paths).filter((each) => /metric|prometheus|stat(u)?s$/i.test(each))).toEqual(
    [],
  );
  for (const asked of ['/metrics', '/v1/metrics', '/health/metrics'])
    for (const by of [null, engine.account('admin')])
      expect((await engine.send(by, asked)).status, asked).toBe(404);
  for (const probe of ['/health/live', '/health/ready']) {
    const told = await (await engine.send(null, probe)).text();
    expect(engine.plan.tenants.filter(({ id, name }) => told.includes(id) || told.includes(name))).toEqual(
      [],
    );
  }
  const patients = engine.plan.accounts.flatMap(({ patientRecordId }) => patientRecordId ?? []);
  expect(engine.logLines()).toContain('/v1/patients/');
  expect(patients.filter((id) => engine.logLines().includes(id))).toEqual([]);
});
