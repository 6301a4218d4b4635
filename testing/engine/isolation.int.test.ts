import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());

const recordOf = (name: string): string => engine.account(name).patientRecordId ?? '';

async function listedPatients(account: SeedAccount): Promise<string[]> {
  const answer = await engine.send(account, '/v1/patients');
  if (answer.status !== 200) return [`status ${answer.status}`];
  return ((await answer.json()) as { items: { id: string }[] }).items.map((item) => item.id);
}

it("shows each member the patients of the clinics it works in, and nobody else's", async () => {
  const petra = recordOf('Petra Patientson');
  const yusuf = recordOf('Yusuf Yorkson');
  const rita = recordOf('Rita Riverson');
  expect(await listedPatients(engine.account('clinician'))).toEqual([petra]);
  expect(await listedPatients(engine.account('clinician of york'))).toEqual([yusuf]);
  expect(await listedPatients(engine.account('clinician of riverside'))).toEqual([rita]);
  expect((await listedPatients(engine.account('corporate admin'))).sort()).toEqual([petra, yusuf].sort());
});

it('gives a corporate admin rows without names', async () => {
  const answer = await engine.send(engine.account('corporate admin'), '/v1/patients');
  const { items } = (await answer.json()) as { items: { fullName: string | null; state: string }[] };
  expect(items.map((item) => [item.fullName, item.state])).toEqual([
    [null, 'ciphertext'],
    [null, 'ciphertext'],
  ]);
});

it.each(['contractor', 'auditor'])('refuses the %s every patient', async (name) => {
  expect((await engine.send(engine.account(name), '/v1/patients')).status).toBe(403);
});

it.each([
  ['of another clinic', 'Yusuf Yorkson'],
  ['of another tenant', 'Rita Riverson'],
])('answers for a record %s as for one that never existed', async (_relation, owner) => {
  const clinician = engine.account('clinician');
  const hidden = await engine.send(clinician, `/v1/patients/${recordOf(owner)}`);
  const never = await engine.send(clinician, `/v1/patients/${randomUUID()}`);
  expect(hidden.status).toBe(404);
  expect(never.status).toBe(404);
  const strip = (text: string) => text.replace(/"requestId":"[^"]+"/, '');
  expect(strip(await hidden.text())).toBe(strip(await never.text()));
});

it("shows a patient the own record, and no list of others'", async () => {
  const petra = engine.account('Petra Patientson');
  expect((await engine.send(petra, '/v1/me/record')).status).toBe(200);
  expect((await engine.send(petra, `/v1/patients/${recordOf('Yusuf Yorkson')}`)).status).toBe(404);
  expect(await listedPatients(petra)).toEqual([recordOf('Petra Patientson')]);
});

it('sees no row once the membership has ended, with the same token', async () => {
  const york = engine.account('clinician of york');
  const admin = new pg.Client(engine.stores.admin('clinical'));
  await admin.connect();
  const change = 'UPDATE clinical.memberships SET ended_at = $2 WHERE account_id = $1';
  try {
    await admin.query(change, [york.accountId, new Date()]);
    expect(await listedPatients(york)).toEqual([]);
    await admin.query(change, [york.accountId, null]);
    expect(await listedPatients(york)).toHaveLength(1);
  } finally {
    await admin.end();
  }
});

it.each([
  ['without a token', null, 401],
  ['with a token of another audience', { aud: 'somebody-else' }, 401],
  ['with an expired token', { exp: 1_700_000_000 }, 401],
  ['with a token of another issuer', { iss: 'https://evil.example' }, 401],
  ['with a role that nobody declared', { role: 'role.superuser' }, 401],
] as const)('refuses a request %s', async (_name, change, status) => {
  const headers = new Headers();
  if (change !== null)
    headers.set('authorization', `Bearer ${await engine.token(engine.account('clinician'), change)}`);
  const answer = await fetch(`${engine.running.url}/v1/patients`, { headers });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});

it('asks those who administer for a second factor, whatever the provider let through', async () => {
  const token = await engine.token(engine.account('admin'), { acr: 'urn:cordon:acr:password' });
  const answer = await fetch(`${engine.running.url}/v1/patients`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(403);
});
