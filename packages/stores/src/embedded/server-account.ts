import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCodeOf, StoresError } from '../errors.ts';

/** The operating-system account that PostgreSQL runs as; undefined means the caller's own. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, and initdb refuses a uid that the account file lacks: as root the
 * server gets the unprivileged account every Unix has.
 */
export async function findServerAccount(
  accountFile = '/etc/passwd',
  callerUid = process.getuid?.(),
): Promise<ServerAccount | undefined> {
  if (callerUid !== 0) return undefined;
  const lines = (await readFile(accountFile, 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['nobody', 'postgres', 'daemon']) {
    const [, , uid, gid] = lines.find(([account]) => account === name) ?? [];
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new StoresError(
    'server-account-missing',
    'PostgreSQL does not run as root and this machine has no account "nobody": start Cordon as an ordinary user.',
  );
}

/** Gives `path` to the server's account. */
export async function giveToServer(path: string, account: ServerAccount | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

/**
 * The first of `candidates` that the server's account can reach: another account needs search permission on
 * every folder above. One that holds data already is kept, whatever has changed since. The folder is made (mode
 * 0711, or 0700 when the server runs as the caller).
 */
export async function makeServerFolder(
  candidates: readonly string[],
  account: ServerAccount | undefined,
): Promise<string> {
  const used = await findUsed(candidates);
  for (const candidate of used ?? candidates) {
    const folder = resolve(candidate);
    if (account && !(await isSearchableByAll(dirname(folder)))) continue;
    await makeFolder(folder, account ? 0o711 : 0o700);
    return folder;
  }
  throw new StoresError(
    'folder-not-searchable',
    `PostgreSQL runs as another account and cannot reach ${candidates.join(' or ')}: move the checkout to a folder ` +
      'whose parents other accounts may search, or start Cordon as an ordinary user.',
  );
}

/** Makes the folder and what is missing above it with exactly this mode, whatever the caller's umask is. */
async function makeFolder(folder: string, mode: number): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, mode);
}

async function findUsed(candidates: readonly string[]): Promise<readonly string[] | undefined> {
  for (const candidate of candidates) {
    const data = await stat(join(candidate, 'data')).catch(() => undefined);
    if (data?.isDirectory()) return [candidate];
  }
  return undefined;
}

async function isSearchableByAll(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const mode = await stat(folder).then(
      (found) => found.mode,
      (error: unknown) => {
        // A folder that is yet to be made gets the right mode from us.
        if (errorCodeOf(error) === 'ENOENT') return 0o001;
        throw error;
      },
    );
    if ((mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
