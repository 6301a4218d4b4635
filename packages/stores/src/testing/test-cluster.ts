import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { keepStoreCertificates } from '../certificates/store-certificates.ts';
import { quoteIdentifier as id, withConnection } from '../connections.ts';
import { readStoreDefinitions, type StoreDefinition } from '../definitions.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../embedded/cluster.ts';
import { StoresError } from '../errors.ts';
import type { SharedSqlFolders } from '../setup/migration-files.ts';
import { keepStoreSecrets, passwordFileOf } from '../setup/secrets.ts';
import { setUpStores } from '../setup/set-up-stores.ts';
import { findFreePort, makeTestFolder, removeTestFolder, sweepTestFolders } from './test-folders.ts';

export interface TestLogin {
  readonly role: string;
  readonly password: string;
  readonly passwordFile: string;
  readonly certificate?: { readonly certificateFile: string; readonly keyFile: string };
  readonly certificateText?: string;
  readonly keyText?: string;
}

export interface TestStore {
  readonly definition: StoreDefinition;
  readonly logins: readonly TestLogin[];
  /** Base64; empty for a store that is not sealed. */
  readonly sealKey: string;
}

/** All that a test process needs to clone stores; plain data, so that it can be handed to workers. */
export interface TestClusterInfo {
  readonly port: number;
  readonly administrator: { readonly user: string; readonly password: string };
  readonly authority: string;
  readonly authorityFile: string;
  readonly stores: readonly TestStore[];
}

export interface TestCluster {
  readonly info: TestClusterInfo;
  /** Kills the server's first process, as the kernel does when memory runs out, and starts it again on the same data. */
  readonly killServer: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a throw-away server in a temporary folder and sets every store up once, as the templates that
 * `cloneDatabases` copies. Servers of runs that were killed are ended and removed first.
 */
export async function startTestCluster(options: {
  readonly databaseFolder: string;
  readonly sharedSql: SharedSqlFolders;
  readonly preloaded?: readonly string[];
  /** Commits that survive the machine, as in production. Default false: tests would wait for the disk. */
  readonly durable?: boolean;
}): Promise<TestCluster> {
  await sweepTestFolders();
  const definitions = await readStoreDefinitions(options.databaseFolder);
  const folder = await makeTestFolder();
  const secretsFolder = join(folder, 'secrets');
  const start = (port: number): Promise<EmbeddedCluster> =>
    startEmbeddedCluster({
      serverFolders: [join(folder, 'server')],
      secretsFolder,
      definitions,
      port,
      durable: options.durable ?? false,
      allowClones: true,
      maxConnections: 300,
      preloaded: options.preloaded,
      logFile: join(folder, 'postgresql.log'),
      log: () => undefined,
    });
  const running: { cluster?: EmbeddedCluster } = {};
  try {
    const cluster = await startOnFreePort(start);
    running.cluster = cluster;
    const info = await setUpTemplates(cluster, secretsFolder, definitions, options.sharedSql);
    const killServer = async (): Promise<void> => {
      const killed = running.cluster ?? cluster;
      process.kill(killed.pid, 'SIGKILL');
      await killed.ended;
      running.cluster = await start(killed.port);
    };
    return { info, killServer, stop: stopper(() => running.cluster ?? cluster, folder) };
  } catch (error) {
    await running.cluster?.stop();
    await removeTestFolder(folder);
    throw error;
  }
}

async function startOnFreePort(start: (port: number) => Promise<EmbeddedCluster>): Promise<EmbeddedCluster> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await start(await findFreePort());
    } catch (error) {
      // Between looking for a port and taking it, somebody else may have.
      if (attempt === 5 || !(error instanceof StoresError && error.code === 'port-taken')) throw error;
    }
}

async function setUpTemplates(
  cluster: EmbeddedCluster,
  secretsFolder: string,
  definitions: readonly StoreDefinition[],
  sharedSql: SharedSqlFolders,
): Promise<TestClusterInfo> {
  const administrator = {
    host: cluster.host,
    port: cluster.port,
    ...cluster.administrator,
    ssl: { ca: cluster.authority.certificate },
  };
  const secrets = await keepStoreSecrets(secretsFolder, definitions);
  await setUpStores({
    definitions,
    serverOf: (store) => ({ database: databaseOf(definitions, store), administrator }),
    secrets,
    sharedSql,
    dedicatedServer: true,
    connectionLimit: 200,
    report: () => undefined,
  });
  await withConnection({ ...administrator, database: 'postgres' }, async (client) => {
    // Copying a database needs it free of connections.
    for (const { database } of definitions)
      await client.query(`ALTER DATABASE ${id(database)} ALLOW_CONNECTIONS false`);
  });
  const certificates = await keepStoreCertificates(cluster.authority, definitions);
  return {
    port: cluster.port,
    administrator: cluster.administrator,
    authority: cluster.authority.certificate,
    authorityFile: cluster.caFile,
    stores: definitions.map((definition) => ({
      definition,
      sealKey: secrets.sealKeys.get(definition.store)?.toString('base64') ?? '',
      logins: definition.logins.map((role): TestLogin => {
        const certificate = certificates.get(role);
        return {
          role,
          password: secrets.passwords.get(role) ?? '',
          passwordFile: passwordFileOf(secretsFolder, role),
          ...(certificate && {
            certificate: { certificateFile: certificate.certificateFile, keyFile: certificate.keyFile },
            certificateText: certificate.certificate,
            keyText: certificate.key,
          }),
        };
      }),
    })),
  };
}

function databaseOf(definitions: readonly StoreDefinition[], store: string): string {
  const found = definitions.find((definition) => definition.store === store);
  if (found) return found.database;
  throw new StoresError('store-name-unknown', `There is no store named ${store}.`);
}

/** Ends the server once, also when the process exits, or is told to, without having asked for it. */
function stopper(running: () => EmbeddedCluster, folder: string): () => Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const endAtExit = (): void => {
    process.kill(running().pid, 'SIGQUIT');
    // An exiting process cannot await: give the server's processes a moment to let go of their files.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  const endBySignal = (signal: NodeJS.Signals): void => {
    forget();
    endAtExit();
    // And then what the signal would have done without us.
    process.kill(process.pid, signal);
  };
  const forget = (): void => {
    process.off('exit', endAtExit);
    for (const signal of signals) process.off(signal, endBySignal);
  };
  process.once('exit', endAtExit);
  for (const signal of signals) process.on(signal, endBySignal);
  return async () => {
    forget();
    await running().stop();
    await removeTestFolder(folder);
  };
}
