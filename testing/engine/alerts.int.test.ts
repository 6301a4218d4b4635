import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAlertStream } from './alert-console.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
let admin: pg.Client;
let audit: pg.Client;
let second: SeedAccount;

beforeAll(async () => {
  engine = await runEngine();
  admin = new pg.Client(engine.stores.admin('clinical'));
  audit = new pg.Client(engine.stores.admin('audit'));
  await Promise.all([admin.connect(), audit.connect()]);
  second = { ...engine.account('clinician'), accountId: randomUUID(), displayName: 'second clinician' };
  await admin.query(
    `INSERT INTO clinical.memberships (tenant_id, account_id, role, clinic_id) VALUES ($1, $2, 'role.clinician', $3)`,
    [second.tenantId, second.accountId, second.clinicIds[0]],
  );
});
afterAll(async () => {
  await Promise.all([admin.end(), audit.end()]);
  await engine.close();
});

async function raise(message: string): Promise<string> {
  const patient = engine.account('Petra Patientson');
  const answer = await engine.send(engine.account('receptionist'), '/v1/alerts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      clinicId: patient.clinicIds[0],
      patientId: patient.patientRecordId,
      urgency: 'urgent',
      message,
    }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

const acknowledge = (account: SeedAccount, id: string): Promise<Response> =>
  engine.send(account, `/v1/alerts/${id}/acknowledge`, { method: 'POST' });

async function stateOf(id: string): Promise<string | undefined> {
  const { rows } = await admin.query<{ state: string }>('SELECT state FROM clinical.alerts WHERE id = $1', [
    id,
  ]);
  return rows[0]?.state;
}

async function auditOf(id: string): Promise<string[]> {
  const { rows } = await audit.query<{ step: string }>(
    `SELECT i.action || ' ' || coalesce((SELECT o.outcome FROM audit.audit_logs o WHERE o.intent_id = i.id LIMIT 1), i.outcome) AS step
     FROM audit.audit_logs i WHERE i.resource_id = $1 AND i.intent_id IS NULL AND i.outcome = 'intent' AND i.action <> 'alert.notified' ORDER BY i.at`,
    [id],
  );
  return rows.map((row) => row.step);
}

describe('an alert', () => {
  it('reaches the clinic’s open consoles as it is raised, is delivered, and is taken with one tap', async () => {
    const clinician = engine.account('clinician');
    const console = await openAlertStream(engine, clinician);
    const elsewhere = await openAlertStream(engine, engine.account('clinician of york'));
    const otherTenant = await openAlertStream(engine, engine.account('clinician of riverside'));
    const id = await raise('Swelling since this morning');
    const event = await console.next((each) => each.id === id && each.change === 'PENDING');
    expect(event).toMatchObject({ message: 'Swelling since this morning', urgency: 'urgent' });
    await console.next((each) => each.id === id && each.change === 'DELIVERED');

    expect((await acknowledge(clinician, id)).status).toBe(200);
    await console.next((each) => each.id === id && each.change === 'ACKNOWLEDGED');
    // A second tap is the same answer; somebody else's is told that it is taken.
    expect((await acknowledge(clinician, id)).status).toBe(200);
    const late = await acknowledge(second, id);
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([409, 'alert-settled']);
    await expect
      .poll(() => auditOf(id))
      .toEqual([
        'record.created success',
        'alert.delivered success',
        'alert.acknowledged success',
        'alert.acknowledged failure',
      ]);
    expect(console.seen().filter((each) => each.id === id)).toHaveLength(3);
    expect([...elsewhere.seen(), ...otherTenant.seen()]).toEqual([]);
    for (const each of [console, elsewhere, otherTenant]) each.close();
  });

  it('is told to a console that comes back, once, and nothing else again', async () => {
    const clinician = engine.account('clinician');
    const before = await openAlertStream(engine, clinician);
    const first = await raise('Bleeding');
    await before.next((each) => each.id === first && each.change === 'DELIVERED');
    before.close();
    const missed = [await raise('Lost filling'), await raise('Fever')];
    const after = await openAlertStream(engine, clinician, before.lastEventId());
    for (const id of missed) await after.next((each) => each.id === id && each.change === 'DELIVERED');
    const news = after.seen().filter((each) => each.change === 'PENDING');
    expect(news.map((each) => each.id)).toEqual(missed);
    expect(after.seen().some((each) => each.id === first)).toBe(false);
    after.close();
  });

  it('begins anew, with what is open, for a place that is not one of ours', async () => {
    const id = await raise('Toothache');
    const console = await openAlertStream(engine, second, `${randomUUID()}.3,nonsense`);
    expect(console.open().map((each) => each.id)).toContain(id);
    console.close();
  });

  it('goes to another clinician once when nobody takes it in time, and can still be taken', async () => {
    await admin.query('ALTER TABLE clinical.clinics DROP CONSTRAINT clinics_alert_timeout_check');
    await admin.query("UPDATE clinical.clinics SET alert_timeout = '1 second'");
    const id = await raise('Cannot swallow');
    await expect.poll(() => stateOf(id)).toBe('ESCALATED');
    const { rows } = await admin.query<{ assigned_to: string }>(
      'SELECT assigned_to FROM clinical.alerts WHERE id = $1',
      [id],
    );
    expect([engine.account('clinician').accountId, second.accountId]).toContain(rows[0]?.assigned_to);
    await expect.poll(() => auditOf(id)).toContain('alert.escalated success');
    expect((await acknowledge(second, id)).status).toBe(200);
    const taken = await raise('Cannot open the mouth');
    expect((await acknowledge(second, taken)).status).toBe(200);
    const other = await raise('Also cannot swallow');
    await expect.poll(() => stateOf(other)).toBe('ESCALATED');
    expect(await stateOf(taken)).toBe('ACKNOWLEDGED');
    await admin.query("UPDATE clinical.clinics SET alert_timeout = '10 minutes'");
  });
});

describe('a live view', () => {
  it('ends with its session', async () => {
    const sid = randomUUID();
    const console = await openAlertStream(engine, engine.account('clinician'), undefined, { sid });
    await admin.query(
      `INSERT INTO clinical.revoked_sessions (sid_hash, until) VALUES (sha256(convert_to($1, 'UTF8')), now() + interval '1 hour')`,
      [sid],
    );
    // Revocations are read each second; a change after that finds the session over.
    await expect
      .poll(async () => (await raise('After the end'), console.ended()), { interval: 500 })
      .toBe(true);
  });

  it('is one of few at once', async () => {
    const opened = await Promise.all(Array.from({ length: 6 }, () => openAlertStream(engine, second)));
    const answer = await engine.send(second, '/v1/alerts/stream');
    expect(answer.status).toBe(429);
    for (const each of opened) each.close();
    await expect
      .poll(async () => {
        const again = await engine.send(second, '/v1/alerts/stream');
        await again.body?.cancel();
        return again.status;
      })
      .toBe(200);
  });

  it('tells a locked console numbers and nothing else, and counts as delivered to nobody', async () => {
    const clinician = engine.account('clinician');
    const leaving = new AbortController();
    const answer = await fetch(`${engine.running.url}/v1/alerts/stream?view=badge`, {
      headers: { authorization: `Bearer ${await engine.token(clinician)}`, accept: 'text/event-stream' },
      signal: leaving.signal,
    });
    const reader = (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? '';
    const count = () => Number(/"open":(\d+)[^]*$/.exec(text.slice(text.lastIndexOf('event:')))?.[1]);
    const before = count();
    const id = await raise('Only the number of it may be told');
    while (count() === before) text += (await reader.read()).value ?? '';
    expect(count()).toBe(before + 1);
    expect(text).not.toContain('Only the number');
    expect(text).not.toContain(id);
    expect(await stateOf(id)).toBe('PENDING');
    leaving.abort();
    expect((await acknowledge(clinician, id)).status).toBe(200);
  });
});
