import { createSecretKey } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealedPool, type SealedContext } from '@cordon/row-security';
import { sealKeyId } from '@cordon/stores';
import { expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import { makeLayout } from '../up/layout.ts';
import { changeSealKeys, retireSealKeys, rotateSealKey, type SealKeyEntry } from './rls-keys.ts';

const context: SealedContext = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  role: 'role.system',
  clinicIds: [],
  readable: [],
  writable: [],
  expiresAt: new Date(Date.now() + 600_000),
};

it('lets engines change over one by one: the file always holds a key that verifies', async () => {
  const stores = await cloneStores(['vault']);
  const folder = await mkdtemp(join(tmpdir(), 'cordon-seal-key-'));
  const keyFile = join(folder, 'seal-vault.key');
  const recorded: SealKeyEntry[] = [];
  const record = (entry: SealKeyEntry) => Promise.resolve(recorded.push(entry));
  const place = { administrator: stores.admin('vault'), keyFile, record };
  const enters = async (key: Buffer): Promise<boolean> => {
    const pool = createSealedPool({
      connection: stores.connection('vault', 'engine_vault'),
      key: { keyId: sealKeyId(key), key: createSecretKey(key) },
    });
    try {
      return await pool.query(context, 'SELECT 1').then(
        () => true,
        () => false,
      );
    } finally {
      await pool.close();
    }
  };
  try {
    const old = stores.sealKey('vault');
    await writeFile(keyFile, old);
    expect(await rotateSealKey(place)).toContain('Both verify now');
    const fresh = await readFile(keyFile);
    expect(fresh.equals(old)).toBe(false);
    expect([await enters(old), await enters(fresh)]).toEqual([true, true]);
    expect(await retireSealKeys(place)).toBe(`Only ${sealKeyId(fresh)} verifies now; retired: 1.`);
    expect([await enters(old), await enters(fresh)]).toEqual([false, true]);
    expect(recorded).toEqual(
      (['rotated', 'retired'] as const).flatMap((change) =>
        (['intent', 'success'] as const).map((outcome) => ({ change, keyId: sealKeyId(fresh), outcome })),
      ),
    );
    const away = () => Promise.reject(new Error('the audit log is away'));
    await expect(rotateSealKey({ ...place, record: away })).rejects.toThrow('audit log');
    expect((await readFile(keyFile)).equals(fresh)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
    await stores.drop();
  }
});

it.each([[['rotate-key']], [['rotate-key', '--store', 'identity']], [['retire-keys', '--store', 'all']]])(
  'changes the key of one named store that has one, and of no other: %j',
  async (args) => {
    const layout = makeLayout(join(import.meta.dirname, '..', '..', '..', '..'), 7400);
    await expect(changeSealKeys(layout, args)).rejects.toMatchObject({
      code: 'arguments-invalid',
      message: expect.stringContaining('Name the one store') as string,
    });
  },
);
