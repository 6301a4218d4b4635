import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EmbeddedCluster,
  keepStoreSecrets,
  type LoginAddress,
  type OwnServers,
  passwordFileOf,
  readOwnServers,
  readStoreDefinitions,
  sealKeyFileOf,
  setUpStores,
  startEmbeddedCluster,
  type StoreDefinition,
  type StoreServer,
  StoresError,
  writeSecret,
} from '@cordon/stores';
import { keepStoreCertificates } from '@cordon/stores/certificates';
import { type Layout, sharedSqlOf } from './layout.ts';
import { serverFolders } from './state-folder.ts';

/** The five stores, set up and reachable. */
export interface RunningStores {
  readonly definitions: readonly StoreDefinition[];
  readonly serverOf: (store: string) => StoreServer;
  /** How each login role signs in. */
  readonly logins: ReadonlyMap<string, LoginAddress>;
  readonly sealKeyFiles: ReadonlyMap<string, string>;
  /** Where the embedded server keeps its files; none with servers of your own. */
  readonly dataFolder?: string | undefined;
  /** Settles when the embedded server ends; never with servers of your own. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Whether the URLs of your own servers are set. Throws when they are set wrongly. */
export async function usesOwnServers(layout: Layout): Promise<boolean> {
  return (await readOwnServers(process.env, await readStoreDefinitions(layout.database))) !== undefined;
}

/** Starts the embedded server, or turns to the five of your own, and sets the stores up. */
export async function startStores(layout: Layout, say: (line: string) => void): Promise<RunningStores> {
  const definitions = await readStoreDefinitions(layout.database);
  const own = await readOwnServers(process.env, definitions);
  const secrets = await keepStoreSecrets(layout.secrets, definitions);
  const cluster = own ? undefined : await startCluster(layout, definitions, say);
  const stop = async (): Promise<void> => cluster?.stop();
  try {
    const reach = cluster ? reachCluster(cluster, definitions) : await reachOwn(layout, own, definitions);
    await setUpStores({
      definitions,
      serverOf: reach.serverOf,
      secrets,
      sharedSql: sharedSqlOf(layout.root),
      dedicatedServer: cluster !== undefined,
      report: say,
    });
    const certificates = cluster && (await keepStoreCertificates(cluster.authority, definitions));
    const logins = new Map<string, LoginAddress>();
    for (const definition of definitions)
      for (const role of definition.logins) {
        const certificate = certificates?.get(role);
        logins.set(role, {
          role,
          ...reach.addressOf(definition.store),
          passwordFile: passwordFileOf(layout.secrets, role),
          authorityFile: reach.authorityFile,
          ...(certificate && { certificate }),
        });
      }
    return {
      definitions,
      serverOf: reach.serverOf,
      logins,
      sealKeyFiles: new Map(
        [...secrets.sealKeys.keys()].map((store) => [store, sealKeyFileOf(layout.secrets, store)]),
      ),
      dataFolder: cluster && join(cluster.folder, 'data'),
      ended: cluster ? cluster.ended : new Promise(() => undefined),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Reach {
  readonly serverOf: (store: string) => StoreServer;
  readonly addressOf: (store: string) => Pick<LoginAddress, 'host' | 'port' | 'database'>;
  readonly authorityFile: string;
}

async function startCluster(
  layout: Layout,
  definitions: readonly StoreDefinition[],
  say: (line: string) => void,
): Promise<EmbeddedCluster> {
  say('Starting PostgreSQL …');
  return startEmbeddedCluster({
    serverFolders: await serverFolders(layout),
    secretsFolder: layout.secrets,
    definitions,
    port: layout.ports.postgres,
    durable: true,
    logFile: join(layout.logs, 'postgresql.log'),
    log: say,
  });
}

function reachCluster(cluster: EmbeddedCluster, definitions: readonly StoreDefinition[]): Reach {
  const administrator = {
    host: 'localhost',
    port: cluster.port,
    ...cluster.administrator,
    ssl: { ca: cluster.authority.certificate },
  };
  const databaseOf = (store: string): string => find(definitions, store).database;
  return {
    serverOf: (store) => ({ database: databaseOf(store), administrator }),
    addressOf: (store) => ({ host: 'localhost', port: cluster.port, database: databaseOf(store) }),
    authorityFile: cluster.caFile,
  };
}

async function reachOwn(
  layout: Layout,
  own: OwnServers | undefined,
  definitions: readonly StoreDefinition[],
): Promise<Reach> {
  const serverOf = (store: string) => {
    const server = own?.servers.get(find(definitions, store).store);
    if (server) return server;
    throw new StoresError('store-name-unknown', `There is no server for the ${store} store.`);
  };
  const authorityFile = join(layout.secrets, 'tls', 'own-servers.crt');
  const authorities = own?.authorities ?? '';
  if ((await readFile(authorityFile, 'utf8').catch(() => '')) !== authorities)
    await writeSecret(authorityFile, authorities);
  return {
    serverOf,
    addressOf: (store) => {
      const { host, port, database } = serverOf(store);
      return { host, port, database };
    },
    authorityFile,
  };
}

function find(definitions: readonly StoreDefinition[], store: string): StoreDefinition {
  const found = definitions.find((definition) => definition.store === store);
  if (found) return found;
  throw new StoresError('store-name-unknown', `There is no store named ${store}.`);
}
