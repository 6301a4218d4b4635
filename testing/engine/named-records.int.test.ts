import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillTables } from './fill-tables.ts';
import { accountOf } from './route-case.ts';
import { routeTable } from './route-table.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';
import { watchStatements, type StatementWatch } from './watch-statements.ts';

// What a route that takes the id of one record tells about a record that its caller may not see: no more than about one that
// never was. Its status, headers and body; and the statements that are sent to make it, which are what its time is made of.

/** Whose ids a route takes, where that is not the relation's patient or clinic. */
const tableOf: Readonly<Record<string, string>> = {
  '/v1/appointments/{id}': 'clinical.appointments',
  '/v1/treatment-plans/{id}': 'clinical.treatment_plans',
  '/v1/clinical-records/{id}': 'clinical.clinical_records',
  '/v1/billing-records/{id}': 'clinical.billing_records',
  '/v1/chat-transcripts/{id}': 'clinical.chat_transcripts',
  '/v1/consent-records/{id}': 'clinical.consent_records',
  '/v1/ai/conversations/{id}': 'clinical.chat_transcripts',
  '/v1/ai/purposes/{id}': 'clinical.treatment_plans',
  '/v1/ai/visitor-conversations/{id}': 'marketing.public_chats',
  '/v1/leads/{id}': 'marketing.leads',
  '/v1/alerts/{alertId}': 'clinical.alerts',
  '/v1/imaging-assets/{assetId}': 'clinical.imaging_assets',
  '/v1/intake-forms/{intakeFormId}': 'clinical.intake_forms',
  '/v1/break-glass-grants/{id}': 'clinical.break_glass_grants',
  '/v1/break-glass-grants': 'clinical.patients',
  '/v1/clinic-switch': 'clinical.clinics',
  '/v1/patients/{id}': 'clinical.patients',
  '/v1/patients/{patientId}/imaging-assets': 'clinical.patients',
  '/v1/me/access-report/{entryId}': 'audit.audit_logs',
};
/** Kept in memory, under the caller's own id. */
const inNoStore = ['GET /v1/intake-progress/{uploadId}'];

const roles = [
  'role.clinician',
  'role.receptionist',
  'role.admin',
  'role.corporateAdmin',
  'role.patient',
] as const;

let engine: TestEngine;
let watch: StatementWatch;
const ask = async (store: string, text: string, values: unknown[] = []): Promise<{ id: string }[]> => {
  const admin = new pg.Client(engine.stores.admin(store));
  await admin.connect();
  try {
    return (await admin.query<{ id: string }>(text, values)).rows;
  } finally {
    await admin.end();
  }
};

beforeAll(async () => {
  engine = await runEngine();
  const admin = new pg.Client(engine.stores.admin('clinical'));
  await admin.connect();
  try {
    await fillTables(admin, 2);
  } finally {
    await admin.end();
  }
  const river = engine.account('Rita Riverson').tenantId;
  const cell = `cordon.seal_cell('\\x00112233445566778899aabbccddeeff416461', 'k')`;
  await ask('marketing', `INSERT INTO marketing.leads (tenant_id, id, consent_to_contact, consent_wording_version, key_id, full_name, contact) VALUES ($1, gen_random_uuid(), true, 1, 'k', ${cell}, ${cell})`, [river]);
  await ask('marketing', `INSERT INTO marketing.public_chats (tenant_id, id, key_id, transcript) VALUES ($1, gen_random_uuid(), 'k', ${cell})`, [river]);
  // Somebody looks at Rita's record and at Yusuf's: entries that only they may see.
  for (const [reader, patient] of [['clinician of riverside', 'Rita Riverson'], ['clinician of york', 'Yusuf Yorkson']] as const)
    await engine.send(engine.account(reader), `/v1/patients/${engine.account(patient).patientRecordId ?? ''}`);
  watch = watchStatements();
}); // prettier-ignore
afterAll(async () => {
  watch.end();
  await engine.close();
});

const idForm = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** What differs from one answer to the next, whatever was asked. */
const ofItsOwn = ['date', 'x-request-id', 'ratelimit', 'ratelimit-policy'];

interface Told {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
  readonly statements: readonly string[];
}

/** Sends the route's request about one record, whose id stands for each that the table of routes drew. */
async function tell(name: string, caller: SeedAccount, id: string): Promise<Told> {
  const aboutIt: TestEngine = {
    ...engine,
    send: (account, path, init) =>
      engine.send(
        account,
        path.replace(/^[^?]*/, (route) => route.replace(idForm, id)),
        {
          ...init,
          headers: { ...(init?.headers as Record<string, string> | undefined), 'if-match': `"${id}.1"` },
          ...(typeof init?.body === 'string' ? { body: init.body.replace(idForm, id) } : {}),
        },
      ),
  };
  const route = routeTable[name];
  if (route === undefined) throw new Error(`no route ${name}`);
  watch.take(caller.accountId);
  const answer = await route.send(aboutIt, caller, engine.account('Petra Patientson'));
  const body = (await answer.text()).replaceAll(id, 'id').replace(/"requestId":"[^"]+"/, '');
  return {
    status: answer.status,
    headers: [...answer.headers]
      .filter(([header]) => !ofItsOwn.includes(header))
      .map((header) => header.join(': ').replaceAll(id, 'id')),
    body,
    statements: watch.take(caller.accountId),
  };
}

async function idOf(table: string, account: SeedAccount, where: 'tenant' | 'clinic'): Promise<string> {
  const more = table === 'audit.audit_logs' ? 'AND patient_pseudonym IS NOT NULL' : '';
  const inClinic = `AND ${table === 'clinical.clinics' ? 'id' : 'clinic_id'} = '${account.clinicIds[0] ?? ''}'`;
  const [row] = await ask(
    table.split('.')[0] ?? '',
    `SELECT id FROM ${table} WHERE tenant_id = $1 ${where === 'clinic' ? inClinic : ''} ${more} LIMIT 1`,
    [account.tenantId],
  );
  if (row === undefined) throw new Error(`nothing hidden in ${table}`);
  return row.id;
}

const named = Object.entries(routeTable)
  .flatMap(([name, route]) => {
    const path = name.split(' ')[1] ?? '';
    const table = Object.keys(tableOf)
      .filter((prefix) => path === prefix || path.startsWith(`${prefix}/`))
      .toSorted((one, other) => other.length - one.length)[0];
    return table === undefined || (route.kind === 'list' && !path.includes('{'))
      ? []
      : [[name, tableOf[table] ?? ''] as const];
  })
  .filter(([name]) => /\{|POST \/v1\/(break-glass-grants|clinic-switch)$/.test(name));

it('knows every route that takes an id', () => {
  const known = new Set(named.map(([name]) => name));
  const unknown = Object.entries(routeTable).filter(
    ([name, route]) =>
      name.includes('{') && route.kind !== 'record' && !known.has(name) && !inNoStore.includes(name),
  );
  expect(unknown.map(([name]) => name)).toEqual([]);
  expect(known.size).toBeGreaterThan(30);
});

/** Where it is not that nobody has the record: a list of none, a file that is no picture. */
const afterDecision: Readonly<Record<string, number>> = {
  'GET /v1/patients/{patientId}/imaging-assets': 200,
  'POST /v1/patients/{patientId}/imaging-assets': 415,
};

/** Who may not be seen by staff of one clinic, but opened by them in an emergency: that is what it is for. */
const opensOtherClinics = 'POST /v1/break-glass-grants';
const ofOtherClinics = named.filter(
  ([name, table]) => table.startsWith('clinical.') && name !== opensOtherClinics,
);

it.each(named)('%s tells nobody more of a record of another tenant than of none', async (name, table) => {
  const hidden = await idOf(table, engine.account('Rita Riverson'), 'tenant');
  const statuses: number[] = [];
  for (const role of roles) {
    const caller = engine.account(accountOf[role]);
    const never = await tell(name, caller, randomUUID());
    expect(await tell(name, caller, hidden), role).toEqual(never);
    statuses.push(never.status);
    // An emergency is looked into as the system, for nobody may see what is looked for.
    if (never.status === 404 && name !== opensOtherClinics) expect(never.statements).not.toEqual([]);
  }
  // Somebody's answer comes after the decision; visitors' conversations are for visitors alone.
  if (!name.includes('/visitor-conversations/')) expect(statuses).toContain(afterDecision[name] ?? 404);
});

it.each(ofOtherClinics)(
  '%s tells staff of one clinic no more of another’s record than of none',
  async (name, table) => {
    const hidden = await idOf(table, engine.account('Yusuf Yorkson'), 'clinic');
    for (const role of ['role.clinician', 'role.receptionist'] as const) {
      const caller = engine.account(accountOf[role]);
      const never = await tell(name, caller, randomUUID());
      expect(await tell(name, caller, hidden), role).toEqual(never);
    }
  },
);
