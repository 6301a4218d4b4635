import { ROLE_IDS } from '@cordon/access-policy';
import { createRateLimit } from '@cordon/web-guard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, patientOf, type RouteCase } from './route-case.ts';
import { routeTable } from './route-table.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  // Counts of requests are another test's matter: here each is to be answered for what it is.
  engine = await runEngine({ rateLimit: createRateLimit({ store: { take: () => ({ allowed: true }) } }) });
});
afterAll(() => engine.close());

interface Sent {
  readonly path: string;
  readonly init: RequestInit;
}

/** The good request of a route, taken down instead of sent. */
async function goodRequest(route: RouteCase): Promise<Sent> {
  let sent: Sent | undefined;
  const recorder: TestEngine = {
    ...engine,
    send: (account, path, init = {}) => {
      // Consent must be on record before anything else of a chat is looked at.
      if (path === '/v1/consent-records' && route.decides?.action === 'use-in-ai')
        return engine.send(account, path, init);
      sent = { path, init };
      return Promise.resolve(new Response());
    },
  };
  await route.send(recorder, null, engine.account(patientOf['own clinic']));
  if (sent === undefined) throw new Error('the route case sent nothing');
  return sent;
}

/** Somebody whom the policy lets do it, so that nothing but the request's form can be what is refused. */
function permittedAccount({ decides }: RouteCase): SeedAccount {
  const patient = engine.account(patientOf['own clinic']);
  for (const role of ROLE_IDS) {
    const account = engine.account(accountOf[role]);
    if (decides === null) return account;
    const caller = {
      tenantId: account.tenantId,
      clinicIds: account.clinicIds,
      role,
      subject: account.accountId,
      patientRecordId: account.patientRecordId ?? undefined,
      factorAgeSeconds: 0,
    };
    const resource = {
      tenantId: patient.tenantId,
      clinicId: patient.clinicIds[0],
      patientRecordId: patient.patientRecordId ?? undefined,
    };
    const { decision } = engine.running.engine
      .policy()
      .decide(caller, decides.action, decides.dataClass, resource);
    if (decision === 'permit') return account;
  }
  return engine.account('clinician');
}

const badTexts = {
  'a number': 7,
  'a boolean': true,
  'an object': {},
  'a list': [],
  'an empty text': '',
  'nothing but spaces': '   ',
  'a text over-long': 'x'.repeat(50_000),
  NUL: 'good\u0000bad',
  'an escape sequence': 'good\u001b[2Jbad',
  'a right-to-left override': 'good\u202Ebad',
  'a zero-width character': 'good\u200Bbad',
  'half a character': 'good\uD800bad',
  'a day that is none': '2031-02-30',
  'a time that is none': '2031-02-30T10:00:00Z',
};
const badNumbers = {
  'a text': '7',
  'a boolean': true,
  'a fraction': 1.5,
  'less than nothing': -1,
  'too much': 1e15,
};
const badLists = {
  'a text': 'x',
  'a number': 7,
  'a list of nothing': [null],
  'a list too long': Array(5_000).fill({}),
};

/** What may be put in the place of a good value; days and times are bad only where a day or a time is meant. */
function badValues(good: unknown): [string, unknown][] {
  if (typeof good === 'number') return Object.entries(badNumbers);
  if (Array.isArray(good)) return Object.entries(badLists);
  if (typeof good === 'boolean') return Object.entries({ 'a text': 'true', 'a number': 1, 'an object': {} });
  const isDay = typeof good === 'string' && /^\d{4}-\d{2}-\d{2}/.test(good);
  return Object.entries(badTexts).filter(([name]) => isDay || !/(day|time) that is none/.test(name));
}

const routes = Object.entries(routeTable);
const withBody = routes.filter(
  ([name]) => /^(POST|PATCH|PUT) /.test(name) && name !== 'POST /v1/intake-forms',
);

describe.each(withBody)('%s', (_name, route) => {
  it('answers each bad field with a clear 4xx, and never with success or a mistake of its own', async () => {
    const { path, init } = await goodRequest(route);
    if (typeof init.body !== 'string') return;
    const good = JSON.parse(init.body) as Record<string, unknown>;
    const account = permittedAccount(route);
    const cases = Object.entries(good).flatMap(([field, value]) =>
      badValues(value).map(([what, bad]) => [`${field}: ${what}`, { ...good, [field]: bad }] as const),
    );
    const wrong: string[] = [];
    for (const [what, body] of [...cases, ['a field nobody knows', { ...good, surprise: 1 }] as const]) {
      const answer = await engine.send(account, path, { ...init, body: JSON.stringify(body) });
      const problem = (await answer.json()) as { code?: string; title?: string };
      // A purpose that nobody knows is told as what it is.
      const told = [400, 413, 422].includes(answer.status) || problem.code === 'ai-purpose-unknown';
      const clear = told && problem.title?.endsWith('.') === true;
      if (!clear) wrong.push(`${what} → ${answer.status} ${problem.code ?? ''}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['cut JSON', '{"a":'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a number that JSON has not', '{"a":NaN}'],
  ])('answers %s with 4xx', async (_what, body) => {
    const { path, init } = await goodRequest(route);
    if (init.body === undefined) return;
    const answer = await engine.send(permittedAccount(route), path, { ...init, body });
    expect(answer.status).toBe(400);
  });
});

const lists = routes.filter(([, route]) => route.kind === 'list' && route.decides?.action === 'list');
const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

// A live view has no end to wait for; what it takes besides is its own test's matter.
describe.each(lists.filter(([name]) => name.startsWith('GET ') && !name.endsWith('/stream')))(
  '%s',
  (name, route) => {
    const path = name.slice('GET '.length);
    it.each([
      ['limit=0'],
      ['limit=101'],
      ['limit=ten'],
      ['cursor=made-up'],
      [`cursor=${cursor(['2031-01-01T00:00:00.000000Z', 'x'])}`],
      [`cursor=${cursor(['2031-02-30T00:00:00.000000Z', '875e5dbe-026a-4c61-b63b-1d681650540b'])}`],
      [`cursor=${cursor({ at: 1 })}`],
      ['clinicId=all'],
      ['clinicId=%00'],
      ['surprise=1'],
      ['limit=1&limit=2'],
    ])('answers ?%s with 400', async (query) => {
      const answer = await engine.send(permittedAccount(route), `${path}?${query}`);
      expect(answer.status, await answer.clone().text()).toBe(400);
    });
  },
);

it.each(routes.filter(([name]) => name.includes('{')).map(([name]) => [name]))(
  '%s answers an id that is none with 400',
  async (name) => {
    const [method = '', template = ''] = name.split(' ');
    const account = permittedAccount(routeTable[name] as RouteCase);
    for (const id of ['x', '%00', "'%20OR%201=1", '..%2f..', 'ffffffff-ffff-ffff-ffff-fffffffffff']) {
      const answer = await engine.send(account, template.replace(/\{\w+\}/, id), {
        method,
        ...(method !== 'GET' &&
          method !== 'DELETE' && { headers: { 'content-type': 'application/json' }, body: '{}' }),
      });
      expect([400, 404], `${id} → ${answer.status}`).toContain(answer.status);
    }
  },
);
