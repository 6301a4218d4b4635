import { auditEncryption } from '@cordon/field-encryption';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import { ownStoreOptions } from './encryption.ts';

let stores: Awaited<ReturnType<typeof cloneStores>>;
beforeAll(async () => {
  stores = await cloneStores();
});
afterAll(() => stores.drop());

it.each(['clinical', 'vault', 'audit', 'marketing', 'identity'])(
  'the %s store holds no PHI in the clear, and nothing that keeps what a column encrypts',
  async (store) => {
    const client = new pg.Client(stores.admin(store));
    await client.connect();
    try {
      const { columns, findings } = await auditEncryption(client, ownStoreOptions);
      expect(findings).toEqual([]);
      expect(columns.length).toBeGreaterThan(10);
    } finally {
      await client.end();
    }
  },
);
