import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { sealKeyId } from '@cordon/stores';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneStores } from '../../testing/stores.ts';
import { createSealedPool, type SealedPool } from './index.ts';

const oldKey = () => stores.sealKey('clinical');
const newKey = randomBytes(32);
let stores: Awaited<ReturnType<typeof cloneStores>>;
let admin: pg.Client;
const pools: SealedPool[] = [];
beforeAll(async () => {
  stores = await cloneStores(['clinical']);
  admin = new pg.Client(stores.admin('clinical'));
  await admin.connect();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await admin.end();
  await stores.drop();
});

/** A process that seals with this key. */
function engineWith(key: Buffer) {
  const pool = createSealedPool({
    connection: stores.connection('clinical', 'engine_jobs'),
    key: { keyId: sealKeyId(key), key: createSecretKey(key) },
    sharedConnections: 1,
    maxConnections: 1,
  });
  pools.push(pool);
  const context = () => ({
    tenantId: randomUUID(),
    role: 'role.system',
    clinicIds: [],
    readable: [],
    writable: [],
    expiresAt: new Date(Date.now() + 60_000),
  });
  return () => pool.query(context(), 'SELECT 1');
}
const install = (key: Buffer) => admin.query('SELECT cordon.install_seal_key($1, $2)', [sealKeyId(key), key]);
const retireAllBut = async (key: Buffer) =>
  (await admin.query<{ retired: number }>('SELECT cordon.retire_seal_keys($1) AS retired', [sealKeyId(key)]))
    .rows[0]?.retired;

it('is rotated without a pause: the new key verifies at once, the old one until it is retired', async () => {
  const [before, after] = [engineWith(oldKey()), engineWith(newKey)];
  await expect(after()).rejects.toMatchObject({ code: 'context-refused' });
  await install(newKey);
  await expect(Promise.all([before(), after(), before()])).resolves.toHaveLength(3);
  expect(await retireAllBut(newKey)).toBe(1);
  await expect(before()).rejects.toMatchObject({ code: 'context-refused' });
  await expect(after()).resolves.toMatchObject({ rowCount: 1 });
});

it('leaves nothing of a retired key to use, and takes none back', async () => {
  const { rows } = await admin.query<{ id: string; same: boolean }>(
    'SELECT key_id AS id, key = $1 AS same FROM cordon.seal_keys WHERE retired_at IS NOT NULL',
    [oldKey()],
  );
  expect(rows).toEqual([{ id: sealKeyId(oldKey()), same: false }]);
  await expect(install(oldKey())).rejects.toMatchObject({ code: 'CX002' });
  await expect(install(newKey)).resolves.toBeDefined();
});

it('keeps the last key: what is not in use cannot be the one that stays', async () => {
  await expect(retireAllBut(oldKey())).rejects.toMatchObject({ code: 'CX002' });
  await expect(retireAllBut(randomBytes(32))).rejects.toMatchObject({ code: 'CX002' });
  expect(await retireAllBut(newKey)).toBe(0);
});

it.each([
  ['install_seal_key', 'SELECT cordon.install_seal_key($1, $2)', ['mine', randomBytes(32)]],
  ['retire_seal_keys', 'SELECT cordon.retire_seal_keys($1)', [sealKeyId(newKey)]],
])('lets no login role call %s', async (_name, sql, values) => {
  const client = new pg.Client(stores.connection('clinical', 'engine_clinical'));
  await client.connect();
  try {
    await expect(client.query(sql, values)).rejects.toMatchObject({ code: '42501' });
  } finally {
    await client.end();
  }
});
