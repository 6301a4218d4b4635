import { createSecretKey, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../testing/stores.ts';
import { sealKeyId } from '@cordon/stores';
import { createSealedPool, type SealedContext, type SealedPool } from './index.ts';

const tenantId = randomUUID();
let stores: Awaited<ReturnType<typeof cloneStores>>;
let pool: SealedPool;
beforeAll(async () => {
  stores = await cloneStores(['clinical']);
  pool = openPool();
  await pool.within(context(), (transaction) =>
    transaction.query('INSERT INTO clinical.tenants (tenant_id, slug) VALUES ($1, $2)', [tenantId, 'north']),
  );
  await pool.within(context(), (transaction) =>
    transaction.query(
      'INSERT INTO clinical.clinics (tenant_id, id, slug) VALUES ($1, gen_random_uuid(), $2)',
      [tenantId, 'north-one'],
    ),
  );
});
afterAll(async () => {
  await pool.close();
  await stores.drop();
});

function openPool(limits: { statementTimeoutMs?: number } = {}): SealedPool {
  return createSealedPool({
    connection: stores.connection('clinical', 'engine_jobs'),
    key: { keyId: sealKeyId(stores.sealKey('clinical')), key: createSecretKey(stores.sealKey('clinical')) },
    maxConnections: 1,
    ...limits,
  });
}

function context(change: Partial<SealedContext> = {}): SealedContext {
  return {
    tenantId,
    role: 'role.system',
    clinicIds: [],
    readable: [],
    writable: [],
    expiresAt: new Date(Date.now() + 60_000),
    ...change,
  };
}
const countClinics = 'SELECT count(*)::int AS n FROM clinical.clinics';
const elsewhere = () => context({ tenantId: randomUUID() });

describe('a statement in one round trip', () => {
  it('sees the rows of its context, with and without parameters', async () => {
    expect((await pool.query<{ n: number }>(context(), countClinics)).rows).toEqual([{ n: 1 }]);
    const found = await pool.query<{ slug: string }>(
      context(),
      'SELECT slug FROM clinical.clinics WHERE slug = $1',
      ['north-one'],
    );
    expect(found.rows).toEqual([{ slug: 'north-one' }]);
  });

  it('leaves no context on its connection, after success, after a failure and after a refusal', async () => {
    await pool.query(context(), countClinics);
    expect((await pool.query<{ n: number }>(elsewhere(), countClinics)).rows).toEqual([{ n: 0 }]);
    await expect(pool.query(context(), 'SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    const after = await pool.query<{ held: string }>(
      elsewhere(),
      `SELECT current_setting('backtrace_functions') AS held`,
    );
    expect(after.rows[0]?.held).not.toContain(tenantId.replaceAll('-', ''));
    await expect(pool.query(context({ expiresAt: new Date(1_000) }), countClinics)).rejects.toMatchObject({
      code: 'context-refused',
    });
    const admin = new pg.Client(stores.admin('clinical'));
    await admin.connect();
    const idle = await admin.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND usename = 'engine_jobs' AND state LIKE 'idle in transaction%'`,
    );
    await admin.end();
    expect(idle.rowCount).toBe(0);
  });

  it('does not run its statement when the seal is refused', async () => {
    const write = 'UPDATE clinical.clinics SET state = $1 RETURNING id';
    await expect(
      pool.query(context({ expiresAt: new Date(1_000) }), write, ['closed']),
    ).rejects.toMatchObject({ code: 'context-refused' });
    const { rows } = await pool.query<{ state: string }>(context(), 'SELECT state FROM clinical.clinics');
    expect(rows).toEqual([{ state: 'active' }]);
  });

  it('commits what it writes', async () => {
    await pool.query(context(), `UPDATE clinical.clinics SET alert_timeout = '20 minutes'`);
    const { rows } = await pool.query<{ t: string }>(
      context(),
      'SELECT alert_timeout::text AS t FROM clinical.clinics',
    );
    expect(rows).toEqual([{ t: '00:20:00' }]);
  });

  it('is ended by the server when it runs too long, and the pool goes on', async () => {
    const impatient = openPool({ statementTimeoutMs: 2_000 });
    await expect(impatient.query(context(), 'SELECT pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
    expect((await impatient.query<{ n: number }>(context(), countClinics)).rows).toEqual([{ n: 1 }]);
    await impatient.close();
  });
});

describe('a transaction', () => {
  it('tells the refusal of its seal, not the failure of the statement behind it', async () => {
    await expect(
      pool.within(context({ expiresAt: new Date(1_000) }), (transaction) => transaction.query(countClinics)),
    ).rejects.toMatchObject({ code: 'context-refused' });
  });

  it('is not reported as stored when a statement in it failed and the work went on', async () => {
    await expect(
      pool.within(context(), async (transaction) => {
        await transaction.query('SELECT 1 / 0').catch(() => undefined);
      }),
    ).rejects.toMatchObject({ code: 'transaction-misused' });
  });

  it('rolls back all when its work throws', async () => {
    await expect(
      pool.within(context(), async (transaction) => {
        await transaction.query(`UPDATE clinical.clinics SET state = 'closed'`);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    const { rows } = await pool.query<{ state: string }>(context(), 'SELECT state FROM clinical.clinics');
    expect(rows).toEqual([{ state: 'active' }]);
  });

  it.each([
    ['a tenant that is no UUID', { tenantId: 'north' }],
    ['a role with SQL in it', { role: "role.x' OR 1=1" }],
    ['a data class with a space', { readable: ['a b'] }],
    ['a purpose with a comma', { purpose: 'a,b' }],
    ['no expiry', { expiresAt: new Date(Number.NaN) }],
    ['too many clinics', { clinicIds: Array.from({ length: 501 }, () => randomUUID()) }],
  ])('is refused before it begins with %s', async (_name, change) => {
    await expect(pool.query(context(change), countClinics)).rejects.toMatchObject({
      code: 'context-invalid',
    });
  });
});
