import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { quoteIdentifier as id, withConnection } from '../connections.ts';
import type { StoreDefinition } from '../definitions.ts';
import type { TestClusterInfo } from './test-cluster.ts';
import { setUpStores, type SetUpOptions } from '../setup/set-up-stores.ts';

/** A small sealed store of a test's own, with names that no other test uses. */
export interface FixtureStore {
  readonly definition: StoreDefinition;
  /** Writes a migration of the store (`0001_a.sql`) or of row security (`row-security/0001_a.sql`). */
  readonly write: (name: string, sql: string) => Promise<void>;
  readonly setUp: (changes?: Partial<SetUpOptions>) => Promise<string[]>;
  readonly query: (text: string, values?: unknown[]) => Promise<unknown[]>;
  readonly remove: () => Promise<void>;
}

const sealSql = `
CREATE TABLE cordon.seal_keys (key_id text PRIMARY KEY, key bytea NOT NULL);
CREATE FUNCTION cordon.install_seal_key(new_id text, new_key bytea) RETURNS void LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO cordon.seal_keys VALUES (new_id, new_key) ON CONFLICT DO NOTHING;
END;
ALTER TABLE cordon.seal_keys OWNER TO :seal_owner;`;

export async function makeFixtureStore(info: TestClusterInfo): Promise<FixtureStore> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-fixture-'));
  const name = `fx${randomBytes(4).toString('hex')}`;
  const definition: StoreDefinition = {
    store: name,
    database: name,
    region: 'region.uk',
    alsoServes: [],
    clientCertificates: true,
    owner: `${name}_owner`,
    ownerRoles: [`${name}_seal`],
    logins: [`${name}_app`, `${name}_jobs`],
    extensions: ['pgcrypto'],
    sealed: true,
    jobQueue: false,
    folder: join(folder, 'store'),
  };
  const administrator = {
    host: 'localhost',
    port: info.port,
    ...info.administrator,
    ssl: { ca: info.authority },
  };
  const write = async (file: string, sql: string): Promise<void> => {
    const path = file.includes('/') ? join(folder, file) : join(definition.folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, sql);
  };
  await write('row-security/0001_seal.sql', sealSql);
  await write('field-encryption/0001_domain.sql', 'CREATE DOMAIN cordon.fixture AS bytea');
  await write('0001_table.sql', 'CREATE TABLE things (id int PRIMARY KEY)');
  const options: SetUpOptions = {
    definitions: [definition],
    serverOf: () => ({ database: name, administrator }),
    secrets: {
      passwords: new Map(definition.logins.map((role) => [role, `password-of-${role}`])),
      sealKeys: new Map([[name, randomBytes(32)]]),
    },
    sharedSql: {
      rowSecurity: join(folder, 'row-security'),
      fieldEncryption: join(folder, 'field-encryption'),
    },
    dedicatedServer: true,
    report: () => undefined,
  };
  return {
    definition,
    write,
    setUp: async (changes) => {
      const said: string[] = [];
      await setUpStores({ ...options, report: (line) => said.push(line), ...changes });
      return said;
    },
    query: (text, values) =>
      withConnection({ ...administrator, database: name }, async (client) => {
        const answer = await client.query<Record<string, unknown>>(text, values);
        return answer.rows;
      }),
    remove: async () => {
      await withConnection({ ...administrator, database: 'postgres' }, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${id(name)} WITH (FORCE)`);
        for (const role of [definition.owner, ...definition.ownerRoles, ...definition.logins])
          await client.query(`DROP ROLE IF EXISTS ${id(role)}`);
      });
      await rm(folder, { recursive: true });
    },
  };
}
