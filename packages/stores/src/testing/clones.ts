import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { renderConnectionEnvironment } from '../connection-environment.ts';
import { quoteIdentifier as id, withConnection } from '../connections.ts';
import { cloneName } from '../embedded/host-rules.ts';
import { StoresError } from '../errors.ts';
import { secureDatabase } from '../setup/database.ts';
import type { TestClusterInfo, TestLogin, TestStore } from './test-cluster.ts';

/** Databases of one test file's own, copied from the migrated templates. */
export interface StoreClones {
  /** Signs in as a login role of the store, with TLS and, where demanded, its certificate. */
  readonly connection: (store: string, role: string) => ClientConfig;
  /** Signs in as the server's administrator, who bypasses row security. */
  readonly admin: (store: string) => ClientConfig;
  readonly database: (store: string) => string;
  readonly sealKey: (store: string) => Buffer;
  /** The variables a process needs to sign in as these roles. */
  readonly environment: (roles: readonly string[]) => Record<string, string>;
  /** Removes the clones; throws `connection-leaked` naming who is still connected. */
  readonly drop: () => Promise<void>;
}

// A connection that was closed takes a moment to vanish from the server's list, and on a busy machine a long one.
const usualClosingMs = 30_000;

/** Copies the named stores, or all. */
export async function cloneDatabases(
  info: TestClusterInfo,
  names?: readonly string[],
  { closingMs = usualClosingMs }: { readonly closingMs?: number } = {},
): Promise<StoreClones> {
  const stores = names ? names.map((name) => findStore(info, name)) : info.stores;
  const suffix = randomBytes(6).toString('hex');
  const server = {
    host: 'localhost',
    port: info.port,
    ssl: { ca: info.authority },
    connectionTimeoutMillis: 60_000,
  };
  const administrator = { ...server, ...info.administrator };
  const maintenance = { ...administrator, database: 'postgres' };
  await withConnection(maintenance, async (client) => {
    for (const { definition } of stores) {
      const clone = cloneName(definition.database, suffix);
      await client.query(`CREATE DATABASE ${id(clone)} TEMPLATE ${id(definition.database)}`);
      await secureDatabase(client, clone, definition);
    }
  });
  const find = (store: string): TestStore => {
    const found = stores.find(({ definition }) => definition.store === store);
    if (found) return found;
    throw new StoresError('store-name-unknown', `The store ${store} was not cloned.`);
  };
  const database = (store: string): string => cloneName(find(store).definition.database, suffix);
  const drop = async (): Promise<void> => {
    await withConnection(maintenance, async (client) => {
      const databases = stores.map(({ definition }) => cloneName(definition.database, suffix));
      const leaked = await findOpen((text, values) => client.query(text, values), databases, closingMs);
      for (const each of databases) await client.query(`DROP DATABASE IF EXISTS ${id(each)} WITH (FORCE)`);
      if (leaked.length > 0)
        throw new StoresError(
          'connection-leaked',
          `Close every connection before the test file ends: ${leaked.join(', ')}.`,
        );
    });
  };
  return {
    connection: (store, role) => signIn(server, database(store), findLogin(find(store), role)),
    admin: (store) => ({ ...administrator, database: database(store) }),
    database,
    sealKey: (store) => Buffer.from(find(store).sealKey, 'base64'),
    environment: (roles) =>
      Object.assign({}, ...roles.map((role) => environmentOf(info, stores, role, suffix))) as Record<
        string,
        string
      >,
    drop,
  };
}

function signIn(
  server: ClientConfig & { ssl: { ca: string } },
  database: string,
  login: TestLogin,
): ClientConfig {
  const { certificateText: cert, keyText: key } = login;
  return {
    ...server,
    ssl: { ca: server.ssl.ca, ...(cert !== undefined && key !== undefined ? { cert, key } : {}) },
    database,
    user: login.role,
    password: login.password,
  };
}

function environmentOf(
  info: TestClusterInfo,
  stores: readonly TestStore[],
  role: string,
  suffix: string,
): Record<string, string> {
  const store = stores.find(({ logins }) => logins.some((login) => login.role === role));
  if (!store) throw new StoresError('store-name-unknown', `No cloned store has the login role ${role}.`);
  const { passwordFile, certificate } = findLogin(store, role);
  return renderConnectionEnvironment({
    role,
    host: 'localhost',
    port: info.port,
    database: cloneName(store.definition.database, suffix),
    passwordFile,
    authorityFile: info.authorityFile,
    ...(certificate && { certificate }),
  });
}

function findStore(info: TestClusterInfo, name: string): TestStore {
  const found = info.stores.find(({ definition }) => definition.store === name);
  if (found) return found;
  throw new StoresError('store-name-unknown', `There is no store named ${name}.`);
}

function findLogin(store: TestStore, role: string): TestLogin {
  const found = store.logins.find((login) => login.role === role);
  if (found) return found;
  throw new StoresError(
    'store-name-unknown',
    `The store ${store.definition.store} has no login role ${role}.`,
  );
}

type Query = (text: string, values: unknown[]) => Promise<{ rows: unknown[] }>;

/** Who is connected to the databases, once those that were just closed are gone. */
async function findOpen(query: Query, databases: readonly string[], closingMs: number): Promise<string[]> {
  const end = Date.now() + closingMs;
  for (;;) {
    const { rows } = await query(
      `SELECT pg_catalog.format('%s in %s (%s)', usename, datname, coalesce(nullif(application_name, ''), 'unnamed')) AS who
         FROM pg_catalog.pg_stat_activity WHERE datname = ANY ($1) AND backend_type = 'client backend'`,
      [databases],
    );
    if (rows.length === 0 || Date.now() > end) return rows.map((row) => (row as { who: string }).who);
    await sleep(20);
  }
}
