import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './key-jobs.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

// NHS Data Dictionary: numbers that begin with 999 are for tests and never issued.
const number = '999 000 0018';
const ours = '999 000 0026';
const nobodys = '999 000 0034';
const reason = 'Unconscious in the waiting room, allergies unknown';
const path = '/v1/break-glass-grants/by-nhs-number';

let engine: TestEngine;
let clinician: SeedAccount;
const post = (account: SeedAccount, to: string, body: object, token?: string): Promise<Response> =>
  engine.send(account, to, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: token }) },
    body: JSON.stringify(body),
  });

async function add(account: SeedAccount, nhsNumber: string): Promise<string> {
  const answer = await post(account, '/v1/patients', {
    clinicId: account.clinicIds[0],
    fullName: 'Nora Numbered',
    dateOfBirth: '1960-05-04',
    nhsNumber,
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

const countGrants = async () =>
  (
    await ask<{ n: number }>(engine, 'clinical', 'SELECT count(*)::int AS n FROM clinical.break_glass_grants')
  )[0]?.n;

beforeAll(async () => {
  engine = await runEngine();
  clinician = engine.account('clinician');
});
afterAll(() => engine.close());

describe('breaking glass for an NHS number', () => {
  it('opens the records of other clinics with exactly this number, each with its own entry, notice and review', async () => {
    const york = await add(engine.account('clinician of york'), number);
    expect((await engine.send(clinician, `/v1/patients/${york}`)).status).toBe(404);
    const answer = await post(clinician, path, { nhsNumber: number, reason });
    expect(answer.status, await answer.clone().text()).toBe(201);
    const { items } = (await answer.json()) as {
      items: { id: string; patientId: string; clinicId: string }[];
    };
    expect(items).toMatchObject([
      { patientId: york, clinicId: engine.account('clinician of york').clinicIds[0] },
    ]);
    expect((await engine.send(clinician, `/v1/patients/${york}`)).status).toBe(200);
    const jobs = await ask(
      engine,
      'clinical',
      `SELECT FROM clinical.outbox WHERE task = 'notify-break-glass' AND resource_id = '${items[0]?.id ?? ''}'`,
    );
    expect(jobs).toHaveLength(1);
    const reviews = await engine.send(engine.account('admin'), '/v1/break-glass-grants');
    expect(await reviews.json()).toMatchObject({ items: [{ id: items[0]?.id, reason }] });
    // Now it is open, and asking again opens nothing.
    const again = await post(clinician, path, { nhsNumber: number, reason });
    expect(await again.json()).toMatchObject({ code: 'record-open' });
  });

  it('says of another tenant’s record, and of nobody’s number, the same: nothing, and that is written down', async () => {
    await add(engine.account('clinician of riverside'), nobodys);
    const before = await countGrants();
    const texts: string[] = [];
    for (const nhsNumber of [nobodys, '9434765919']) {
      const answer = await post(clinician, path, { nhsNumber, reason });
      expect(answer.status).toBe(404);
      const { requestId, ...told } = (await answer.json()) as { requestId: string };
      expect(requestId).not.toBe('');
      texts.push(JSON.stringify(told));
    }
    expect(texts[0]).toBe(texts[1]);
    expect(await countGrants()).toBe(before);
    const refused = await ask<{ entry: string }>(
      engine,
      'audit',
      `SELECT l::text AS entry FROM audit.audit_logs l WHERE action = 'break-glass.opened' AND reason_code = 'no-such-record'`,
    );
    expect(refused).toHaveLength(2);
    expect(JSON.stringify(refused)).not.toMatch(/9434765919|9990000034/);
  });

  it('leaves a record of the own clinic to the ordinary search', async () => {
    await add(clinician, ours);
    const answer = await post(clinician, path, { nhsNumber: ours, reason });
    expect(answer.status).toBe(409);
  });

  it('is refused without a fresh factor, a reason or a number, and to everybody but clinicians', async () => {
    const before = await countGrants();
    const stale = await engine.token(clinician, { auth_time: Math.floor(Date.now() / 1000) - 3_600 });
    const late = await fetch(`${engine.running.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stale}`, 'content-type': 'application/json' },
      body: JSON.stringify({ nhsNumber: ours, reason }),
    });
    expect(await late.json()).toMatchObject({ code: 'fresh-factor-required' });
    const york = engine.account('clinician of york');
    for (const body of [
      { nhsNumber: ours },
      { nhsNumber: ours, reason: 'why' },
      { nhsNumber: '999 000 0019', reason },
      { nhsNumber: '%', reason },
    ])
      expect((await post(york, path, body)).status, JSON.stringify(body)).toBe(400);
    for (const name of ['receptionist', 'admin', 'corporate admin', 'Petra Patientson'])
      expect((await post(engine.account(name), path, { nhsNumber: ours, reason })).status, name).toBe(403);
    expect(await countGrants()).toBe(before);
  });

  it('is no way to try numbers out: ten in ten minutes', async () => {
    const york = engine.account('clinician of york');
    const statuses: number[] = [];
    for (let each = 0; each < 12; each += 1)
      statuses.push((await post(york, path, { nhsNumber: '9434765919', reason })).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
