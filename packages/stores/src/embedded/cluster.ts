import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepAuthority, keepCertificate, type KeptAuthority } from '../certificates/keep.ts';
import type { StoreDefinition } from '../definitions.ts';
import { errorCodeOf, StoresError } from '../errors.ts';
import { readOrCreatePassword } from '../secrets.ts';
import { withoutCoreDumps } from '../without-core-dumps.ts';
import { createDataFolder, serverEnvironment } from './data-folder.ts';
import { administratorRole, renderHostRules } from './host-rules.ts';
import { endLeftoverServer, endServer } from './leftover.ts';
import { installNativeFiles, type NativeFiles } from './native-files.ts';
import { findServerAccount, giveToServer, makeServerFolder, type ServerAccount } from './server-account.ts';
import { renderServerSettings } from './server-settings.ts';

/** Where the embedded server lives, and how it runs. */
export interface EmbeddedClusterOptions {
  /** Where programs and data lie; the first that the server's account can reach is taken. */
  readonly serverFolders: readonly string[];
  /** Where password, keys and certificates lie, mode 0700. */
  readonly secretsFolder: string;
  readonly definitions: readonly StoreDefinition[];
  readonly port: number;
  /** False turns crash safety off, for throw-away test servers only. */
  readonly durable: boolean;
  readonly logFile: string;
  /** Lets login roles reach clones of their database. */
  readonly allowClones?: boolean;
  readonly maxConnections?: number;
  /** See `ServerSettings`. */
  readonly preloaded?: readonly string[] | undefined;
  /** Receives a sentence for each step. */
  readonly log: (line: string) => void;
}

/** A running embedded server. */
export interface EmbeddedCluster {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly administrator: { readonly user: string; readonly password: string };
  /** The authority that signs the server's certificate and those of its clients. */
  readonly authority: KeptAuthority;
  readonly caFile: string;
  readonly pid: number;
  readonly folder: string;
  /** Settles when the server ends, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the server: connections are cut, everything is written. */
  readonly stop: () => Promise<void>;
}

const startMilliseconds = 60_000;
const keptLogBytes = 5_000_000;

/**
 * Starts the PostgreSQL that npm installed, with TLS, passwords and host rules in place before it listens.
 * Throws `StoresError`: `port-taken`, `disk-full`, `platform-unsupported`, `server-*`.
 */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  try {
    return await start(options);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOSPC')
      throw new StoresError('disk-full', 'The disk is full: free at least 500 MB and start again.', {
        cause: error,
      });
    throw error;
  }
}

async function start(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  const account = await findServerAccount();
  const folder = await makeServerFolder(options.serverFolders, account);
  const native = await installNativeFiles(join(folder, 'native'));
  const data = join(folder, 'data');
  if (await endLeftoverServer(native.postgres, data)) options.log('Ended the PostgreSQL of an earlier start');

  const password = await readOrCreatePassword(
    join(options.secretsFolder, 'database', 'administrator.password'),
  );
  const authority = await keepAuthority(
    join(options.secretsFolder, 'tls', 'database'),
    'Cordon database authority',
  );
  const made = await createDataFolder({
    native,
    folder: data,
    account,
    administratorPassword: password,
    durable: options.durable,
  });
  if (made === 'made') options.log('Made a PostgreSQL data folder');
  await writeConfiguration(options, folder, data, authority, account);

  const pid = await launch(native, data, options, account);
  const child = { pid: pid.number, ended: pid.ended };
  return {
    host: '127.0.0.1',
    port: options.port,
    administrator: { user: administratorRole, password },
    authority,
    caFile: authority.authorityFile,
    pid: child.pid,
    folder,
    ended: child.ended,
    stop: async () => {
      await endServer(child.pid);
      await child.ended;
    },
  };
}

async function writeConfiguration(
  options: EmbeddedClusterOptions,
  folder: string,
  data: string,
  authority: KeptAuthority,
  account: ServerAccount | undefined,
): Promise<void> {
  const server = await keepCertificate(authority, 'server', {
    commonName: 'localhost',
    use: 'server',
    hosts: ['localhost', '127.0.0.1'],
  });
  const tls = join(folder, 'tls');
  await mkdir(tls, { recursive: true, mode: 0o700 });
  await giveToServer(tls, account);
  const settings = {
    port: options.port,
    durable: options.durable,
    maxConnections: options.maxConnections ?? 250,
    preloaded: options.preloaded,
    certificateFile: join(tls, 'server.crt'),
    keyFile: join(tls, 'server.key'),
    clientAuthorityFile: join(tls, 'clients.crt'),
  };
  const files: readonly (readonly [string, string])[] = [
    [settings.keyFile, server.key],
    [settings.certificateFile, server.certificate],
    [settings.clientAuthorityFile, authority.certificate],
    [join(data, 'pg_hba.conf'), renderHostRules(options.definitions, options.allowClones ?? false)],
    [join(data, 'pg_ident.conf'), ''],
    [join(data, 'postgresql.conf'), renderServerSettings(settings)],
  ];
  for (const [file, content] of files) {
    await rm(file, { force: true });
    await writeFile(file, content, { mode: 0o600 });
    await giveToServer(file, account);
  }
}

async function launch(
  native: NativeFiles,
  data: string,
  options: EmbeddedClusterOptions,
  account: ServerAccount | undefined,
): Promise<{ number: number; ended: Promise<void> }> {
  await mkdir(dirname(options.logFile), { recursive: true, mode: 0o700 });
  const size = await stat(options.logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > keptLogBytes) await rename(options.logFile, `${options.logFile}.1`);
  const log = await open(options.logFile, 'a', 0o600);
  const before = (await log.stat()).size;
  // A session of its own: Ctrl-C in the terminal must reach the launcher first, which ends the apps before the server.
  const child = spawn(...withoutCoreDumps(native.postgres, ['-D', data]), {
    cwd: data,
    env: serverEnvironment,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
    ...account,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => {
      resolve();
    });
    child.once('exit', () => {
      resolve();
    });
  });
  await log.close();
  child.unref();
  const pid = child.pid;
  if (pid === undefined)
    throw new StoresError('server-start-failed', 'The embedded PostgreSQL could not be run.', {
      detail: native.postgres,
    });

  const until = Date.now() + startMilliseconds;
  while (child.exitCode === null && child.signalCode === null) {
    if (await isReady(data, pid)) return { number: pid, ended };
    if (Date.now() > until) {
      await endServer(pid);
      break;
    }
    await sleep(15);
  }
  throw explainStart(
    options.port,
    (await readFile(options.logFile)).subarray(before).toString('utf8').slice(-4000),
  );
}

/** The server writes its state into the eighth line of its pidfile (PostgreSQL, miscadmin.h). */
async function isReady(data: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

function explainStart(port: number, said: string): StoresError {
  if (/Address already in use/.test(said))
    return new StoresError('port-taken', `Port ${port} for PostgreSQL is taken by another program.`, {
      detail: said,
    });
  if (/No space left on device/.test(said))
    return new StoresError('disk-full', 'The disk is full: free at least 500 MB and start again.', {
      detail: said,
    });
  return new StoresError('server-start-failed', 'The embedded PostgreSQL did not start; its log says why.', {
    detail: said,
  });
}
