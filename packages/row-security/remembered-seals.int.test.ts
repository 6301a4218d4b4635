import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { sealKeyId } from '@cordon/stores';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneStores } from '../../testing/stores.ts';
import { sealContext, type Seal, type SealedContext } from './index.ts';

let stores: Awaited<ReturnType<typeof cloneStores>>;
let admin: pg.Client;
let client: pg.Client;
const tenantId = randomUUID();
beforeAll(async () => {
  stores = await cloneStores(['clinical']);
  admin = new pg.Client(stores.admin('clinical'));
  await admin.connect();
  await admin.query(`INSERT INTO clinical.tenants (tenant_id, slug) VALUES ($1, 'north')`, [tenantId]);
});
beforeEach(async () => {
  client = new pg.Client(stores.connection('clinical', 'engine_jobs'));
  await client.connect();
});
afterEach(() => client.end());
afterAll(async () => {
  await admin.end();
  await stores.drop();
});

const soon = (ms: number) => new Date(Date.now() + ms);

function sealed(change: Partial<SealedContext> = {}, key = stores.sealKey('clinical')): Seal {
  const { processID } = client as pg.Client & { processID: number };
  return sealContext(
    {
      tenantId,
      role: 'role.system',
      clinicIds: [],
      readable: [],
      writable: [],
      expiresAt: soon(60_000),
      ...change,
    },
    { database: stores.database('clinical'), loginRole: 'engine_jobs', backendPid: processID },
    { keyId: sealKeyId(key), key: createSecretKey(key) },
  );
}

/** Enters in a transaction of its own and answers the tenant that the policies then see. */
async function enter({ payload, keyId, tag }: Seal, on = client): Promise<string | null> {
  await on.query('BEGIN');
  try {
    await on.query('SELECT cordon.enter($1, $2, $3)', [payload, keyId, tag]);
    const { rows } = await on.query<{ tenant: string | null }>('SELECT cordon.tenant_id() AS tenant');
    return rows[0]?.tenant ?? null;
  } finally {
    await on.query('ROLLBACK');
  }
}
/** The same, and what was verified stays remembered. */
async function enterAndCommit({ payload, keyId, tag }: Seal): Promise<void> {
  await client.query('SELECT cordon.enter($1, $2, $3)', [payload, keyId, tag]);
}
const held = async (): Promise<string> =>
  (await client.query<{ held: string }>(`SELECT current_setting('backtrace_functions') AS held`)).rows[0]
    ?.held ?? '';
const refused = { code: 'CX001' };

describe('a seal that was verified', () => {
  it('is remembered by a digest, which is no context: outside of a transaction that entered there is nothing to see', async () => {
    const seal = sealed();
    await enterAndCommit(seal);
    expect(await held()).toMatch(/^seen,\d+_[0-9a-f]{64}$/);
    expect(await held()).not.toContain(seal.tag.toString('hex').slice(0, 32));
    const { rows } = await client.query(
      `SELECT cordon.tenant_id() AS tenant, cordon.role() AS role, cordon.subject() AS subject, cordon.patient_id() AS patient,
         cordon.may_read('patientProfile') AS reads, cordon.clinic_in_context($1) AS clinic,
         (SELECT count(*)::int FROM clinical.clinics) AS clinics`,
      [randomUUID()],
    );
    expect(rows).toEqual([
      { tenant: null, role: null, subject: null, patient: null, reads: false, clinic: false, clinics: 0 },
    ]);
    expect(await enter(seal)).toBe(tenantId);
  });

  it('opens nothing with another payload, tag or key name', async () => {
    const [seal, other] = [sealed(), sealed({ tenantId: randomUUID() })];
    await enterAndCommit(seal);
    for (const altered of [
      { ...seal, payload: other.payload },
      { ...seal, tag: other.tag },
      { ...seal, tag: seal.tag.subarray(0, 31) },
      { ...seal, keyId: 'seal-nobody' },
      { ...seal, payload: `${seal.payload}\n${seal.keyId}` },
      // Parts that say together what the three said, with one of them absent.
      { ...seal, payload: `${seal.payload}\n${seal.keyId}`, keyId: null as unknown as string },
      { ...seal, payload: (await held()).replace(/^seen,/, 'v1 ') },
    ])
      await expect(enter(altered)).rejects.toMatchObject(refused);
  });

  it('is over at its expiry, and with another connection', async () => {
    const seal = sealed({ expiresAt: soon(2_000) });
    await enterAndCommit(seal);
    const elsewhere = new pg.Client(stores.connection('clinical', 'engine_jobs'));
    await elsewhere.connect();
    await expect(enter(seal, elsewhere)).rejects.toMatchObject(refused);
    await elsewhere.end();
    const { rows } = await client.query<{ left: number }>(
      `SELECT greatest(0, split_part($1, ' ', 7)::float8 - extract(epoch FROM clock_timestamp()))::float8 AS left`,
      [seal.payload],
    );
    await client.query('SELECT pg_sleep($1)', [(rows[0]?.left ?? 2) + 0.01]);
    await expect(enter(seal)).rejects.toThrow(/expired/);
  });

  it('is forgotten with its key: what a retired key sealed is refused at the next statement', async () => {
    const [next, before] = [randomBytes(32), sealed()];
    await enterAndCommit(before);
    await admin.query('SELECT cordon.install_seal_key($1, $2)', [sealKeyId(next), next]);
    const after = sealed({}, next);
    await enterAndCommit(after);
    expect(await enter(before)).toBe(tenantId);
    await admin.query('BEGIN');
    await admin.query('SELECT cordon.retire_seal_keys($1)', [sealKeyId(next)]);
    // Not stored yet: whoever verifies now waits for it, and does not remember what is about to end.
    const waiting = enter(before);
    waiting.catch(() => undefined);
    await admin.query('COMMIT');
    await expect(waiting).rejects.toMatchObject(refused);
    await expect(enter(before)).rejects.toMatchObject(refused);
    expect(await enter(after)).toBe(tenantId);
    await admin.query(
      'UPDATE cordon.seal_keys SET retired_at = NULL, key = $1 WHERE retired_at IS NOT NULL',
      [stores.sealKey('clinical')],
    );
  });
});

it('is not remembered by a transaction that looks at an older state of the keys', async () => {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await enterAndCommit(sealed());
  await client.query('COMMIT');
  expect(await held()).toBe('');
});

describe('what is remembered', () => {
  it('stays bounded', async () => {
    for (let seal = 0; seal < 70; seal += 1)
      await enterAndCommit(sealed({ subject: randomUUID(), expiresAt: soon(60_000) }));
    expect((await held()).split(',').filter((seal) => /^\d+_[0-9a-f]{64}$/.test(seal))).toHaveLength(64);
  });

  it.each([
    `SELECT set_config('backtrace_functions', 'seen,0_00', false)`,
    `SET backtrace_functions = 'seen,0_00'`,
    'RESET backtrace_functions',
    `SELECT nextval('cordon.seal_key_retirements')`,
    `SELECT last_value FROM cordon.seal_key_retirements`,
    `SELECT cordon.verify_seal('v1 0 0 0 0 0 0 0 0 0', 'k', 'x')`,
  ])('cannot be written by a login role: %s', async (sql) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
  });
});
