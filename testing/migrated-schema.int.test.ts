import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStoreDefinitions, setUpStores } from '@cordon/stores';
import { startTestCluster, type TestCluster } from '@cordon/stores/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  differencesOf,
  takeFingerprint,
  type Fingerprint,
} from '../packages/row-security/src/prover/catalog/fingerprint.ts';
import { cloneStores } from './stores.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const sharedSql = {
  rowSecurity: inRepository('packages/row-security/sql'),
  fieldEncryption: inRepository('packages/field-encryption/sql'),
};
const storeNames = ['clinical', 'vault', 'audit', 'marketing', 'identity'] as const;

let folder: string;
let older: TestCluster;
let fresh: Awaited<ReturnType<typeof cloneStores>>;

/** An installation of an earlier day: each store lacks its newest migration, where it has more than one. */
async function copyWithoutNewest(): Promise<void> {
  await cp(inRepository('database'), folder, { recursive: true });
  for (const store of storeNames) {
    const migrations = (await readdir(join(folder, store))).filter((file) => file.endsWith('.sql')).sort();
    const newest = migrations.at(-1);
    if (migrations.length > 1 && newest !== undefined) await rm(join(folder, store, newest));
  }
}

const serverOf = () => ({
  host: 'localhost',
  port: older.info.port,
  ssl: { ca: older.info.authority },
  ...older.info.administrator,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-older-'));
  await copyWithoutNewest();
  older = await startTestCluster({ databaseFolder: folder, sharedSql });
  fresh = await cloneStores();
  const definitions = await readStoreDefinitions(inRepository('database'));
  // Templates of test clusters take no connections; here they stand for an installation's own databases.
  const maintenance = new pg.Client({ ...serverOf(), database: 'postgres' });
  await maintenance.connect();
  for (const { database } of definitions)
    await maintenance.query(`ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS true`);
  await maintenance.end();
  await setUpStores({
    definitions,
    serverOf: (store) => ({
      database: definitions.find((each) => each.store === store)?.database ?? '',
      administrator: serverOf(),
    }),
    secrets: {
      passwords: new Map(
        older.info.stores.flatMap(({ logins }) => logins.map((each) => [each.role, each.password])),
      ),
      sealKeys: new Map(
        older.info.stores.map(({ definition, sealKey }) => [
          definition.store,
          Buffer.from(sealKey, 'base64'),
        ]),
      ),
    },
    sharedSql,
    dedicatedServer: true,
    report: () => undefined,
  });
});
afterAll(async () => {
  await fresh.drop();
  await older.stop();
  await rm(folder, { recursive: true, force: true });
});

async function fingerprintOf(config: pg.ClientConfig): Promise<Fingerprint> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await takeFingerprint(client, ['pgcrypto', 'btree_gist']);
  } finally {
    await client.end();
  }
}

describe.each(storeNames)('the %s store', (store) => {
  it('is the same after the newest migration as one that was made today', async () => {
    const migrated = await fingerprintOf({ ...serverOf(), database: `cordon_${store}` });
    const made = await fingerprintOf(fresh.admin(store));
    expect(made.facts.size).toBeGreaterThan(10);
    expect(differencesOf(migrated, made)).toEqual([]);
  });
});
