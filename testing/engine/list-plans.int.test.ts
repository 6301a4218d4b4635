import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EnteredQuery } from '../../packages/row-security/src/lanes/entered-query.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

// A list of fifty must cost fifty rows, however many the clinic has: what counts here are the rows that each statement of the
// engine's lists looked at, under row security, in a store where the wrong index shows.

const rowsOfClinic = 1_500;
const limit = 50;
/** Of a list of one clinic or patient nearly all that is looked at is shown; of a tenant's two clinics one row in two is. */
const most = 6 * limit;

/** What lists read, with the column that they are ordered by. */
const tables: Readonly<Record<string, string>> = {
  patients: 'created_at',
  appointments: 'starts_at',
  treatment_plans: 'created_at',
  clinical_records: 'recorded_at',
  billing_records: 'created_at',
  consent_records: 'recorded_at',
  chat_transcripts: 'started_at',
  alerts: 'created_at',
  imaging_assets: 'created_at',
  intake_forms: 'received_at',
  break_glass_grants: 'granted_at',
};
/** Values of columns that have a rule of their own; the others follow from their types. */
const values: Readonly<Record<string, string>> = {
  tenant_id: 'c.tenant_id',
  clinic_id: 'c.id',
  patient_id: 'p.ids[1 + n % cardinality(p.ids)]',
  urgency: `'urgent'`,
  media_type: `'image/png'`,
  purpose_id: `'purpose.chat.triage.assist'`,
  consent_kind: `'ai-processing'`,
  created_at: 't.at',
  recorded_at: 't.at',
  received_at: 't.at',
  started_at: 't.at',
  granted_at: 't.at',
  expires_at: `t.at + interval '1 hour'`,
  during: `tstzrange(t.at, t.at + interval '30 minutes')`,
};
const valueOfType: Readonly<Record<string, string>> = {
  uuid: 'gen_random_uuid()',
  text: `'k'`,
  integer: '1',
  bigint: '1',
  'cordon.ciphertext': 's.cell',
};
const consentState = `'given'`;

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
    .filter((node) => Object.hasOwn(tables, node['Relation Name'] ?? ''))
    .reduce(
      (sum, node) =>
        sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    );

async function fill(admin: pg.Client, table: string): Promise<void> {
  const { rows: columns } = await admin.query<{ name: string; type: string }>(
    `SELECT attname AS name, atttypid::regtype::text AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
       AND (attnotnull AND NOT atthasdef OR attname = ANY ($2))`,
    [`clinical.${table}`, Object.keys(values)],
  );
  const valueOf = (name: string, type: string) =>
    name === 'state' && table === 'consent_records' ? consentState : (values[name] ?? valueOfType[type]);
  await admin.query(
    `INSERT INTO clinical.${table} (${columns.map(({ name }) => name).join(', ')})
     SELECT ${columns.map(({ name, type }) => valueOf(name, type)).join(', ')}
     FROM clinical.clinics c
     CROSS JOIN LATERAL (SELECT array_agg(id) AS ids FROM (SELECT id FROM clinical.patients
       WHERE tenant_id = c.tenant_id AND clinic_id = c.id ORDER BY created_at DESC LIMIT 30)) p,
       (SELECT cordon.seal_cell('\\x00112233445566778899aabbccddeeff416461', 'k') AS cell) s,
       generate_series(1, ${rowsOfClinic}) n
     CROSS JOIN LATERAL (SELECT now() - n * interval '7 hours' - random() * interval '1 hour' AS at) t`,
  );
  await admin.query(`ANALYZE clinical.${table}`);
}

beforeAll(async () => {
  engine = await runEngine();
  const admin = new pg.Client(engine.stores.admin('clinical'));
  await admin.connect();
  try {
    await admin.query('SET session_replication_role = replica');
    for (const table of Object.keys(tables)) await fill(admin, table);
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
