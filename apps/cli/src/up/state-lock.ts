import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, startOf } from '@cordon/stores/processes';
import { CliError } from '../error.ts';

interface Holder {
  readonly pid: number;
  readonly start: string;
  readonly basePort: number;
  readonly tls: boolean;
}

/**
 * Makes this process the only `up` of the checkout. A lock whose process is gone is taken over.
 * Throws `already-running`. Answers the function that gives the lock back.
 */
export async function lockState(
  stateFolder: string,
  { basePort, tls }: { readonly basePort: number; readonly tls: boolean },
): Promise<() => Promise<void>> {
  const file = join(stateFolder, 'up.lock');
  const mine: Holder = { pid: process.pid, start: (await startOf(process.pid)) ?? '', basePort, tls };
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        // A link appears whole or fails because the name exists: two starts cannot both succeed.
        await link(draft, file);
        return async () => {
          if ((await readHolder(file))?.pid === process.pid) await rm(file, { force: true });
        };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const holder = await readHolder(file);
      if (holder && (await isAlive(holder.pid)) && (await startOf(holder.pid)) === holder.start)
        throw new CliError(
          'already-running',
          `Cordon already runs in this checkout (process ${holder.pid}, ports from ${holder.basePort}): end it with Ctrl-C ` +
            'in its terminal, or start a second checkout with --port.',
        );
      await rm(file, { force: true });
    }
    throw new CliError(
      'already-running',
      'Another start of this checkout is under way: try again in a moment.',
    );
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** Where the installation of this checkout listens. Throws `not-running`. */
export async function readRunning(stateFolder: string): Promise<{ basePort: number; tls: boolean }> {
  const holder = await readHolder(join(stateFolder, 'up.lock'));
  if (holder && (await isAlive(holder.pid)) && (await startOf(holder.pid)) === holder.start) return holder;
  throw new CliError(
    'not-running',
    'Cordon does not run in this checkout: run npm start in another terminal first.',
  );
}
