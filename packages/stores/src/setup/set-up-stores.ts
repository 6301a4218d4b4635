import type { Client, ClientConfig } from 'pg';
import { withConnection } from '../connections.ts';
import type { StoreDefinition } from '../definitions.ts';
import { errorCodeOf, StoresError } from '../errors.ts';
import { createDatabase, prepareDatabase, secureDatabase } from './database.ts';
import { installJobQueue } from './job-queue.ts';
import { applyMigrations } from './migrate.ts';
import { readMigrations, type SharedSqlFolders } from './migration-files.ts';
import { setUpRoles } from './roles.ts';
import { installSealKey } from './seal-key.ts';

/** Where a store lies, and how its administrator reaches it. */
export interface StoreServer {
  readonly database: string;
  /** A connection to the server, without the database. */
  readonly administrator: ClientConfig;
}

/** What a store's set-up needs besides its definition; see `keepStoreSecrets`. */
export interface StoreSecrets {
  /** A password for each login role. */
  readonly passwords: ReadonlyMap<string, string>;
  /** 32 bytes for each sealed store, by store. */
  readonly sealKeys: ReadonlyMap<string, Buffer>;
}

/** What `setUpStores` is told. */
export interface SetUpOptions {
  readonly definitions: readonly StoreDefinition[];
  readonly serverOf: (store: string) => StoreServer;
  readonly secrets: StoreSecrets;
  readonly sharedSql: SharedSqlFolders;
  /** Whether the server is Cordon's alone, so that its other databases are closed to everybody as well. */
  readonly dedicatedServer: boolean;
  /** Connections one login role may hold at once. */
  readonly connectionLimit?: number;
  /** Receives a sentence for each step. */
  readonly report: (line: string) => void;
}

const oldestVersion = 15;
// Any two numbers that nobody else locks: two set-ups of one database take turns.
const turn = 'pg_catalog.pg_advisory_lock(7400, 1)';

/**
 * Brings every store to what its definition says: roles, database, rights, extensions, migrations, seal key.
 * Repeating it changes nothing.
 * @throws StoresError `migration-*`, `seal-function-missing`, `server-version-too-old`, `server-unreachable`,
 * `administrator-may-not-create-roles`
 */
export async function setUpStores(options: SetUpOptions): Promise<void> {
  // Roles belong to a whole server, which several stores may share: one after the other.
  for (const definition of options.definitions)
    await withMaintenance(options.serverOf(definition.store), options.dedicatedServer, async (client) => {
      const serverVersion = await readVersion(client, definition.store);
      await setUpRoles(client, definition, options.secrets.passwords, {
        serverVersion,
        connectionLimit: options.connectionLimit ?? 60,
      });
    });
  await Promise.all(options.definitions.map((definition) => setUpStore(options, definition)));
}

async function setUpStore(options: SetUpOptions, definition: StoreDefinition): Promise<void> {
  const { database, administrator } = options.serverOf(definition.store);
  const migrations = await readMigrations(definition, options.sharedSql, database);
  await withConnection({ ...administrator, database }, async (client) => {
    await client.query(`SELECT ${turn}`);
    await secureDatabase(client, database, definition);
    await prepareDatabase(client, definition);
    if (definition.jobQueue) await installJobQueue(client, { ...administrator, database }, definition.owner);
    const applied = await applyMigrations(client, definition, migrations);
    if (definition.sealed) {
      const key = options.secrets.sealKeys.get(definition.store);
      if (!key)
        throw new StoresError(
          'store-name-unknown',
          `There is no seal key for the ${definition.store} store.`,
        );
      await installSealKey(client, definition.store, key);
    }
    if (applied.length > 0)
      options.report(
        `Store ${definition.store}: applied ${applied.length} of ${migrations.length} migrations`,
      );
  });
}

/** Connects to the store's database, which is made by way of `postgres` where it is missing. */
async function withMaintenance(
  server: StoreServer,
  dedicated: boolean,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const { administrator, database } = server;
  const byWayOfPostgres = (): Promise<void> =>
    withConnection({ ...administrator, database: 'postgres' }, async (client) => {
      await createDatabase(client, database);
      if (dedicated) await client.query('REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC');
      await work(client);
    });
  if (dedicated) return byWayOfPostgres();
  try {
    // On a server of your own the administrator may reach its database alone.
    await withConnection({ ...administrator, database }, work);
  } catch (error) {
    if (errorCodeOf(error) !== '3D000') throw error;
    await byWayOfPostgres();
  }
}

async function readVersion(client: Client, store: string): Promise<number> {
  const answer = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version`,
  );
  const version = answer.rows[0]?.version ?? 0;
  if (version >= oldestVersion) return version;
  throw new StoresError(
    'server-version-too-old',
    `The ${store} store's server is PostgreSQL ${version}: Cordon needs ${oldestVersion} or newer.`,
  );
}
