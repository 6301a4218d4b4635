import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badInputs } from '../forms/bad-inputs.ts';
import { loadForm } from '../forms/cases.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';
import { uploadForm } from './upload-form.ts';

let engine: TestEngine;
let receptionist: SeedAccount;
beforeAll(async () => {
  engine = await runEngine();
  receptionist = engine.account('receptionist');
});
afterAll(() => engine.close());

async function countRows(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [store, table] of [
    ['clinical', 'clinical.patients'],
    ['clinical', 'clinical.intake_forms'],
    ['clinical', 'clinical.outbox'],
    ['vault', 'vault.patient_keys'],
  ] as const) {
    const client = new pg.Client(engine.stores.admin(store));
    await client.connect();
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    counts[table] = rows[0]?.n ?? -1;
    await client.end();
  }
  return counts;
}

describe('an upload that is no form', () => {
  it.each([...badInputs.map((input) => [input.shows, input] as const)])(
    'is refused with a clear problem and stores nothing: %s',
    async (_name, input) => {
      const before = await countRows();
      const answer = await uploadForm(engine, receptionist, await input.make(), {
        filename: input.fileName,
      });
      expect(answer.status).toBe(input.status);
      const problem = (await answer.json()) as { title: string; code: string };
      expect(problem.code).toBe(input.code);
      expect(problem.title).toMatch(/\.$/);
      expect(await countRows()).toEqual(before);
    },
  );

  it('is refused when it is a form in another language, naming what was not found', async () => {
    const before = await countRows();
    const answer = await uploadForm(engine, receptionist, await loadForm('in-french'));
    expect(answer.status).toBe(422);
    const problem = (await answer.json()) as { fields: { field: string; reason: string }[] };
    expect(problem.fields.map((each) => each.field)).toContain('fullName');
    expect(await countRows()).toEqual(before);
  });

  it('still takes a good form afterwards', async () => {
    expect((await uploadForm(engine, receptionist, await loadForm('boxed-clean'))).status).toBe(201);
  });
});

describe('an upload whose parts cannot be told apart', () => {
  const boundaried = 'multipart/form-data; boundary=x';
  const field = '--x\r\ncontent-disposition: form-data; name="clinicId"\r\n\r\n';
  const file = '\r\n--x\r\ncontent-disposition: form-data; name="form"; filename="a.png"\r\n\r\n';

  it.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    ['with an empty boundary', 'multipart/form-data; boundary=""', 'x'],
    ['cut inside a field', boundaried, () => `${field}875e5dbe`],
    ['cut inside the file', boundaried, () => `${field}${receptionist.clinicIds[0] ?? ''}${file}abc`],
    [
      'with two files',
      boundaried,
      () => `${field}${receptionist.clinicIds[0] ?? ''}${file}abc${file}def\r\n--x--\r\n`,
    ],
  ])('is refused: %s', async (_name, type, body) => {
    const answer = await engine.send(receptionist, '/v1/intake-forms', {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : body(),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'intake-part-missing' });
  });
});

it('answers what is no HTTP with a problem document of its own', async () => {
  const { port } = new URL(engine.running.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end('BREW / HTTP/1.1\r\n\r\n');
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(text).toContain('application/problem+json');
  expect(text).toContain('"code":"request-invalid"');
});

describe('a request that is not well formed', () => {
  const clinician = () => engine.account('clinician');

  it.each([
    ['an id that is none', '/v1/patients/%00'],
    ['an id with a quote', "/v1/patients/'%20OR%201=1"],
    ['a limit out of range', '/v1/patients?limit=100000'],
    ['a cursor made up', '/v1/patients?cursor=bm90LW91cnM'],
    ['a cursor of numbers', `/v1/patients?cursor=${Buffer.from('[1,2]').toString('base64url')}`],
    ['a clinic that is no id', '/v1/patients?clinicId=all'],
    ['a filter that does not exist', '/v1/patients?clinicid=x'],
    ['a filter in brackets', '/v1/patients?clinicId[]=x'],
    [
      'a cursor in the year 0',
      `/v1/patients?cursor=${Buffer.from('["0000-01-01T00:00:00.000000Z","875e5dbe-026a-4c61-b63b-1d681650540b"]').toString('base64url')}`,
    ],
  ])('is answered with 400 and no internals: %s', async (_name, path) => {
    const answer = await engine.send(clinician(), path);
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(/stack|select |pg_|node_modules/i);
  });

  it('answers addresses that would break a careless URL parser', async () => {
    for (const path of ['//', '//x', '/%ff', '/..%2f..%2fetc/passwd'])
      expect([400, 404]).toContain((await engine.send(null, path)).status);
  });

  it.each([
    ['no body', undefined, 'application/json'],
    ['JSON that is cut', '{"clinicId":', 'application/json'],
    ['a prototype', '{"__proto__":{"role":"role.admin"},"clinicId":"x"}', 'application/json'],
    ['another content type', '<alert/>', 'application/xml'],
    ['65 KiB of it', JSON.stringify({ message: 'x'.repeat(66_000) }), 'application/json'],
  ])('is refused as an alert: %s', async (_name, body, type) => {
    const answer = await engine.send(receptionist, '/v1/alerts', {
      method: 'POST',
      headers: { 'content-type': type },
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  it.each([
    ['NUL', 'pain\0'],
    ['a right-to-left override', 'pain \u202Egnp.exe'],
    ['nothing but spaces', '   '],
    ['more than 1,000 characters', 'x'.repeat(1_001)],
  ])('refuses an alert whose message has %s', async (_name, message) => {
    const clinicId = receptionist.clinicIds[0];
    const patientId = engine.account('Petra Patientson').patientRecordId;
    const answer = await engine.send(receptionist, '/v1/alerts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clinicId, patientId, urgency: 'urgent', message }),
    });
    expect(answer.status).toBe(400);
  });

  it('raises an alert with its card number gone, for a patient of the clinic and for no other', async () => {
    const raise = (patientId: string | null) =>
      engine.send(receptionist, '/v1/alerts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          clinicId: receptionist.clinicIds[0],
          patientId,
          urgency: 'urgent',
          message: 'Paid with 4111 1111 1111 1111, swelling',
        }),
      });
    expect((await raise(engine.account('Petra Patientson').patientRecordId)).status).toBe(201);
    expect((await raise(engine.account('Yusuf Yorkson').patientRecordId)).status).toBe(404);
    expect((await raise(engine.account('Rita Riverson').patientRecordId)).status).toBe(404);
    const listed = await engine.send(engine.account('clinician'), '/v1/alerts');
    const { items } = (await listed.json()) as { items: { message: string }[] };
    expect(items.map((item) => item.message)).toEqual(['Paid with [REDACTED-PAN], swelling']);
  });
});
