import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EnteredQuery } from '../../packages/row-security/src/lanes/entered-query.ts';
import { fillTables, listedTables } from './fill-tables.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

// A list of fifty must cost fifty rows, however many the clinic has: what counts here are the rows that each statement of the
// engine's lists looked at, under row security, in a store where the wrong index shows.

const rowsOfClinic = 1_500;
const limit = 50;
/** Of a list of one clinic or patient nearly all that is looked at is shown; of a tenant's two clinics one row in two is. */
const most = 6 * limit;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

let engine: TestEngine;
const seen: { text: string; plan: PlanNode }[] = [];

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const lookedAt = (plan: PlanNode): number =>
  nodesOf(plan)
    .filter((node) => listedTables.includes(node['Relation Name'] ?? ''))
    .reduce(
      (sum, node) =>
        sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    );

beforeAll(async () => {
  engine = await runEngine();
  const admin = new pg.Client(engine.stores.admin('clinical'));
  await admin.connect();
  try {
    await fillTables(admin, rowsOfClinic);
  } finally {
    await admin.end();
  }
  const run = EnteredQuery.run.bind(EnteredQuery);
  vi.spyOn(EnteredQuery, 'run').mockImplementation(async (client, names, seal, text, given) => {
    if (/ORDER BY/.test(text) && /LIMIT/.test(text)) {
      const explained = await run<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        client, names, seal, `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, given,
      ); // prettier-ignore
      const plan = explained.rows[0]?.['QUERY PLAN'][0].Plan;
      if (plan !== undefined) seen.push({ text, plan });
    }
    return run(client, names, seal, text, given);
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await engine.close();
});

const clinic = () => engine.account('clinician').clinicIds[0] ?? '';
const patient = () => engine.account('Petra Patientson').patientRecordId ?? '';
const ofEach = (segment: string): readonly (readonly [string, string])[] => [
  ['clinician', `/v1/${segment}?clinicId={clinic}`],
  ['clinician', `/v1/${segment}?patientId={patient}`],
  ['clinician', `/v1/${segment}?`],
];

/** Every list of the clinical store, by each kind of caller whose rows are found another way. */
const lists: readonly (readonly [account: string, path: string])[] = [
  ...['appointments', 'treatment-plans', 'clinical-records', 'billing-records', 'chat-transcripts'].flatMap(
    ofEach,
  ),
  ['clinician', '/v1/appointments?clinicId={clinic}&from=2026-06-01T00:00:00Z&to=2026-06-08T00:00:00Z'],
  ...['patients', 'appointments', 'treatment-plans', 'billing-records', 'consent-records'].map(
    (segment) => ['Petra Patientson', `/v1/${segment}?`] as const,
  ),
  ['Petra Patientson', '/v1/ai/conversations?'],
  ...['patients', 'alerts'].flatMap((segment) => [
    ['clinician', `/v1/${segment}?clinicId={clinic}`] as const,
    ['clinician', `/v1/${segment}?`] as const,
    ['corporate admin', `/v1/${segment}?`] as const,
  ]),
  ['clinician', '/v1/alerts?state=open&clinicId={clinic}'],
  ['clinician', '/v1/alerts?state=PENDING&clinicId={clinic}'],
  ['clinician', '/v1/patients/{patient}/imaging-assets?'],
  ['clinician', '/v1/patients/{patient}/intake-forms?'],
  ['admin', '/v1/break-glass-grants?'],
];
/** Lists of other stores, each in its own order by an index that begins with the tenant. */
const elsewhere = ['/v1/audit-entries', '/v1/leads', '/v1/me/access-report'];

async function expectBounded(account: string, path: string): Promise<string | null> {
  seen.length = 0;
  const answer = await engine.send(engine.account(account), path);
  const body = (await answer.json()) as { nextCursor?: string | null };
  expect(answer.status, JSON.stringify(body)).toBe(200);
  expect(seen.map(({ text }) => text)).not.toEqual([]);
  for (const { text, plan } of seen) expect(lookedAt(plan), text).toBeLessThanOrEqual(most);
  return body.nextCursor ?? null;
}

it.each(lists)('looks at few rows more than it shows %s: %s', async (account, path) => {
  const whole = path.replace('{clinic}', clinic()).replace('{patient}', patient());
  const page = whole.includes('/intake-forms') ? whole : `${whole}&limit=${limit}`;
  const next = await expectBounded(account, page);
  if (next !== null) await expectBounded(account, `${page}&cursor=${encodeURIComponent(next)}`);
});

it('knows every list that comes in pages', async () => {
  const described = (await (await engine.send(null, '/openapi.json')).json()) as {
    paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
  };
  const paged = Object.entries(described.paths)
    .filter(([, { get }]) => get?.parameters?.some(({ name }) => name === 'cursor'))
    .map(([path]) => path.replace('{patientId}', '{patient}'));
  const known = new Set([...lists.map(([, path]) => path.split('?', 1)[0]), ...elsewhere]);
  expect(paged.length).toBeGreaterThan(10);
  expect(paged.filter((path) => !known.has(path))).toEqual([]);
});
