import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeInterval, recordSamples } from './record-bodies.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
let petra: SeedAccount;
let clinician: SeedAccount;
beforeAll(async () => {
  engine = await runEngine();
  petra = engine.account('Petra Patientson');
  clinician = engine.account('clinician');
});
afterAll(() => engine.close());

const segments = [
  'appointments',
  'treatment-plans',
  'clinical-records',
  'billing-records',
  'consent-records',
];
type Shown = Record<string, unknown>;

function sampleOf(segment: string) {
  const sample = recordSamples(clinician).find((each) => each.segment === segment);
  if (sample === undefined) throw new Error(`no sample of ${segment}`);
  return { ...sample, writer: engine.account(sample.writer) };
}

function send(
  account: SeedAccount,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return engine.send(account, path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const placed = (body: object) => ({
  clinicId: petra.clinicIds[0],
  patientId: petra.patientRecordId,
  ...body,
});

async function create(segment: string, change: object = {}): Promise<string> {
  const { writer, create: body } = sampleOf(segment);
  const answer = await send(writer, 'POST', `/v1/${segment}`, placed({ ...body, ...change }));
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

async function open(account: SeedAccount, path: string): Promise<{ shown: Shown; tag: string }> {
  const answer = await engine.send(account, path);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return { shown: (await answer.json()) as Shown, tag: answer.headers.get('etag') ?? '' };
}

async function ask<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client(engine.stores.admin('clinical'));
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

describe.each(segments)('%s', (segment) => {
  it('are added, opened and listed with what was sent', async () => {
    const { writer, create: body } = sampleOf(segment);
    const id = await create(segment, segment === 'appointments' ? freeInterval() : {});
    const { shown } = await open(writer, `/v1/${segment}/${id}`);
    expect(shown['disclosure']).toBe('open');
    for (const [field, value] of Object.entries(body))
      if (!['items', 'startsAt', 'endsAt'].includes(field)) expect(shown[field], field).toEqual(value);
    const { shown: list } = await open(writer, `/v1/${segment}?patientId=${petra.patientRecordId ?? ''}`);
    expect((list['items'] as Shown[]).map((item) => item['id'])).toContain(id);
  });

  it('are one row when their creation is sent twice with its key, also at once', async () => {
    const { writer, create: body } = sampleOf(segment);
    const sent = placed({ ...body, ...(segment === 'appointments' ? freeInterval() : {}) });
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      [1, 2, 3].map(() => send(writer, 'POST', `/v1/${segment}`, sent, headers)),
    );
    answers.push(await send(writer, 'POST', `/v1/${segment}`, sent, headers));
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    const ids = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { id: string }).id),
    );
    expect(new Set(ids).size).toBe(1);
    const other = await send(
      writer,
      'POST',
      `/v1/${segment}`,
      { ...sent, ...sampleOf(segment).other },
      headers,
    );
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: 'idempotency-key-reused' });
  });

  it('are found page by page, each once, in a stable order', async () => {
    const { writer } = sampleOf(segment);
    for (let n = 0; n < 3; n += 1) await create(segment, segment === 'appointments' ? freeInterval() : {});
    const whole = await open(writer, `/v1/${segment}?limit=100`);
    const expected = (whole.shown['items'] as Shown[]).map((item) => item['id']);
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query = cursor === null ? '' : `&cursor=${cursor}`;
      const { shown } = await open(writer, `/v1/${segment}?limit=2${query}`);
      seen.push(...(shown['items'] as Shown[]).map((item) => item['id']));
      cursor = shown['nextCursor'] as string | null;
    } while (cursor !== null);
    expect(seen).toEqual(expected);
    expect(seen.length).toBeGreaterThan(2);
  });
});

describe.each(segments.filter((segment) => !['clinical-records', 'consent-records'].includes(segment)))(
  'a change of %s',
  (segment) => {
    it('keeps what was there before, and tells two people at once who came first', async () => {
      const { writer, change } = sampleOf(segment);
      const id = await create(segment, segment === 'appointments' ? freeInterval() : {});
      const path = `/v1/${segment}/${id}`;
      const before = await open(writer, path);
      const answers = await Promise.all(
        [1, 2].map(() => send(writer, 'PATCH', path, change, { 'if-match': before.tag })),
      );
      expect(answers.map((answer) => answer.status).sort(), await answers[0]?.clone().text()).toEqual([
        200, 412,
      ]);
      const after = await open(writer, path);
      expect(after.tag).not.toBe(before.tag);
      expect(after.shown['version']).toBe(2);
      for (const [field, value] of Object.entries(change ?? {}))
        if (field !== 'items') expect(after.shown[field]).toEqual(value);
      const { shown: history } = await open(writer, `${path}/history`);
      const items = history['items'] as Shown[];
      expect(items.map((item) => item['version'])).toEqual([2, 1]);
      const { items: itemsNow, ...rest } = before.shown;
      expect(items[1]).toMatchObject(rest);
      if (itemsNow !== undefined) expect(items[1]?.['items']).toEqual(itemsNow);
    });

    it.each([
      ['without If-Match', () => undefined, 428],
      ['with any version', () => '*', 428],
      ['with a weak tag', (id: string) => `W/"${id}.1"`, 412],
      ['with the tag of another row', () => `"${randomUUID()}.1"`, 412],
      ['with a version that is not yet', (id: string) => `"${id}.2"`, 412],
    ])('is refused %s', async (_name, tagOf, status) => {
      const { writer, change } = sampleOf(segment);
      const id = await create(segment, segment === 'appointments' ? freeInterval() : {});
      const tag = tagOf(id);
      const headers: Record<string, string> = tag === undefined ? {} : { 'if-match': tag };
      const answer = await send(writer, 'PATCH', `/v1/${segment}/${id}`, change, headers);
      expect(answer.status).toBe(status);
    });
  },
);

it('shows the items of a plan with their costs, and as they were before they were replaced', async () => {
  const id = await create('treatment-plans');
  const path = `/v1/treatment-plans/${id}`;
  const { shown, tag } = await open(clinician, path);
  expect(shown['items']).toMatchObject([
    { summaryText: 'Take impressions', costPence: 12_500 },
    { summaryText: 'Fit the crown', costPence: 48_000 },
  ]);
  const change = { items: [{ state: 'done', summaryText: 'Fit', costPence: 50_000 }] };
  expect((await send(clinician, 'PATCH', path, change, { 'if-match': tag })).status).toBe(200);
  const { shown: after } = await open(clinician, path);
  expect(after['items']).toMatchObject([{ summaryText: 'Fit', costPence: 50_000, state: 'done' }]);
  expect(after['title']).toBe('Crown and hygiene');
});

describe('a clinical record', () => {
  it('is amended by an entry that names it; both stay, one is current, and of two amendments one wins', async () => {
    const id = await create('clinical-records');
    const { tag } = await open(clinician, `/v1/clinical-records/${id}`);
    const path = `/v1/clinical-records/${id}/amendments`;
    const body = sampleOf('clinical-records').amend;
    const answers = await Promise.all(
      [1, 2].map(() => send(clinician, 'POST', path, body, { 'if-match': tag })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 412]);
    const winner = answers.find((answer) => answer.status === 201);
    const { id: next } = (await winner?.json()) as { id: string };
    const { shown: list } = await open(clinician, '/v1/clinical-records?limit=100');
    const ids = (list['items'] as Shown[]).map((item) => item['id']);
    expect(ids).toContain(next);
    expect(ids).not.toContain(id);
    const { shown: history } = await open(clinician, `/v1/clinical-records/${next}/history`);
    expect((history['items'] as Shown[]).map((item) => [item['id'], item['problemList']])).toEqual([
      [next, 'Fractured 46'],
      [id, 'Fractured 36'],
    ]);
  });

  it.each(['receptionist', 'admin', 'corporate admin', 'Petra Patientson', 'auditor', 'contractor'])(
    'is not written by the %s',
    async (name) => {
      const answer = await send(
        engine.account(name),
        'POST',
        '/v1/clinical-records',
        placed({ problemList: 'x' }),
      );
      expect(answer.status).toBe(403);
    },
  );
});

describe('two appointments of one clinician', () => {
  it('never overlap, also when booked at once, and follow each other without a gap', async () => {
    const { startsAt, endsAt } = freeInterval();
    const book = (times: object) =>
      send(
        engine.account('receptionist'),
        'POST',
        '/v1/appointments',
        placed({ clinicianId: clinician.accountId, ...times }),
      );
    const answers = await Promise.all(Array.from({ length: 5 }, () => book({ startsAt, endsAt })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409]);
    const later = new Date(Date.parse(endsAt) + 300_000).toISOString();
    expect((await book({ startsAt: endsAt, endsAt: later })).status).toBe(201);
  });

  it.each([
    ['that ends before it starts', { startsAt: '2031-02-01T10:00:00Z', endsAt: '2031-02-01T09:00:00Z' }],
    ['that ends when it starts', { startsAt: '2031-02-01T10:00:00Z', endsAt: '2031-02-01T10:00:00Z' }],
    ['that lasts two days', { startsAt: '2031-02-01T10:00:00Z', endsAt: '2031-02-03T10:00:00Z' }],
  ])('is refused %s, naming the field', async (_name, times) => {
    const answer = await send(
      engine.account('receptionist'),
      'POST',
      '/v1/appointments',
      placed({ clinicianId: clinician.accountId, ...times }),
    );
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: 'record-invalid', fields: [{ field: 'endsAt' }] });
  });

  it('are listed for a day, earliest first', async () => {
    await create('appointments', { startsAt: '2032-05-03T14:00:00Z', endsAt: '2032-05-03T14:30:00Z' });
    await create('appointments', { startsAt: '2032-05-03T09:00:00Z', endsAt: '2032-05-03T09:30:00Z' });
    await create('appointments', { startsAt: '2032-05-04T09:00:00Z', endsAt: '2032-05-04T09:30:00Z' });
    const { shown } = await open(
      clinician,
      '/v1/appointments?from=2032-05-03T00:00:00Z&to=2032-05-04T00:00:00Z',
    );
    expect((shown['items'] as Shown[]).map((item) => item['startsAt'])).toEqual([
      '2032-05-03T09:00:00.000Z',
      '2032-05-03T14:00:00.000Z',
    ]);
  });
});

describe('what a record is made of', () => {
  it('loses its card numbers before it is sealed, and says so in the audit log', async () => {
    const id = await create('billing-records', { description: 'Paid with 4111 1111 1111 1111 at the desk' });
    const { shown } = await open(clinician, `/v1/billing-records/${id}`);
    expect(shown['description']).toBe('Paid with [REDACTED-PAN] at the desk');
    expect(engine.logLines()).toContain('SECURITY_EVENT:PAN_DETECTED');
    expect(engine.logLines()).not.toContain('4111 1111');
  });

  it('is ciphertext at rest, in the row and in its versions', async () => {
    const rows = await ask<{ text: string }>(
      `SELECT t::text AS text FROM clinical.treatment_plans t UNION ALL SELECT v::text FROM clinical.treatment_plan_versions v
       UNION ALL SELECT i::text FROM clinical.treatment_plan_items i UNION ALL SELECT a::text FROM clinical.appointments a`,
    );
    const text = rows.map((row) => row.text).join('\n');
    expect(text.length).toBeGreaterThan(100);
    for (const word of ['Crown', 'crown', Buffer.from('crown').toString('hex')])
      expect(text).not.toContain(word);
  });

  it('has an intent and an outcome for each change', async () => {
    const [row] = await ask<{ topics: string[] }>(
      'SELECT array_agg(DISTINCT topic ORDER BY topic) AS topics FROM clinical.outbox',
    );
    expect(row?.topics).toEqual(['record.changed', 'record.created']);
  });
});
