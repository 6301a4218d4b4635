import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateTenantKey } from '../../apps/engine/src/keys/rotate-tenant-key.ts';
import { grantMembership } from '../../apps/engine/src/features/directory/grant-membership.ts';
import { keyWorkOf } from './key-jobs.ts';
import { freeInterval } from './record-bodies.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
let clinical: pg.Client;
let receptionist: SeedAccount;
let clinicId: string;
beforeAll(async () => {
  engine = await runEngine();
  clinical = new pg.Client(engine.stores.admin('clinical'));
  await clinical.connect();
  receptionist = engine.account('receptionist');
  clinicId = receptionist.clinicIds[0] ?? '';
});
afterAll(async () => {
  await clinical.end();
  await engine.close();
});

interface Listed {
  readonly id: string;
  readonly fullName: string | null;
  readonly current: boolean;
}
async function list(account: SeedAccount = receptionist, of = clinicId): Promise<readonly Listed[]> {
  const answer = await engine.send(account, `/v1/clinicians?clinicId=${of}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { items: Listed[] }).items;
}

const book = (clinicianId: string): Promise<Response> =>
  engine.send(receptionist, '/v1/appointments', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      clinicId,
      patientId: engine.account('Petra Patientson').patientRecordId,
      clinicianId,
      ...freeInterval(),
    }),
  });

const notHere = {
  code: 'record-invalid',
  fields: [{ field: 'clinicianId', reason: 'not-a-clinician-of-this-clinic' }],
};

async function give(accountId: string, displayName?: string): Promise<void> {
  const given = await grantMembership(engine.running.engine, {
    grantedBy: engine.account('corporate admin').accountId,
    accountId,
    tenantId: receptionist.tenantId,
    role: 'role.clinician',
    clinicIds: [clinicId],
    displayName,
  });
  expect(given).toBe(true);
}
const end = (accountId: string) =>
  clinical.query('UPDATE clinical.memberships SET ended_at = now() WHERE account_id = $1', [accountId]);

describe('the clinicians of a clinic', () => {
  it('are listed by name for those who book there, with an entry in the log, and lie in the store as ciphertext', async () => {
    const { accountId } = engine.account('clinician');
    expect(await list()).toEqual([{ id: accountId, fullName: 'clinician', current: true }]);
    const { rows } = await clinical.query<{ row: string }>(
      'SELECT c::text AS row FROM clinical.clinicians c',
    );
    expect(rows).toHaveLength(3);
    expect(rows.map(({ row }) => row).join()).not.toContain(Buffer.from('clinician').toString('hex'));
    const audit = new pg.Client(engine.stores.admin('audit'));
    await audit.connect();
    const { rows: entries } = await audit.query(
      `SELECT data_class_ids, record_count FROM audit.audit_logs WHERE resource_type = 'Clinician' AND decision = 'permit'`,
    );
    await audit.end();
    expect(entries).toEqual([{ data_class_ids: ['portalAccount'], record_count: 1 }]);
  });

  it('are nobody’s of another clinic or tenant, whatever the policy would say: row security shows none', async () => {
    const { accountId } = engine.account('clinician of york');
    expect((await list(engine.account('admin'))).map(({ id }) => id)).not.toContain(accountId);
    const refused = await engine.send(
      engine.account('clinician of riverside'),
      `/v1/clinicians?clinicId=${clinicId}`,
    );
    expect(refused.status).toBe(403);
    const seen = await engine.running.engine.stores
      .readAs({
        ...engine.account('clinician of york'),
        subject: accountId,
        patientRecordId: undefined,
        sessionId: randomUUID(),
        expiresAt: Date.now() / 1000 + 60,
        factorShownAt: undefined,
      })
      .query<{ account_id: string }>('SELECT account_id FROM clinical.clinicians', []);
    expect(seen.rows.map((row) => row.account_id)).toEqual([accountId]);
  });

  it('follow the memberships: who comes is on the list, who goes is booked no more, who comes back is', async () => {
    const accountId = randomUUID();
    expect((await book(accountId)).status).toBe(422);
    await give(accountId, 'Dr Nadia Newcombe');
    expect(await list()).toContainEqual({ id: accountId, fullName: 'Dr Nadia Newcombe', current: true });
    const booked = await book(accountId);
    expect(booked.status).toBe(201);
    await end(accountId);
    expect(await list()).toContainEqual({ id: accountId, fullName: 'Dr Nadia Newcombe', current: false });
    const again = await book(accountId);
    expect(again.status).toBe(422);
    expect(await again.json()).toMatchObject(notHere);
    const { id } = (await booked.json()) as { id: string };
    const called = await engine.send(receptionist, `/v1/appointments/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': `"${id}.1"` },
      body: JSON.stringify({ state: 'cancelled' }),
    });
    expect(called.status).toBe(200);
    await give(accountId);
    expect((await book(accountId)).status).toBe(201);
  });

  it('are the only ones whom an appointment can be given to', async () => {
    for (const name of ['clinician of york', 'clinician of riverside', 'receptionist', 'Petra Patientson']) {
      const answer = await book(engine.account(name).accountId);
      expect(answer.status, name).toBe(422);
      expect(await answer.json()).toMatchObject(notHere);
    }
  });

  it('keep their names when the tenant’s key is replaced and the one before is gone', async () => {
    const named = await list();
    const vault = new pg.Client(engine.stores.admin('vault'));
    await vault.connect();
    await rotateTenantKey(keyWorkOf(engine), receptionist.tenantId);
    await vault.query(
      `UPDATE vault.tenant_keys SET retired_at = now() - interval '1 hour' WHERE retired_at IS NOT NULL`,
    );
    expect(await rotateTenantKey(keyWorkOf(engine), receptionist.tenantId)).toMatchObject({ removed: 1 });
    await vault.end();
    engine.running.engine.tenantKeys.forgetAll();
    expect(await list()).toEqual(named);
  });
});
