import { get } from 'node:http';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPatient } from './patient-requests.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
let receptionist: SeedAccount;
let clinician: SeedAccount;
let petra: SeedAccount;
beforeAll(async () => {
  engine = await runEngine();
  receptionist = engine.account('receptionist');
  clinician = engine.account('clinician');
  petra = engine.account('Petra Patientson');
});
afterAll(() => engine.close());

function send(
  account: SeedAccount,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) {
  return engine.send(account, path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const add = (profile: { readonly fullName: string } & Readonly<Record<string, unknown>>) =>
  addPatient(engine, profile);

async function search(
  account: SeedAccount,
  terms: object,
): Promise<{ names: (string | null)[]; more: boolean }> {
  const answer = await send(account, 'POST', '/v1/patients/search', terms);
  expect(answer.status, await answer.clone().text()).toBe(200);
  const { items, more } = (await answer.json()) as { items: { fullName: string | null }[]; more: boolean };
  return { names: items.map((item) => item.fullName), more };
}

async function tagOf(account: SeedAccount, id: string): Promise<string> {
  return (await engine.send(account, `/v1/patients/${id}`)).headers.get('etag') ?? '';
}

it('a day’s list asks for the people of its appointments alone, and for no others', async () => {
  const [one, other] = [await add({ fullName: 'Wanted Person' }), await add({ fullName: 'Another Person' })];
  const ask = (ids: string) => engine.send(receptionist, `/v1/patients?ids=${ids}&limit=100`);
  const { items } = (await (await ask(one)).json()) as { items: { id: string; fullName: string }[] };
  expect(items).toMatchObject([{ id: one, fullName: 'Wanted Person' }]);
  const both = (await (await ask(`${one.toUpperCase()},${other}`)).json()) as { items: unknown[] };
  expect(both.items).toHaveLength(2);
  for (const wrong of ['', 'x', `${one},`, Array(101).fill(one).join(',')])
    expect((await ask(wrong)).status).toBe(400);
});

describe('the search of patients', () => {
  const people = [
    'Anna Smith',
    'Anthony Smyth',
    'Katherine Ångström',
    'Philippa Schmidt',
    'Wei Li',
    'John Smithson',
  ];
  beforeAll(async () => {
    for (const fullName of people) await add({ fullName });
    await add({
      fullName: 'Marjorie Details',
      dateOfBirth: '1971-11-30',
      phone: '+44 1632 960777',
      email: 'Marjorie@Example.org',
      nhsNumber: '943 476 5919',
    });
  });

  it.each([
    ['Smi', ['Anna Smith', 'Anthony Smyth', 'John Smithson']],
    ['smy', ['Anna Smith', 'Anthony Smyth', 'John Smithson']],
    ['Smith', ['Anna Smith', 'Anthony Smyth', 'John Smithson', 'Philippa Schmidt']],
    ['anna smi', ['Anna Smith']],
    ['angstrom', ['Katherine Ångström']],
    ['Filippa', ['Philippa Schmidt']],
    ['Catherine', ['Katherine Ångström']],
    ['li', ['Wei Li']],
    ['Nobody', []],
  ])('for the name %s finds %j', async (name, names) => {
    const found = await search(receptionist, { name });
    expect(found.names.toSorted()).toEqual(names.toSorted());
    expect(found.more).toBe(false);
  });

  it('shows whole names before what only sounds alike', async () => {
    const { names } = await search(receptionist, { name: 'Smith' });
    expect(names[0]).toBe('Anna Smith');
  });

  it.each([
    ['date of birth', { dateOfBirth: '1971-11-30' }],
    ['phone, however it is dialled', { phone: '01632 960 777' }],
    ['e-mail in any case', { email: 'MARJORIE@example.ORG' }],
    ['NHS number', { nhsNumber: '9434765919' }],
    ['name and date of birth together', { name: 'marj', dateOfBirth: '1971-11-30' }],
  ])('finds by %s', async (_by, terms) => {
    expect((await search(receptionist, terms)).names).toEqual(['Marjorie Details']);
  });

  it('finds nobody by details of two people', async () => {
    expect((await search(receptionist, { name: 'Smith', dateOfBirth: '1971-11-30' })).names).toEqual([]);
  });

  it.each(['clinician of york', 'clinician of riverside'])('shows the %s none of them', async (name) => {
    expect((await search(engine.account(name), { name: 'Smi' })).names).toEqual([]);
  });

  it('shows fifty at most, and says that there are more', async () => {
    for (let n = 0; n < 51; n += 1)
      await add({ fullName: `Zacharias Number ${'abcdefghij'.charAt(n % 10)}` });
    const { names, more } = await search(receptionist, { name: 'Zacharias' });
    expect(names).toHaveLength(50);
    expect(more).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['a clinic alone', { clinicId: randomUUID() }],
    ['a name of punctuation', { name: '...' }],
    ['a day that is none', { dateOfBirth: '2001-02-30' }],
    ['a field that does not exist', { surname: 'Smith' }],
    ['a right-to-left override', { name: 'Smi\u202Eth' }],
  ])('refuses to look for %s', async (_what, terms) => {
    expect((await send(receptionist, 'POST', '/v1/patients/search', terms)).status).toBe(400);
  });
});

describe('a change of a patient', () => {
  it('keeps the history, and is found by the new name and no longer by the old', async () => {
    const id = await add({ fullName: 'Ottoline Oldname' });
    const tag = await tagOf(receptionist, id);
    const answer = await send(
      receptionist,
      'PATCH',
      `/v1/patients/${id}`,
      { fullName: 'Ottoline Newname' },
      { 'if-match': tag },
    );
    expect(answer.status, await answer.clone().text()).toBe(200);
    expect((await search(receptionist, { name: 'Newname' })).names).toEqual(['Ottoline Newname']);
    expect((await search(receptionist, { name: 'Oldname' })).names).toEqual([]);
    const history = await engine.send(clinician, `/v1/patients/${id}/history`);
    const { items } = (await history.json()) as { items: Record<string, unknown>[] };
    expect(items.map((item) => [item['version'], item['fullName'], item['updatedBy']])).toEqual([
      [2, 'Ottoline Newname', receptionist.accountId],
      [1, 'Ottoline Oldname', receptionist.accountId],
    ]);
  });

  it('is refused to a receptionist for the fields that the desk does not see, and those are not in its history', async () => {
    const id = await add({ fullName: 'Fanny Fields' });
    const tag = await tagOf(receptionist, id);
    const refused = await send(
      receptionist,
      'PATCH',
      `/v1/patients/${id}`,
      { address: '1 High Street' },
      { 'if-match': tag },
    );
    expect(refused.status).toBe(403);
    const changed = await send(
      clinician,
      'PATCH',
      `/v1/patients/${id}`,
      { address: '1 High Street' },
      { 'if-match': tag },
    );
    expect(changed.status).toBe(200);
    const history = await (await engine.send(receptionist, `/v1/patients/${id}/history`)).text();
    expect(history).not.toContain('High Street');
  });

  it('lets patients keep up how to reach them, and nothing that says who they are', async () => {
    const id = petra.patientRecordId ?? '';
    const change = async (body: object) =>
      send(petra, 'PATCH', `/v1/patients/${id}`, body, { 'if-match': await tagOf(petra, id) });
    expect((await change({ phone: '01632 960999', emergencyContact: 'Pat, 01632 960998' })).status).toBe(200);
    for (const body of [
      { fullName: 'Somebody Else' },
      { dateOfBirth: '1999-01-01' },
      { nhsNumber: '9434765919' },
    ])
      expect((await change(body)).status).toBe(403);
    const { profile } = (await (await engine.send(petra, '/v1/me/record')).json()) as { profile: object };
    expect(profile).toMatchObject({ fullName: 'Petra Patientson', phone: '01632960999' });
    expect((await search(receptionist, { phone: '01632 960999' })).names).toEqual(['Petra Patientson']);
  });

  it('to a patient of another clinic is answered as one to nobody', async () => {
    const other = engine.account('Yusuf Yorkson').patientRecordId ?? '';
    const headers = { 'if-match': `"${other}.1"` };
    expect(
      (await send(clinician, 'PATCH', `/v1/patients/${other}`, { phone: '01632 960111' }, headers)).status,
    ).toBe(404);
  });
});

it('adds one patient for a creation that is sent twice', async () => {
  const body = { clinicId: receptionist.clinicIds[0], fullName: 'Twice Told', dateOfBirth: '1990-01-02' };
  const headers = { 'idempotency-key': randomUUID() };
  const answers = await Promise.all(
    [1, 2, 3].map(() => send(receptionist, 'POST', '/v1/patients', body, headers)),
  );
  expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
  expect((await search(receptionist, { name: 'Twice' })).names).toEqual(['Twice Told']);
});

it('answers a thousand lists at once, each with its rows or with a plain "later", and the next caller as ever', async () => {
  const authorization = `Bearer ${await engine.token(clinician)}`;
  // By the plain client: fetch gives a connection up that a busy machine takes ten seconds to make.
  const list = () =>
    new Promise<{ status: number | undefined; later: string | undefined }>((resolve, reject) => {
      get(`${engine.running.url}/v1/patients`, { headers: { authorization }, agent: false }, (answer) => {
        answer.resume().once('end', () => {
          resolve({ status: answer.statusCode, later: answer.headers['retry-after'] });
        });
      }).once('error', reject);
    });
  const answers = await Promise.all(Array.from({ length: 1_000 }, list));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 429]));
  for (const answer of answers.filter(({ status }) => status === 429)) expect(answer.later).toBeDefined();
  expect((await engine.send(receptionist, '/v1/patients')).status).toBe(200);
});
