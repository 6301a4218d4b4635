import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '@cordon/stores/processes';
import type { Layout } from '../up/layout.ts';

/** The environments of the processes that `cordon up` started here. */
async function readEnvironments(layout: Layout): Promise<ReadonlyMap<string, string>[]> {
  const text = await readFile(join(layout.state, 'apps.json'), 'utf8').catch(() => '[]');
  const found = [];
  for (const { pid } of JSON.parse(text) as { pid: number }[]) {
    if (!(await isAlive(pid))) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const variables = environment.split('\0').filter((each) => each.includes('='));
    found.push(
      new Map(variables.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)])),
    );
  }
  return found;
}

/** The names of the variables of each process, by the app's name. */
export async function readProcesses(layout: Layout): Promise<{ name: string; variables: string[] }[]> {
  return (await readEnvironments(layout)).flatMap((variables) => {
    const name = variables.get('CORDON_APP');
    return name === undefined ? [] : [{ name, variables: [...variables.keys()] }];
  });
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

/**
 * Where the root key lies, by the settings of the engine that runs here: what this shell's environment says is nobody's key. Without an
 * engine, a file that lies where `cordon up` puts it.
 */
export async function findRootKey(
  layout: Layout,
): Promise<{ kind: 'file' | 'aws-kms' | 'vault' | 'none'; of: string }> {
  const engine = (await readEnvironments(layout)).find(
    (variables) => variables.get('CORDON_APP') === 'engine',
  );
  const named = engine?.get('CORDON_KEY_MANAGEMENT') ?? 'local';
  const of = 'CORDON_KEY_MANAGEMENT of the engine';
  if (named === 'aws-kms') return { kind: 'aws-kms', of };
  if (named !== 'local') return { kind: 'vault', of };
  const file = join(layout.secrets, 'root.key');
  const there = await lstat(file).then(() => true, () => false); // prettier-ignore
  return { kind: there ? 'file' : 'none', of: file.slice(layout.root.length + 1) };
}
