import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { endLeftoverServer, writeSecret } from '@cordon/stores';
import { CliError } from '../error.ts';
import type { Layout } from './layout.ts';

/** Makes `.cordon` with its folders. Throws `state-folder-foreign` when another account made it. */
export async function makeStateFolder(layout: Layout): Promise<void> {
  const uid = process.getuid?.();
  const found = await stat(layout.state).catch(() => undefined);
  if (found && found.uid !== uid)
    throw new CliError(
      'state-folder-foreign',
      `${layout.state} was made by another account (uid ${found.uid}): start Cordon as that account, or remove the folder.`,
    );
  await mkdir(layout.state, { recursive: true });
  // As root PostgreSQL runs as another account, which passes through to its own folder; all others stay shut.
  await chmod(layout.state, uid === 0 ? 0o711 : 0o700);
  for (const folder of [layout.secrets, layout.logs, layout.objects, layout.temporary]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
  }
}

/**
 * Where the embedded server may live: in the checkout, or, when its account cannot reach that (a checkout under
 * /root), under /var/lib by a name of the checkout's own.
 */
export async function serverFolders(layout: Layout): Promise<string[]> {
  const folders = [join(layout.state, 'server')];
  if (process.getuid?.() === 0) folders.push(join('/var/lib/cordon', await readInstance(layout), 'server'));
  return folders;
}

/** A random name that stays with the checkout when it is moved. */
async function readInstance(layout: Layout): Promise<string> {
  const file = join(layout.state, 'instance');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f]{16}$/.test(known)) return known;
  const made = randomBytes(8).toString('hex');
  await writeSecret(file, made);
  return made;
}

/** Ends a server that a killed start left behind; answers whether there was one. */
export async function endLeftoverStores(layout: Layout): Promise<boolean> {
  let ended = false;
  for (const folder of await serverFolders(layout))
    ended =
      (await endLeftoverServer(join(folder, 'native', 'bin', 'postgres'), join(folder, 'data'))) || ended;
  return ended;
}

/** Removes data, secrets and logs; the lock of this very start stays. */
export async function removeState(layout: Layout): Promise<void> {
  for (const folder of await serverFolders(layout)) {
    await rm(folder, { recursive: true, force: true });
    if (!folder.startsWith(layout.state)) await rm(join(folder, '..'), { recursive: true, force: true });
  }
  for (const name of await readdir(layout.state))
    if (name !== 'up.lock') await rm(join(layout.state, name), { recursive: true, force: true });
}
