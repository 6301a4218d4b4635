import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '@cordon/stores';
import type { Layout } from '../up/layout.ts';

/** The names of the variables of each process that `cordon up` started here, by the app's name. */
export async function readProcesses(layout: Layout): Promise<{ name: string; variables: string[] }[]> {
  const text = await readFile(join(layout.state, 'apps.json'), 'utf8').catch(() => '[]');
  const found = [];
  for (const { pid } of JSON.parse(text) as { pid: number }[]) {
    if (!(await isAlive(pid))) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const variables = environment.split('\0').filter((each) => each.includes('='));
    const name = variables.find((each) => each.startsWith('CORDON_APP='))?.slice('CORDON_APP='.length);
    if (name !== undefined)
      found.push({ name, variables: variables.map((each) => each.slice(0, each.indexOf('='))) });
  }
  return found;
}

/** The secret files of this installation, with their modes. */
export async function listSecretFiles(layout: Layout): Promise<{ path: string; mode: number }[]> {
  const entries = await readdir(layout.secrets, { recursive: true, withFileTypes: true }).catch(() => []);
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map(async (path) => ({ path: path.slice(layout.root.length + 1), mode: (await lstat(path)).mode })),
  );
}

/** Where the root key lies, by the engine's settings as this checkout has them. */
export async function findRootKey(
  layout: Layout,
): Promise<{ kind: 'file' | 'aws-kms' | 'vault' | 'none'; of: string }> {
  const named = process.env['CORDON_KEY_MANAGEMENT'];
  if (named === 'aws-kms') return { kind: 'aws-kms', of: 'CORDON_KEY_MANAGEMENT' };
  if (named !== undefined && named !== 'local') return { kind: 'vault', of: 'CORDON_KEY_MANAGEMENT' };
  const file = join(layout.secrets, 'root.key');
  const there = await lstat(file).then(() => true, () => false); // prettier-ignore
  return { kind: there ? 'file' : 'none', of: file.slice(layout.root.length + 1) };
}
