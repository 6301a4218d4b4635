import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
let clinician: SeedAccount;
let corporate: SeedAccount;
let petra: string;
let yusuf: string;
beforeAll(async () => {
  engine = await runEngine();
  clinician = engine.account('clinician');
  corporate = engine.account('corporate admin');
  petra = engine.account('Petra Patientson').patientRecordId ?? '';
  yusuf = engine.account('Yusuf Yorkson').patientRecordId ?? '';
});
afterAll(() => engine.close());

/** A session of its own: the same token for each request, as a browser's session server would send it. */
async function session(account: SeedAccount, change: Record<string, unknown> = {}) {
  const token = await engine.token(account, change);
  return (method: string, path: string, body?: unknown) =>
    fetch(`${engine.running.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
}

async function asAdministrator(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(engine.stores.admin('clinical'));
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function auditOf(resourceId: string): Promise<string[]> {
  const client = new pg.Client(engine.stores.admin('audit'));
  await client.connect();
  const { rows } = await client.query<{ said: string }>(
    `SELECT concat_ws(' ', action, decision, reason_code, outcome) AS said FROM audit.audit_logs WHERE resource_id = $1 ORDER BY at`,
    [resourceId],
  );
  await client.end();
  return rows.map((row) => row.said);
}

const reason = 'Unconscious in the waiting room, allergies unknown';
const stale = () => ({ auth_time: Math.floor(Date.now() / 1000) - 3_600 });

describe('breaking glass', () => {
  it('opens one record of another clinic to one clinician, and nothing else to anybody', async () => {
    const as = await session(clinician);
    expect((await as('GET', `/v1/patients/${yusuf}`)).status).toBe(404);
    const opened = await as('POST', '/v1/break-glass-grants', { patientId: yusuf, reason });
    expect(opened.status, await opened.clone().text()).toBe(201);
    const grant = (await opened.json()) as { id: string; expiresAt: string };
    const minutes = (Date.parse(grant.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(58);
    expect(minutes).toBeLessThanOrEqual(60.1);
    const read = await as('GET', `/v1/patients/${yusuf}`);
    expect(read.status).toBe(200);
    expect(await read.json()).toMatchObject({ profile: { fullName: 'Yusuf Yorkson' } });
    // Reading is what it opens: no change, no row made.
    const change = await fetch(`${engine.running.url}/v1/patients/${yusuf}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${await engine.token(clinician)}`,
        'content-type': 'application/json',
        'if-match': `"${yusuf}.1"`,
      },
      body: JSON.stringify({ phone: '01632 960001' }),
    });
    expect(change.status).toBe(403);
    const others = await Promise.all(
      ['receptionist', 'contractor', 'Petra Patientson'].map((name) =>
        engine.send(engine.account(name), `/v1/patients/${yusuf}`),
      ),
    );
    for (const answer of others) expect([403, 404]).toContain(answer.status);
    expect(await auditOf(yusuf)).toContain('record.opened permit granted-break-glass none');
    expect((await auditOf(grant.id))[0]).toBe('break-glass.opened permit granted intent');
    expect(engine.logLines()).toContain('SECURITY_EVENT:BREAK_GLASS');
    expect(engine.logLines()).not.toContain('Unconscious');
    // Whom the clinic has named is told by a job: that, where, and nothing of whom.
    await vi.waitFor(
      () => {
        expect(engine.logLines()).toContain('"event":"alert notice"');
      },
      { timeout: 30_000 },
    );
  });

  it('opens a restricted record of the own clinic, and closes when the time is over', async () => {
    const placed = [clinician.tenantId, randomUUID(), clinician.clinicIds[0], petra];
    await asAdministrator(
      `INSERT INTO clinical.restrictions (tenant_id, id, clinic_id, patient_id, key_id, reason, placed_by)
       SELECT $1, $2, $3, $4, 'x', full_name, $2 FROM clinical.patients WHERE id = $4`,
      placed,
    );
    const as = await session(clinician);
    expect((await as('GET', `/v1/patients/${petra}`)).status).toBe(404);
    expect((await as('POST', '/v1/break-glass-grants', { patientId: petra, reason })).status).toBe(201);
    expect((await as('GET', `/v1/patients/${petra}`)).status).toBe(200);
    await asAdministrator(
      `UPDATE clinical.break_glass_grants SET granted_at = now() - interval '2 hours', expires_at = now() - interval '61 minutes'`,
    );
    for (const patient of [petra, yusuf])
      expect((await as('GET', `/v1/patients/${patient}`)).status).toBe(404);
    await asAdministrator('DELETE FROM clinical.restrictions');
  });

  it.each([
    ['without a fresh factor', 'clinician', stale, 403, 'fresh-factor-required'],
    ['as a receptionist', 'receptionist', () => ({}), 403, 'access-denied'],
    ['as an administrator', 'admin', () => ({}), 403, 'access-denied'],
  ])('is refused %s', async (_how, name, change, status, code) => {
    const as = await session(engine.account(name), change());
    const answer = await as('POST', '/v1/break-glass-grants', { patientId: yusuf, reason });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });

  it('is refused without a reason, and for a patient of another tenant as for nobody', async () => {
    const as = await session(clinician);
    expect((await as('POST', '/v1/break-glass-grants', { patientId: yusuf, reason: 'urgent' })).status).toBe(
      400,
    );
    const rita = engine.account('Rita Riverson').patientRecordId;
    expect((await as('POST', '/v1/break-glass-grants', { patientId: rita, reason })).status).toBe(404);
  });

  it('is reviewed once, by who administers the clinic', async () => {
    const as = await session(clinician);
    const made = await as('POST', '/v1/break-glass-grants', { patientId: yusuf, reason });
    const { id } = (await made.json()) as { id: string };
    const admin = await session(engine.account('admin'));
    const queue = (await (await admin('GET', '/v1/break-glass-grants')).json()) as { items: object[] };
    expect(queue.items).toContainEqual(
      expect.objectContaining({ id, reason, accountId: clinician.accountId }),
    );
    const review = () => admin('POST', `/v1/break-glass-grants/${id}/review`, { review: 'not-justified' });
    expect((await review()).status).toBe(200);
    expect((await review()).status).toBe(412);
    const rest = (await (await admin('GET', '/v1/break-glass-grants')).json()) as { items: { id: string }[] };
    expect(rest.items.map((item) => item.id)).not.toContain(id);
    expect((await as('GET', '/v1/break-glass-grants')).status).toBe(403);
  });

  it('writes the reason nowhere in the clear', async () => {
    const rows = await asAdministrator('SELECT g::text AS text FROM clinical.break_glass_grants g');
    expect(rows.length).toBeGreaterThan(0);
    for (const { text } of rows)
      expect(String(text)).not.toContain(Buffer.from('Unconscious').toString('hex'));
  });
});

describe('a corporate admin', () => {
  it('sees rows without names and figures without small counts, until the switch into one clinic', async () => {
    const as = await session(corporate);
    const [leeds, york] = engine.plan.tenants[0]?.clinics.map((clinic) => clinic.id) ?? [];
    const figures = (await (await as('GET', '/v1/figures')).json()) as {
      items: { patients: number | null }[];
    };
    expect(figures.items.map((item) => item.patients)).toEqual([null, null]);
    const opened = (await (await as('GET', `/v1/patients/${petra}`)).json()) as { profile: unknown };
    expect(opened.profile).toBeNull();
    const refused = await as('GET', '/v1/appointments');
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      403,
      'clinic-switch-required',
    ]);

    expect((await as('POST', '/v1/clinic-switch', { clinicId: leeds })).status).toBe(201);
    expect(await (await as('GET', `/v1/patients/${petra}`)).json()).toMatchObject({
      profile: { fullName: 'Petra Patientson' },
    });
    expect((await as('GET', '/v1/appointments')).status).toBe(200);
    const other = (await (await as('GET', `/v1/patients/${yusuf}`)).json()) as { profile: unknown };
    expect(other.profile).toBeNull();
    // Another session of the same account has not switched.
    const elsewhere = await session(corporate);
    expect(
      ((await (await elsewhere('GET', `/v1/patients/${petra}`)).json()) as { profile: unknown }).profile,
    ).toBeNull();
    expect((await as('POST', '/v1/clinic-switch', { clinicId: york })).status).toBe(201);
    expect(
      ((await (await as('GET', `/v1/patients/${petra}`)).json()) as { profile: unknown }).profile,
    ).toBeNull();
    expect((await as('DELETE', '/v1/clinic-switch')).status).toBe(200);
    expect(
      ((await (await as('GET', `/v1/patients/${yusuf}`)).json()) as { profile: unknown }).profile,
    ).toBeNull();
    expect((await auditOf(york ?? '')).map((said) => said.split(' ')[0])).toContain('clinic-switch.ended');
  });

  it.each([
    ['without a fresh factor', stale, () => engine.plan.tenants[0]?.clinics[0]?.id, 403],
    ['into a clinic of another tenant', () => ({}), () => engine.plan.tenants[1]?.clinics[0]?.id, 404],
  ])('does not switch %s', async (_how, change, clinic, status) => {
    const as = await session(corporate, change());
    expect((await as('POST', '/v1/clinic-switch', { clinicId: clinic() })).status).toBe(status);
  });

  it('writes nothing in the clinic', async () => {
    const as = await session(corporate);
    const clinicId = engine.plan.tenants[0]?.clinics[0]?.id;
    expect((await as('POST', '/v1/clinic-switch', { clinicId })).status).toBe(201);
    const answer = await as('POST', '/v1/billing-records', { clinicId, patientId: petra, amountPence: 1 });
    expect(answer.status).toBe(403);
  });
});
