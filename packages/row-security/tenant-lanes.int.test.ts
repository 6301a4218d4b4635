import { createSecretKey, randomUUID } from 'node:crypto';
import { sealKeyId } from '@cordon/stores';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../testing/stores.ts';
import { createSealedPool, type SealedContext, type SealedPool } from './index.ts';

const tenants = [randomUUID(), randomUUID()] as const;
let stores: Awaited<ReturnType<typeof cloneStores>>;
let pool: SealedPool;
let admin: pg.Client;
let sharedPid: number | undefined;
beforeAll(async () => {
  stores = await cloneStores(['clinical']);
  const raw = stores.sealKey('clinical');
  pool = createSealedPool({
    connection: stores.connection('clinical', 'engine_jobs'),
    key: { keyId: sealKeyId(raw), key: createSecretKey(raw) },
    sharedConnections: 1,
    tenantConnections: 2,
  });
  admin = new pg.Client(stores.admin('clinical'));
  await admin.connect();
  for (const tenantId of tenants) {
    const values = [tenantId, `t-${tenantId.slice(0, 8)}`];
    await admin.query('INSERT INTO clinical.tenants (tenant_id, slug) VALUES ($1, $2)', values);
    await admin.query('INSERT INTO clinical.clinics (tenant_id, id, slug) VALUES ($1, $1, $2)', values);
  }
  sharedPid = (await ask(tenants[0]))[0]?.pid;
});
afterAll(async () => {
  await pool.close();
  await admin.end();
  await stores.drop();
});

function context(tenantId: string): SealedContext {
  return {
    tenantId,
    role: 'role.system',
    clinicIds: [],
    readable: [],
    writable: [],
    expiresAt: new Date(Date.now() + 60_000),
  };
}

const clinics = 'SELECT id, pg_backend_pid() AS pid FROM clinical.clinics WHERE state = $1';
const ask = async (tenantId: string) =>
  (await pool.query<{ id: string; pid: number }>(context(tenantId), clinics, ['active'])).rows;
const hostile = (sql: string) => pool.query(context(tenants[0]), sql);

/** Asks until the answer comes from another connection than the one that all tenants share. */
async function becomeBusy(tenantId: string): Promise<number> {
  for (let turn = 0; turn < 500; turn += 1) {
    const pid = (await ask(tenantId))[0]?.pid;
    if (pid !== undefined && pid !== sharedPid) return pid;
  }
  throw new Error('the tenant was given no connection of its own');
}

describe('a connection of the tenant’s own', () => {
  it('answers as a shared one does, for its tenant alone', async () => {
    const own = [await becomeBusy(tenants[0]), await becomeBusy(tenants[1])];
    expect(new Set(own).size).toBe(2);
    for (const [index, tenantId] of tenants.entries())
      expect(await ask(tenantId)).toEqual([{ id: tenantId, pid: own[index] }]);
  });

  it('answers whole values each time, although the server describes a statement’s columns once', async () => {
    await becomeBusy(tenants[0]);
    const text = `SELECT $1::int AS n, '\\x00ff'::bytea AS bytes, NULL::text AS nothing, ARRAY['a', 'b'] AS words,
      '2026-03-01T09:00:00Z'::timestamptz AS at WHERE $1 > 0`;
    const read = (n: number) => pool.query(context(tenants[0]), text, [n]);
    const row = (n: number) => ({
      n,
      bytes: Buffer.from([0, 255]),
      nothing: null,
      words: ['a', 'b'],
      at: new Date('2026-03-01T09:00:00Z'),
    });
    const asOne = await Promise.all([read(1), read(2)]);
    expect(asOne.map(({ rows }) => rows)).toEqual([[row(1)], [row(2)]]);
    for (const n of [3, 4])
      expect(await read(n)).toMatchObject({ command: 'SELECT', rowCount: 1, rows: [row(n)] });
    const none = await read(0);
    expect(none).toMatchObject({ rowCount: 0, rows: [] });
    expect(none.fields.map(({ name }) => name)).toEqual(['n', 'bytes', 'nothing', 'words', 'at']);
  });

  it('does not tell the names of its statements to SQL that runs on it', async () => {
    for (const sql of [
      'SELECT name FROM pg_prepared_statements',
      'SELECT name FROM pg_catalog.pg_prepared_statement()',
    ])
      await expect(hostile(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('goes on when hostile SQL took its statements away', async () => {
    await becomeBusy(tenants[0]);
    await hostile('DEALLOCATE ALL');
    expect((await ask(tenants[0])).map((row) => row.id)).toEqual([tenants[0]]);
    await becomeBusy(tenants[0]);
  });

  it('is closed when a statement began a transaction, which would have lost what comes after it', async () => {
    const pid = await becomeBusy(tenants[0]);
    await expect(hostile('BEGIN')).rejects.toMatchObject({ code: 'transaction-misused' });
    const change = `UPDATE clinical.clinics SET alert_timeout = '30 minutes' RETURNING id`;
    expect((await pool.query(context(tenants[0]), change)).rowCount).toBe(1);
    const { rows } = await admin.query<{ t: string; gone: boolean }>(
      `SELECT alert_timeout::text AS t, NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $2) AS gone
       FROM clinical.clinics WHERE tenant_id = $1`,
      [tenants[0], pid],
    );
    expect(rows).toEqual([{ t: '00:30:00', gone: true }]);
  });

  it('outlives a migration that changes what a statement returns', async () => {
    const all = async () =>
      (await pool.query<{ slug: string }>(context(tenants[1]), 'SELECT * FROM clinical.clinics')).rows;
    await becomeBusy(tenants[1]);
    await all();
    await admin.query('ALTER TABLE clinical.clinics ADD COLUMN beds integer');
    expect(await all()).toMatchObject([{ beds: null }]);
    await admin.query('ALTER TABLE clinical.clinics DROP COLUMN beds');
  });

  it('sends nothing of a statement whose values cannot be written, and goes on', async () => {
    const pid = await becomeBusy(tenants[0]);
    const endless = { toPostgres: (): unknown => endless };
    const write = (value: unknown) =>
      pool.query<{ t: string; pid: number }>(
        context(tenants[0]),
        'SELECT $1::text AS t, pg_backend_pid() AS pid',
        [value],
      );
    await expect(write(endless)).rejects.toThrow(/circular/);
    expect((await Promise.all([write('one'), write('two')])).map(({ rows }) => rows[0])).toEqual([
      { t: 'one', pid },
      { t: 'two', pid },
    ]);
  });

  it('says so when a value of the answer cannot be read, and goes on', async () => {
    await becomeBusy(tenants[0]);
    pg.types.setTypeParser(pg.types.builtins.MONEY, () => {
      throw new TypeError('no number');
    });
    await expect(hostile(`SELECT '1'::money AS m`)).rejects.toThrow('a row could not be read');
    expect((await ask(tenants[0])).map((row) => row.id)).toEqual([tenants[0]]);
  });

  it('keeps no name for a statement that could not be prepared', async () => {
    await becomeBusy(tenants[1]);
    const late = 'SELECT count(*)::int AS n FROM clinical.late';
    const count = () => pool.query<{ n: number }>(context(tenants[1]), late);
    await expect(count()).rejects.toMatchObject({ code: '42P01' });
    await admin.query('CREATE TABLE clinical.late (); GRANT SELECT ON clinical.late TO engine_jobs');
    expect((await count()).rows).toEqual([{ n: 0 }]);
    await admin.query('DROP TABLE clinical.late');
  });
});

describe('the connection for tagged texts', () => {
  const statement = `SELECT l.*, pg_backend_pid() AS pid, cardinality($1::text[]) AS texts
    FROM (SELECT $2::bytea[] IS NULL, $3::text) AS tags, clinical.late l`;
  const send = async (...texts: string[]) =>
    (await pool.sendTagged<{ pid: number; texts: number }>(statement, texts)).rows;
  beforeAll(async () => {
    await admin.query(`CREATE TABLE clinical.late (); GRANT SELECT ON clinical.late TO engine_jobs;
      INSERT INTO clinical.late DEFAULT VALUES`);
  });
  afterAll(async () => {
    await admin.query('DROP TABLE clinical.late');
  });

  it('is one for all of them, and opened anew when the server has ended it', async () => {
    const [first] = await send('a', 'b');
    expect(await send('c')).toEqual([{ pid: first?.pid, texts: 1 }]);
    await admin.query('SELECT pg_terminate_backend($1, 5000)', [first?.pid]);
    const answers = await Promise.allSettled([send('d'), send('e')]);
    // The server may say so before or after they are on their way; what is sent then arrives.
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'store-unavailable' });
    const [after] = await send('f', 'g', 'h');
    expect(after?.texts).toBe(3);
    expect(after?.pid).not.toBe(first?.pid);
  });

  it('sends a statement again that a migration made the server forget', async () => {
    await send('a');
    await admin.query('ALTER TABLE clinical.late ADD COLUMN beds integer');
    expect(await send('b')).toMatchObject([{ beds: null, texts: 1 }]);
  });
});
