import { spawn } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoresError } from '../errors.ts';
import type { NativeFiles } from './native-files.ts';
import { giveToServer, type ServerAccount } from './server-account.ts';
import { administratorRole } from './host-rules.ts';

/** What PostgreSQL's programs get of the environment: nothing of the caller's settings or secrets. */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Makes the data folder with initdb where there is none. It appears under its name when it is complete, so a
 * start killed in between begins anew.
 */
export async function createDataFolder(options: {
  readonly native: NativeFiles;
  readonly folder: string;
  readonly account: ServerAccount | undefined;
  readonly administratorPassword: string;
  readonly durable: boolean;
}): Promise<'made' | 'kept'> {
  const { native, folder, account } = options;
  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version !== undefined) {
    if (version.trim() === native.majorVersion) return 'kept';
    throw new StoresError(
      'server-data-version',
      `The data in ${folder} were written by PostgreSQL ${version.trim()} and this is ${native.majorVersion}: move them ` +
        'with pg_upgrade, or begin again with --fresh.',
    );
  }
  const draft = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await giveToServer(draft, account);
  try {
    await writeFile(passwordFile, `${options.administratorPassword}\n`, { mode: 0o600 });
    await giveToServer(passwordFile, account);
    await runInitdb(native.initdb, draft, account, [
      `--username=${administratorRole}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
      '--no-instructions',
      ...(options.durable ? [] : ['--no-sync']),
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, folder);
  return 'made';
}

async function runInitdb(
  program: string,
  folder: string,
  account: ServerAccount | undefined,
  options: readonly string[],
): Promise<void> {
  const child = spawn(program, ['-D', folder, ...options], {
    cwd: folder,
    env: serverEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...account,
  });
  let said = '';
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error: unknown) => {
    throw new StoresError('server-create-failed', 'The embedded PostgreSQL could not be run.', {
      cause: error,
    });
  });
  if (status !== 0) throw explainInitdb(said);
}

function explainInitdb(said: string): StoresError {
  if (/No space left on device/.test(said))
    return new StoresError('disk-full', 'The disk is full: free at least 500 MB and start again.', {
      detail: said,
    });
  if (/could not look up effective user ID/.test(said))
    return new StoresError(
      'server-account-missing',
      'PostgreSQL needs an account with a name: this user id is not in /etc/passwd. Start Cordon as a named account.',
      { detail: said },
    );
  return new StoresError(
    'server-create-failed',
    'The embedded PostgreSQL could not create its data folder.',
    {
      detail: said,
    },
  );
}
