import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_CLASS_IDS } from '@cordon/access-policy';
import { auditEncryption, type EncryptionAudit } from '@cordon/field-encryption';
import { passwordFileOf, readStoreDefinitions, type StoreDefinition } from '@cordon/stores';
import { cloneDatabases, startTestCluster, type StoreClones } from '@cordon/stores/testing';
import pg, { type ClientConfig } from 'pg';
import { findLiveStores } from '../commands/live-stores.ts';
import { ownStoreOptions } from '../commands/encryption.ts';
import { CliError } from '../error.ts';
import { type Layout, sharedSqlOf } from '../up/layout.ts';

type Address = ClientConfig & { readonly of: string };

/** The stores that checks ask: those that run here, else a throw-away server with the same migrations. */
export interface OpenedStores {
  readonly definitions: readonly StoreDefinition[];
  readonly administrator: (store: string) => Promise<Address>;
  readonly login: (store: string, role: string) => Promise<Address>;
  readonly close: () => Promise<void>;
}

export async function openStores(layout: Layout): Promise<OpenedStores> {
  const definitions = await readStoreDefinitions(layout.database);
  const find = (store: string): StoreDefinition => {
    const found = definitions.find((each) => each.store === store);
    if (found) return found;
    throw new CliError('arguments-invalid', `There is no store "${store}".`);
  };
  const live = await findLiveStores(layout, definitions);
  if (live !== undefined) {
    const administrator = (store: string): Promise<Address> =>
      Promise.resolve({ ...live(find(store)), of: `live ${find(store).database}` });
    return {
      definitions,
      administrator,
      login: async (store, role) => ({
        ...(await administrator(store)),
        ...(await credentialsOf(layout, role)),
        of: `live ${find(store).database}`,
      }),
      close: () => Promise.resolve(),
    };
  }
  return openThrowAway(layout, definitions);
}

/** A server that is made when it is first asked for. */
function openThrowAway(layout: Layout, definitions: readonly StoreDefinition[]): OpenedStores {
  let made: Promise<{ clones: StoreClones; stop: () => Promise<void> }> | undefined;
  const open = () =>
    (made ??= (async () => {
      const cluster = await startTestCluster({
        databaseFolder: layout.database,
        sharedSql: sharedSqlOf(layout.root),
      });
      return { clones: await cloneDatabases(cluster.info), stop: cluster.stop };
    })());
  const of = (store: string): string => `${store}, on a server made for it`;
  return {
    definitions,
    administrator: async (store) => ({ ...(await open()).clones.admin(store), of: of(store) }),
    login: async (store, role) => ({ ...(await open()).clones.connection(store, role), of: of(store) }),
    close: async () => {
      await (await made)?.stop();
    },
  };
}

async function credentialsOf(layout: Layout, role: string): Promise<ClientConfig> {
  const folder = join(layout.secrets, 'tls', 'database');
  const read = (name: string): Promise<string | undefined> =>
    readFile(join(folder, name), 'utf8').catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read('ca.crt'), read(`${role}.crt`), read(`${role}.key`)]);
  const password = await readFile(passwordFileOf(layout.secrets, role), 'utf8').catch(() => {
    throw new CliError(
      'not-running',
      `This checkout has no credentials of ${role}: the stores are on servers of your own.`,
    );
  });
  return {
    user: role,
    password: password.trim(),
    ssl: { ...(ca !== undefined && { ca }), ...(cert !== undefined && key !== undefined && { cert, key }) },
  };
}

/** Statements in one read-only transaction each, as the administrator. */
export async function queryStore(
  address: Address,
  sql: string,
  values: readonly unknown[] = [],
): Promise<{ of: string; rows: Record<string, unknown>[] }> {
  return withClient(address, async (client) => {
    await client.query('SET default_transaction_read_only = on');
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return { of: address.of, rows };
  });
}

export async function auditStore(address: Address): Promise<{ of: string; audit: EncryptionAudit }> {
  return withClient(address, async (client) => {
    await client.query('SET default_transaction_read_only = on');
    const options = { ...ownStoreOptions, dataClasses: new Set<string>(DATA_CLASS_IDS) };
    return { of: address.of, audit: await auditEncryption(client, options) };
  });
}

async function withClient<Result>(
  { of: _of, ...config }: Address,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 60_000, statement_timeout: 30_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
