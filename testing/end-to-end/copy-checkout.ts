import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What an installation runs on: sources with the pages built from them, configuration, migrations. */
const parts = ['apps', 'packages', 'launch', 'config', 'database', 'package.json', 'package-lock.json'];
const leftOut = new Set(['node_modules', '.cordon', '.vitest']);

export interface CheckoutCopy {
  /** The copy, whose `.cordon` holds all that an installation makes. */
  readonly checkout: string;
  /** Named as TMPDIR to what is started. */
  readonly temporary: string;
  readonly remove: () => Promise<void>;
}

/**
 * Copies the checkout, so that an installation of its own runs beside any that runs here: `cordon up` keeps its state in
 * the checkout that its own file lies in. Dependencies are not copied: `node_modules` holds a link to each, but the links of
 * the workspace lead to the copy, since Node takes a module's real path for its place.
 */
export async function copyCheckout(): Promise<CheckoutCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-end-to-end-'));
  // As root PostgreSQL runs as another account, which must be able to pass through to its own folder.
  await chmod(folder, 0o711);
  const checkout = join(folder, 'checkout');
  const temporary = join(folder, 'tmp');
  await mkdir(checkout, { mode: 0o711 });
  await mkdir(temporary, { mode: 0o700 });
  for (const part of parts)
    await cp(join(root, part), join(checkout, part), {
      recursive: true,
      filter: (source) => !leftOut.has(basename(source)),
    });
  await linkDependencies(checkout);
  return {
    checkout,
    temporary,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function linkDependencies(checkout: string): Promise<void> {
  const from = join(root, 'node_modules');
  const to = join(checkout, 'node_modules');
  await mkdir(to);
  for (const name of await readdir(from))
    if (name !== '@cordon') await symlink(join(from, name), join(to, name));
  const workspace = join(to, '@cordon');
  await mkdir(workspace);
  for (const kind of ['apps', 'packages'])
    for (const name of await readdir(join(checkout, kind)))
      await symlink(relative(workspace, join(checkout, kind, name)), join(workspace, name));
}
