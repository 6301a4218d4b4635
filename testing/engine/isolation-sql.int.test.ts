import { createSecretKey, randomUUID } from 'node:crypto';
import { createSealedPool, sealContext, type SealedContext } from '@cordon/row-security';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealKeyIdOf } from '../../apps/engine/src/stores/seal-key-id.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());

const recordOf = (name: string): string => engine.account(name).patientRecordId ?? '';

/** The role's own password, certificate and SQL, as an attacker inside the engine would have them. */
async function asRole<Result>(
  store: string,
  role: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(engine.stores.connection(store, role));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function contextOf(account: SeedAccount, change: Partial<SealedContext> = {}): SealedContext {
  return {
    tenantId: account.tenantId,
    subject: account.accountId,
    role: account.role,
    clinicIds: account.clinicIds,
    expiresAt: new Date(Date.now() + 60_000),
    readable: ['patientProfile'],
    writable: [],
    ...change,
  };
}

function keyOf(store: string) {
  const raw = engine.stores.sealKey(store);
  return { keyId: sealKeyIdOf(raw), key: createSecretKey(raw) };
}

function targetOf(client: pg.Client) {
  const { processID } = client as pg.Client & { processID: number };
  return {
    database: engine.stores.database('clinical'),
    loginRole: 'engine_clinical',
    backendPid: processID,
  };
}

async function enterAndCount(client: pg.Client, seal: { payload: string; keyId: string; tag: Buffer }) {
  await client.query('BEGIN');
  try {
    await client.query('SELECT cordon.enter($1, $2, $3)', [seal.payload, seal.keyId, seal.tag]);
    const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM clinical.patients');
    return rows[0]?.n;
  } finally {
    await client.query('ROLLBACK');
  }
}

describe("with the role's password and SQL", () => {
  it('reads nothing from any clinical table without a sealed context', async () => {
    await asRole('clinical', 'engine_clinical', async (client) => {
      for (const table of ['patients', 'intake_forms', 'alerts', 'memberships', 'tenants'])
        expect((await client.query(`SELECT tenant_id FROM clinical.${table}`)).rowCount, table).toBe(0);
    });
  });

  it('cannot set the context by any other way', async () => {
    const payload = sealContext(
      contextOf(engine.account('clinician')),
      { database: '', loginRole: '', backendPid: 0 },
      keyOf('clinical'),
    ).payload;
    await asRole('clinical', 'engine_clinical', async (client) => {
      for (const statement of [
        `SELECT set_config('backtrace_functions', '${payload}', false)`,
        `SET backtrace_functions = '${payload}'`,
        `SET LOCAL backtrace_functions = '${payload}'`,
        `ALTER ROLE engine_clinical SET backtrace_functions = '${payload}'`,
        `CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql SET backtrace_functions = '${payload}' AS 'SELECT 1'`,
        'SELECT * FROM cordon.seal_keys',
        `SELECT cordon.install_seal_key('mine', '\\x00')`,
        `SELECT cordon.seal_verifies('', '', '')`,
      ])
        await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
      const custom = await client.query(
        `SELECT set_config('app.tenant_id', '${engine.account('clinician').tenantId}', false)`,
      );
      expect(custom.rowCount).toBe(1);
      expect((await client.query('SELECT FROM clinical.patients')).rowCount).toBe(0);
    });
  });

  it('enters with a seal made for this backend, and with no other', async () => {
    const clinician = engine.account('clinician');
    await asRole('clinical', 'engine_clinical', async (client) => {
      const target = targetOf(client);
      const key = keyOf('clinical');
      const good = sealContext(contextOf(clinician), target, key);
      expect(await enterAndCount(client, good)).toBe(1);

      const altered = good.payload.replace(
        clinician.tenantId.replaceAll('-', ''),
        engine.account('clinician of riverside').tenantId.replaceAll('-', ''),
      );
      const shorter = Buffer.from(good.tag.subarray(0, 16));
      for (const [name, seal] of Object.entries({
        'an altered payload': { ...good, payload: altered },
        'a truncated tag': { ...good, tag: shorter },
        'another backend': sealContext(
          contextOf(clinician),
          { ...target, backendPid: target.backendPid + 1 },
          key,
        ),
        'another database': sealContext(contextOf(clinician), { ...target, database: 'cordon_other' }, key),
        'another login role': sealContext(contextOf(clinician), { ...target, loginRole: 'engine_jobs' }, key),
        "another store's key": sealContext(contextOf(clinician), target, keyOf('vault')),
        'an unknown key': { ...good, keyId: 'seal-unknown' },
        'an expired context': sealContext(
          contextOf(clinician, { expiresAt: new Date(Date.now() - 1_000) }),
          target,
          key,
        ),
        'a malformed payload': { ...good, payload: 'v1 x' },
        'nothing at all': { payload: '', keyId: '', tag: Buffer.alloc(0) },
      }))
        await expect(enterAndCount(client, seal), name).rejects.toMatchObject({ code: 'CX001' });
      // What was refused left nothing behind, and neither did what was accepted.
      expect((await client.query('SELECT FROM clinical.patients')).rowCount).toBe(0);
    });
  });

  it('sees no row of another tenant or clinic within a context, whatever its WHERE says', async () => {
    const clinician = engine.account('clinician');
    await asRole('clinical', 'engine_clinical', async (client) => {
      const seal = sealContext(contextOf(clinician), targetOf(client), keyOf('clinical'));
      await client.query('BEGIN');
      await client.query('SELECT cordon.enter($1, $2, $3)', [seal.payload, seal.keyId, seal.tag]);
      const { rows } = await client.query<{ id: string }>(
        'SELECT id FROM clinical.patients WHERE true OR id IS NULL',
      );
      expect(rows.map((row) => row.id)).toEqual([recordOf('Petra Patientson')]);
      expect((await client.query('UPDATE clinical.patients SET version = 2')).rowCount).toBe(0);
      await client.query('ROLLBACK');
    });
  });

  it('does the same work for an id of another tenant as for one that never existed', async () => {
    const clinician = engine.account('clinician');
    await asRole('clinical', 'engine_clinical', async (client) => {
      const seal = sealContext(contextOf(clinician), targetOf(client), keyOf('clinical'));
      await client.query('SET enable_seqscan = off');
      const workFor = async (id: string): Promise<string> => {
        await client.query('BEGIN');
        await client.query('SELECT cordon.enter($1, $2, $3)', [seal.payload, seal.keyId, seal.tag]);
        // Each node of the plan with how often it ran and how many rows it gave and threw away: what time is spent on.
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off)
           SELECT full_name FROM clinical.patients WHERE tenant_id = '${clinician.tenantId}' AND id = '${id}'`,
        );
        await client.query('COMMIT');
        return rows.map((row) => row['QUERY PLAN'].replaceAll(id, 'id')).join('\n');
      };
      const never = await workFor(randomUUID());
      expect(never).toContain('Index');
      expect(await workFor(recordOf('Rita Riverson'))).toBe(never);
      // Which it can tell apart: a row that is found is more work.
      expect(await workFor(recordOf('Petra Patientson'))).not.toBe(never);
    });
  });

  it("cannot speak in the audit log for anybody without the engine's key", async () => {
    await asRole('audit', 'engine_audit', async (client) => {
      const entry = JSON.stringify({
        id: randomUUID(),
        tenant_id: randomUUID(),
        initiator_type: 'user',
        action: 'record.opened',
        decision: 'permit',
        reason_code: 'granted',
        outcome: 'none',
      });
      await expect(
        client.query('SELECT audit.append_sealed_entries($1, $2, $3)', [
          [entry],
          [Buffer.alloc(32)],
          sealKeyIdOf(engine.stores.sealKey('audit')),
        ]),
      ).rejects.toMatchObject({ code: 'CX001' });
      for (const statement of [
        'SELECT * FROM audit.audit_logs',
        'INSERT INTO audit.audit_logs (id) VALUES (gen_random_uuid())',
        "SELECT audit.insert_entries('[]', 'me')",
        "SELECT audit.append_entries('[]')",
      ])
        await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('reaches no store but its own, and clinical and vault only with its certificate', async () => {
    const clinical = engine.stores.connection('clinical', 'engine_clinical');
    const audit = engine.stores.connection('audit', 'engine_audit');
    const elsewhere = new pg.Client({ ...audit, database: engine.stores.database('clinical') });
    await expect(elsewhere.connect()).rejects.toThrow();
    const ssl = { ...(clinical.ssl as object), cert: undefined, key: undefined };
    const bare = new pg.Client({ ...clinical, ssl });
    await expect(bare.connect()).rejects.toThrow();
    const plain = new pg.Client({ ...clinical, ssl: false });
    await expect(plain.connect()).rejects.toThrow();
  });
});

describe('the sealed pool', () => {
  it('refuses a query that comes after the transaction ended', async () => {
    const pool = createSealedPool({
      connection: engine.stores.connection('clinical', 'engine_clinical'),
      key: keyOf('clinical'),
    });
    try {
      const late = await pool.within(contextOf(engine.account('clinician')), (transaction) =>
        Promise.resolve(transaction),
      );
      await expect(late.query('SELECT 1')).rejects.toMatchObject({ code: 'transaction-misused' });
    } finally {
      await pool.close();
    }
  });

  it('leaves no context on a connection that goes back to the pool, after success and after failure', async () => {
    const pool = createSealedPool({
      connection: engine.stores.connection('clinical', 'engine_clinical'),
      key: keyOf('clinical'),
      maxConnections: 1,
    });
    const count = 'SELECT count(*)::int AS n FROM clinical.patients';
    const stranger = contextOf(engine.account('clinician'), { subject: randomUUID() });
    try {
      const inside = await pool.within(contextOf(engine.account('clinician')), (transaction) =>
        transaction.query<{ n: number }>(count),
      );
      expect(inside.rows[0]?.n).toBe(1);
      await expect(
        pool.within(contextOf(engine.account('clinician')), () => Promise.reject(new Error('work failed'))),
      ).rejects.toThrow('work failed');
      const outside = await pool.within(stranger, (transaction) => transaction.query<{ n: number }>(count));
      expect(outside.rows[0]?.n).toBe(0);
    } finally {
      await pool.close();
    }
  });
});
