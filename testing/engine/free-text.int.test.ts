import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBody, type BodySchema } from './example-body.ts';
import { formsOfNumber } from './intake-search.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';
import { searchStores } from './search-stores.ts';

const planted = '4012888888881881';
/** Grouped, so that it is a number for the scrubber and text for every schema. */
const text = 'paid with 4012 8888 8888 1881, please note';

interface TextRoute {
  readonly method: string;
  readonly path: string;
  readonly body: BodySchema;
}

let engine: TestEngine;
let routes: readonly TextRoute[];
const seen: string[] = [];

beforeAll(async () => {
  engine = await runEngine();
  const { paths } = (await (await fetch(`${engine.running.url}/openapi.json`)).json()) as {
    paths: Record<
      string,
      Record<string, { requestBody?: { content: Record<string, { schema: BodySchema }> } }>
    >;
  };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      const body = requestBody?.content['application/json']?.schema;
      return body === undefined ? [] : [{ method: method.toUpperCase(), path, body }];
    }),
  );
});
afterAll(() => engine.close());

const staff = ['clinician', 'receptionist', 'admin', 'corporate admin'] as const;
const fields: string[] = [];

async function send(
  account: SeedAccount,
  { method, path }: Pick<TextRoute, 'method' | 'path'>,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return engine.send(account, path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
}

/** Whether any field of the body would take the text; routes of ids and codes alone are not this test's. */
function takesText({ body }: TextRoute): boolean {
  let fields = 0;
  makeBody(body, text, {}, () => (fields += 1));
  return fields > 0;
}

/** Tries a route as each role, until one may use it; tells the status and what came back. */
async function sendAsAnybody(route: TextRoute, id: string): Promise<string> {
  const patient = engine.account('Petra Patientson');
  const known = {
    clinicId: patient.clinicIds[0],
    patientId: patient.patientRecordId,
    clinicianId: engine.account('clinician').accountId,
    endsAt: '2031-03-03T09:30:00Z',
    consentKind: 'photographs',
    fullName: 'Nora Number',
    dateOfBirth: '1984-03-17',
    phone: '07700 900123',
    email: 'nora@example.org',
    contact: 'nora@example.org',
    nhsNumber: '9434765919',
    purposeId: 'purpose.chat.triage.assist',
  };
  const filled: string[] = [];
  const body = makeBody(route.body, text, known, (path) => filled.push(path));
  const path = route.path
    .replace('{patientId}', patient.patientRecordId ?? '')
    .replace('{clinicId}', patient.clinicIds[0] ?? '')
    .replace(/\{\w+\}/g, id);
  let last = '';
  for (const name of [...staff, 'clinician of york', 'Petra Patientson']) {
    const account = engine.account(name);
    const record = path.replace(/(\/[0-9a-f-]{36})\/.*$/, '$1');
    const tag = (await send(account, { method: 'GET', path: record })).headers.get('etag');
    const answer = await send(
      account,
      { method: route.method, path },
      body,
      tag === null ? {} : { 'if-match': tag },
    );
    last = `${answer.status} ${await answer.text()}`;
    seen.push(last);
    if (answer.ok) {
      fields.push(...filled.map((field) => `${route.method} ${route.path} ${field}`));
      return last;
    }
  }
  return last;
}

describe('a card number in any field of free text that the API takes', () => {
  it('is taken out before it is stored, shown again or logged', async () => {
    const refused: string[] = [];
    for (const route of routes.filter(({ method, path }) => method === 'POST' && !path.includes('{'))) {
      const answer = await sendAsAnybody(route, randomUUID());
      if (!answer.startsWith('2') && takesText(route)) refused.push(`${route.path} ${answer.slice(0, 3)}`);
      const id = /"id":"([0-9a-f-]{36})"/.exec(answer)?.[1];
      if (id === undefined) continue;
      for (const change of routes.filter(({ path }) => path.startsWith(`${route.path}/{`)))
        await sendAsAnybody(change, id);
      for (const name of staff)
        for (const path of [`${route.path}/${id}`, `${route.path}/${id}/history`, route.path])
          seen.push(await (await send(engine.account(name), { method: 'GET', path })).text());
    }
    // Nobody writes these through the API: the chat keeps its transcripts itself, and a patient's consent has no note.
    expect(refused, 'a route takes text that this test does not reach').toEqual([
      '/v1/chat-transcripts 403',
      '/v1/consent-records 403',
    ]);
    expect(fields).toEqual(
      expect.arrayContaining([
        'POST /v1/patients address',
        'POST /v1/alerts message',
        'POST /v1/break-glass-grants reason',
        'PATCH /v1/treatment-plans/{id} items.summaryText',
        'POST /v1/clinical-records/{id}/amendments relevantHistory',
      ]),
    );
    expect(seen.filter((answer) => answer.includes('[REDACTED-PAN]')).length).toBeGreaterThan(10);
    for (const answer of seen) expect(answer.replace(/\D/g, '')).not.toContain(planted);
    expect(await searchStores(engine, planted)).toEqual([]);
    const log = Buffer.from(engine.logLines());
    expect(formsOfNumber(planted).some((form) => log.includes(form))).toBe(false);
  });
});
