import type { Client } from 'pg';

/** What lists of the clinical store read. */
export const listedTables: readonly string[] = [
  'patients',
  'appointments',
  'treatment_plans',
  'clinical_records',
  'billing_records',
  'consent_records',
  'chat_transcripts',
  'alerts',
  'imaging_assets',
  'intake_forms',
  'break_glass_grants',
];
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

async function fill(admin: Client, table: string, rowsOfClinic: number): Promise<void> {
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

/**
 * So many rows for each clinic in each table, whose cells nobody has a key for: for what is asked before anything is opened.
 * @param admin is in replica mode afterwards
 */
export async function fillTables(admin: Client, rowsOfClinic: number): Promise<void> {
  await admin.query('SET session_replication_role = replica');
  for (const table of listedTables) await fill(admin, table, rowsOfClinic);
}
