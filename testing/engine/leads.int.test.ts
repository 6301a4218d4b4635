import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
let receptionist: SeedAccount;
beforeAll(async () => {
  engine = await runEngine();
  receptionist = engine.account('receptionist');
});
afterAll(() => engine.close());

function send(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  return engine.send(receptionist, path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const enquiry = (change: object = {}) => ({
  clinicId: receptionist.clinicIds[0],
  fullName: 'Lena Leadson',
  contact: 'lena@example.org',
  message: 'Do you fit braces? My card is 4111 1111 1111 1111',
  consentToContact: true,
  consentWordingVersion: 2,
  ...change,
});

async function add(headers: Record<string, string> = {}, change: object = {}): Promise<string> {
  const answer = await send('POST', '/v1/leads', enquiry(change), headers);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

it('is kept in the marketing store as ciphertext, without its card number, and opened to whom the policy lets', async () => {
  const id = await add();
  const answer = await engine.send(receptionist, `/v1/leads/${id}`);
  expect(await answer.json()).toMatchObject({
    fullName: 'Lena Leadson',
    contact: 'lena@example.org',
    message: 'Do you fit braces? My card is [REDACTED-PAN]',
    state: 'new',
  });
  const client = new pg.Client(engine.stores.admin('marketing'));
  await client.connect();
  const { rows } = await client.query<{ text: string }>('SELECT l::text AS text FROM marketing.leads l');
  await client.end();
  expect(rows.map((row) => row.text).join()).not.toContain(Buffer.from('Leadson').toString('hex'));
  expect((await engine.send(engine.account('clinician'), `/v1/leads/${id}`)).status).toBe(403);
  expect((await engine.send(engine.account('clinician of riverside'), '/v1/leads')).status).toBe(403);
  expect((await engine.send(engine.account('contractor'), `/v1/leads/${id}`)).status).toBe(200);
});

it('is one row when its creation is sent twice with its key, and refuses the key for another', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const ids = await Promise.all([add(headers), add(headers)]);
  ids.push(await add(headers));
  expect(new Set(ids).size).toBe(1);
  expect((await send('POST', '/v1/leads', enquiry({ contact: '01632 960123' }), headers)).status).toBe(422);
});

it('changes its state from the version that was read, once, and shows the states that were', async () => {
  const id = await add();
  const tag = (await engine.send(receptionist, `/v1/leads/${id}`)).headers.get('etag') ?? '';
  const answers = await Promise.all(
    ['contacted', 'closed'].map((state) => send('PATCH', `/v1/leads/${id}`, { state }, { 'if-match': tag })),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
  expect((await send('PATCH', `/v1/leads/${id}`, { state: 'closed' })).status).toBe(428);
  const history = (await (await engine.send(receptionist, `/v1/leads/${id}/history`)).json()) as {
    items: { version: number; state: string }[];
  };
  expect(history.items.map((item) => item.version)).toEqual([2, 1]);
  expect(history.items[1]?.state).toBe('new');
});
