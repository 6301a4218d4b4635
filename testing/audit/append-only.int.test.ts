import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditStore, signInEntry, type TestAuditStore } from './audit-store.ts';

const roles = ['engine_audit', 'identity_audit', 'sequencer', 'audit_reader', 'audit_verifier'] as const;
const tables = ['audit.audit_logs', 'audit.audit_leaves', 'audit.checkpoints'] as const;
let store: TestAuditStore;
let partition: string;

beforeAll(async () => {
  store = await openAuditStore();
  await store.append(10);
  await store.sequenceAll();
  const [row] = await store.query<{ name: string }>(
    'SELECT tableoid::regclass::text AS name FROM audit.audit_logs LIMIT 1',
  );
  partition = row?.name ?? '';
});
afterAll(() => store.close());

async function digest(): Promise<unknown> {
  return store.query(
    `SELECT (SELECT md5(string_agg(a::text, '' ORDER BY id)) FROM audit.audit_logs a) AS logs,
       (SELECT md5(string_agg(l::text, '' ORDER BY leaf_index)) FROM audit.audit_leaves l) AS leaves,
       (SELECT md5(string_agg(c::text, '' ORDER BY tree_size)) FROM audit.checkpoints c) AS checkpoints`,
  );
}

/** Runs each statement in a transaction of its own; what it raises is its answer. */
async function attempt(role: string, statements: readonly string[]): Promise<string[]> {
  const client = new pg.Client(store.stores.connection('audit', role));
  await client.connect();
  const answers: string[] = [];
  for (const statement of statements)
    try {
      const { rowCount } = await client.query(statement);
      answers.push(`${rowCount ?? 0} rows`);
    } catch (error) {
      answers.push(error instanceof pg.DatabaseError ? (error.code ?? '') : 'no answer');
    }
  await client.end();
  return answers;
}

const forged = (at: string, tenant: string): string =>
  `(id, at, tenant_id, initiator_type, action, decision, reason_code, outcome, written_by, salt)
   VALUES (gen_random_uuid(), ${at}, '${tenant}', 'user', 'record.opened', 'permit', 'granted', 'none', 'engine_audit', sha256('s'))`;

describe.each(roles)('the role %s', (role) => {
  it('changes no row: UPDATE and DELETE reach none and raise nothing', async () => {
    const before = await digest();
    for (const table of [...tables, partition]) {
      const column =
        table === 'audit.audit_leaves'
          ? 'entry_at = now()'
          : table === 'audit.checkpoints'
            ? 'signed_at = now()'
            : `action = 'x.y'`;
      expect(await attempt(role, [`UPDATE ${table} SET ${column}`, `DELETE FROM ${table}`])).toEqual([
        '0 rows',
        '0 rows',
      ]);
    }
    expect(await digest()).toEqual(before);
  });

  it('has no right to UPDATE, DELETE or TRUNCATE, which the rules would hide', async () => {
    const rows = await store.query<{ may: boolean }>(
      `SELECT has_table_privilege($1, c.oid, 'UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') AS may
       FROM pg_class c WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind IN ('r', 'p')`,
      [role],
    );
    expect(rows.length).toBeGreaterThan(6);
    expect(rows.every((row) => !row.may)).toBe(true);
  });

  it('is refused TRUNCATE, MERGE, COPY, and the switch that would pass rules by', async () => {
    const before = await digest();
    const merge = `MERGE INTO audit.audit_logs a USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE`;
    const answers = await attempt(role, [
      ...[...tables, partition].map((table) => `TRUNCATE ${table}`),
      merge,
      `COPY audit.audit_logs FROM STDIN`,
      `COPY ${partition} FROM STDIN`,
      `SET session_replication_role = replica`,
      `ALTER TABLE audit.audit_logs DISABLE RULE no_update`,
      `ALTER TABLE audit.audit_logs DISABLE ROW LEVEL SECURITY`,
      `DROP TABLE ${partition}`,
      `SELECT audit.insert_entries('[]', 'engine_audit')`,
    ]);
    for (const answer of answers) expect(['42501', '42809', '0A000']).toContain(answer);
    expect(await digest()).toEqual(before);
  });

  it('inserts no row itself: not now, not dated back, not into a partition, not for another tenant', async () => {
    const before = await digest();
    const answers = await attempt(role, [
      `INSERT INTO audit.audit_logs ${forged('now()', randomUUID())}`,
      `INSERT INTO audit.audit_logs ${forged(`now() - interval '1 hour'`, randomUUID())}`,
      `INSERT INTO ${partition} ${forged('now()', randomUUID())}`,
    ]);
    expect(answers).toEqual(['42501', '42501', '42501']);
    expect(await digest()).toEqual(before);
  });
});

describe.each(roles.filter((role) => role !== 'sequencer'))(
  'the role %s, which orders no leaves,',
  (role) => {
    it('writes no leaf and no checkpoint', async () => {
      const answers = await attempt(role, [
        `INSERT INTO audit.audit_leaves VALUES (1000, gen_random_uuid(), now(), sha256('x'))`,
        `INSERT INTO audit.checkpoints (tree_size, note, horizon) VALUES (1000, repeat('x', 200), '1')`,
      ]);
      expect(answers).toEqual(['42501', '42501']);
    });
  },
);

it('gives AUDIT_READER, which SQL without quotes folds to audit_reader, SELECT and nothing else', async () => {
  const grants = await store.query(
    `SELECT DISTINCT privilege_type FROM information_schema.role_table_grants WHERE grantee = lower('AUDIT_READER')`,
  );
  expect(grants).toEqual([{ privilege_type: 'SELECT' }]);
  await store.query('SET ROLE AUDIT_READER');
  try {
    expect(await store.query('SELECT current_user::text AS name')).toEqual([{ name: 'audit_reader' }]);
  } finally {
    await store.query('RESET ROLE');
  }
});

it('changes nothing for a superuser either who does not first take the rules away, replica mode or not', async () => {
  const before = await digest();
  for (const mode of ['origin', 'replica', 'local']) {
    await store.query(`SET session_replication_role = ${mode}`);
    for (const table of [...tables, partition]) {
      expect((await store.admin.query(`DELETE FROM ${table}`)).rowCount).toBe(0);
      await expect(store.query(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
    expect((await store.admin.query(`UPDATE audit.audit_logs SET action = 'x.y'`)).rowCount).toBe(0);
    await expect(
      store.query('MERGE INTO audit.audit_logs a USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE'),
    ).rejects.toThrow();
  }
  await store.query('SET session_replication_role = origin');
  expect(await digest()).toEqual(before);
});

describe('the append functions', () => {
  it('fix time, writer, salt and transaction, whatever the entry says', async () => {
    const writer = new pg.Client(store.stores.connection('audit', 'identity_audit'));
    await writer.connect();
    const forgedEntry = {
      ...signInEntry(randomUUID()),
      at: '2001-01-01T00:00:00Z',
      written_by: 'engine_audit',
      salt: `\\x${'00'.repeat(32)}`,
      appended_in: '1',
    };
    await writer.query('SET synchronous_commit = off');
    await writer.query('SELECT audit.append_entries($1)', [JSON.stringify([forgedEntry])]);
    await writer.end();
    const [row] = await store.query<Record<string, unknown>>(
      `SELECT at > now() - interval '1 minute' AS recent, written_by, salt = decode(repeat('00', 32), 'hex') AS salted,
         appended_in::text = '1' AS placed FROM audit.audit_logs WHERE id = $1`,
      [(forgedEntry as { id?: string }).id],
    );
    expect(row).toEqual({ recent: true, written_by: 'identity_audit', salted: false, placed: false });
  });

  it('let nobody pass a batch without the engine’s tag, and identity nothing but its own events', async () => {
    const entry = JSON.stringify({ ...signInEntry(randomUUID()), action: 'record.opened' });
    expect(
      await attempt('engine_audit', [
        `SELECT audit.append_sealed_entries(ARRAY['${entry}'], ARRAY[sha256('guess')], 'seal-0')`,
        `SELECT audit.append_entries('[${entry}]')`,
      ]),
    ).toEqual(['CX001', '42501']);
    expect(
      await attempt('identity_audit', [
        `SELECT audit.append_entries('[${entry}]')`,
        `SELECT audit.append_sealed_entries(ARRAY['${entry}'], ARRAY[sha256('guess')], 'seal-0')`,
      ]),
    ).toEqual(['42501', '42501']);
  });

  it('wait for the disk although the session asked not to', async () => {
    const writer = new pg.Client(store.stores.connection('audit', 'identity_audit'));
    await writer.connect();
    await writer.query('SET synchronous_commit = off');
    await writer.query('BEGIN');
    await writer.query('SELECT audit.append_entries($1)', [JSON.stringify([signInEntry(null)])]);
    const { rows } = await writer.query('SHOW synchronous_commit');
    await writer.query('COMMIT');
    await writer.end();
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  it('show a reader without a tenant’s context no row, no leaf and no checkpoint', async () => {
    expect(
      await attempt(
        'audit_reader',
        tables.map((table) => `SELECT FROM ${table}`),
      ),
    ).toEqual(['0 rows', '0 rows', '0 rows']);
  });
});
