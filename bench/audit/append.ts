import { createSecretKey, randomUUID } from 'node:crypto';
import { createSealedPool } from '@cordon/row-security';
import pg from 'pg';
import { createAuditAppender } from '../../apps/engine/src/audit/appender.ts';
import { writeColumns } from '../../apps/engine/src/audit/columns.ts';
import type { AuditEntry } from '../../apps/engine/src/audit/entry.ts';
import { sealKeyIdOf } from '../../apps/engine/src/stores/seal-key-id.ts';
import type { StoreClones } from '../../packages/stores/testing.ts';
import { formatCount, type BenchRow } from '../row.ts';

const batch = 100;
const connections = 8;
const tenantId = randomUUID();

export function makeEntry(): AuditEntry {
  return {
    id: randomUUID(),
    tenantId,
    clinicId: tenantId,
    actorSubject: tenantId,
    actorRole: 'role.clinician',
    actorSession: tenantId,
    initiatorType: 'user',
    action: 'record.opened',
    resourceType: 'Patient',
    resourceId: randomUUID(),
    dataClassIds: ['patientProfile'],
    patientPseudonym: randomUUID(),
    decision: 'permit',
    reasonCode: 'granted',
    outcome: 'none',
    requestId: randomUUID(),
    clientAddress: '192.0.2.1',
    recordCount: 1,
  };
}

/** Entries appended a second: the append function, the same rows by plain INSERT, and a hash chain under a row lock. */
export async function measureAppend(stores: StoreClones, entries: number): Promise<BenchRow[]> {
  const admin = new pg.Pool({ ...stores.admin('audit'), max: connections });
  const seal = stores.sealKey('audit');
  const pool = createSealedPool({
    connection: stores.connection('audit', 'engine_audit'),
    key: { keyId: sealKeyIdOf(seal), key: createSecretKey(seal) },
    maxConnections: connections,
  });
  try {
    await admin.query(
      `CREATE TABLE public.plain (LIKE audit.audit_logs INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING CONSTRAINTS)`,
    );
    await admin.query('CREATE TABLE public.chain_heads (tenant_id uuid PRIMARY KEY, head bytea NOT NULL)');
    await admin.query(
      'CREATE TABLE public.chain (id uuid PRIMARY KEY, line text NOT NULL, link bytea NOT NULL)',
    );
    await admin.query(`INSERT INTO public.chain_heads VALUES ($1, '')`, [tenantId]);
    const batches = Math.ceil(entries / batch);
    const statement = 'SELECT audit.append_sealed_entries($1::text[], $2::bytea[], $3)';
    const append = () => pool.sendTagged(statement, [writeColumns(Array.from({ length: batch }, makeEntry))]);
    const plain = () => insertPlain(admin, Array.from({ length: batch }, makeEntry));
    await Promise.all([append(), plain()]);
    const [plainRate, appendRate] = (await inTurns(batches, [plain, append])).map((rate) => batch * rate);
    if (plainRate === undefined || appendRate === undefined) throw new Error('nothing was measured');
    // As requests do it: one entry each, many at once, sharing commits.
    const appender = createAuditAppender(pool);
    const shared = await callsPerSecond(entries, 400, () => appender.append([makeEntry()]));
    const chained = await callsPerSecond(Math.ceil(entries / 20), connections, () => appendToChain(admin));
    return [
      {
        name: `append through the append function, ${batch} a batch`,
        value: appendRate,
        unit: 'entries/s',
        baseline: `plain INSERT … UNNEST of the same rows into a plain table of the same columns, checks and indexes, ${formatCount(plainRate)}/s`,
        ratio: appendRate / plainRate,
      },
      {
        name: 'append as requests do, one entry each, group commit',
        value: shared,
        unit: 'entries/s',
        baseline: `hash chain under a row lock, ${connections} connections, ${formatCount(chained)}/s`,
        ratio: shared / chained,
      },
    ];
  } finally {
    await pool.close();
    await admin.end();
  }
}

async function insertPlain(admin: pg.Pool, entries: readonly AuditEntry[]): Promise<void> {
  const column = (of: (entry: AuditEntry) => unknown): unknown[] => entries.map(of);
  await admin.query(
    `INSERT INTO public.plain (id, at, tenant_id, clinic_id, actor_subject, actor_role, actor_session, initiator_type, action,
       resource_type, resource_id, data_class_ids, patient_pseudonym, decision, reason_code, outcome, request_id,
       client_address, record_count, written_by, salt)
     SELECT id, clock_timestamp(), tenant_id, clinic_id, actor_subject, actor_role, actor_session, initiator_type, action,
       resource_type, resource_id, ARRAY[data_class], patient_pseudonym, decision, reason_code, outcome, request_id,
       client_address::inet, record_count, session_user, pgcrypto.gen_random_bytes(32)
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[],
       $10::uuid[], $11::text[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::int[])
       AS e (id, tenant_id, clinic_id, actor_subject, actor_role, actor_session, initiator_type, action, resource_type,
         resource_id, data_class, patient_pseudonym, decision, reason_code, outcome, request_id, client_address, record_count)`,
    [
      column((e) => e.id), column((e) => e.tenantId), column((e) => e.clinicId), column((e) => e.actorSubject),
      column((e) => e.actorRole), column((e) => e.actorSession), column((e) => e.initiatorType), column((e) => e.action),
      column((e) => e.resourceType), column((e) => e.resourceId), column((e) => e.dataClassIds[0]),
      column((e) => e.patientPseudonym), column((e) => e.decision), column((e) => e.reasonCode), column((e) => e.outcome),
      column((e) => e.requestId), column((e) => e.clientAddress), column((e) => e.recordCount),
    ],
  ); // prettier-ignore
}

async function appendToChain(admin: pg.Pool): Promise<void> {
  const client = await admin.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ head: Buffer }>(
      'SELECT head FROM public.chain_heads WHERE tenant_id = $1 FOR UPDATE',
      [tenantId],
    );
    const link = await client.query<{ link: Buffer }>(
      'INSERT INTO public.chain SELECT $1, $2, sha256($3 || convert_to($2, $4)) RETURNING link',
      [randomUUID(), JSON.stringify(makeEntry()), rows[0]?.head ?? Buffer.alloc(0), 'UTF8'],
    );
    await client.query('UPDATE public.chain_heads SET head = $2 WHERE tenant_id = $1', [
      tenantId,
      link.rows[0]?.link,
    ]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

const turns = 10;

/** Each for a while, again and again: what else the machine does then falls on all of them. */
async function inTurns(calls: number, works: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const seconds = works.map(() => 0);
  const each = Math.ceil(calls / turns);
  for (let turn = 0; turn < turns; turn += 1)
    for (const [place, work] of works.entries())
      seconds[place] = (seconds[place] ?? 0) + each / (await callsPerSecond(each, 1, work));
  return seconds.map((sum) => (each * turns) / sum);
}

async function callsPerSecond(calls: number, atOnce: number, call: () => Promise<unknown>): Promise<number> {
  let left = calls;
  const start = process.hrtime.bigint();
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return calls / (Number(process.hrtime.bigint() - start) / 1e9);
}
