import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSecret } from '@cordon/stores';
import { isAlive, startOf, waitForEnd } from '@cordon/stores/processes';

interface Known {
  readonly pid: number;
  readonly start: string;
}

/** Remembers the apps of this start, for the next one to find should we be killed. */
export async function rememberApps(stateFolder: string, pids: readonly number[]): Promise<void> {
  const known: Known[] = [];
  for (const pid of pids) known.push({ pid, start: (await startOf(pid)) ?? '' });
  await writeSecret(fileOf(stateFolder), JSON.stringify(known));
}

/** Ends apps that outlived a killed start: they end by themselves unless they hang. Answers how many there were. */
export async function endLeftoverApps(stateFolder: string): Promise<number> {
  const text = await readFile(fileOf(stateFolder), 'utf8').catch(() => '[]');
  let known: Known[];
  try {
    known = JSON.parse(text) as Known[];
  } catch {
    return 0;
  }
  const left: number[] = [];
  for (const { pid, start } of known)
    if ((await isAlive(pid)) && (await startOf(pid)) === start) left.push(pid);
  for (const pid of left) process.kill(pid, 'SIGTERM');
  for (const pid of left)
    if (!(await waitForEnd(pid, 5000))) {
      process.kill(pid, 'SIGKILL');
      await waitForEnd(pid, 2000);
    }
  return left.length;
}

function fileOf(stateFolder: string): string {
  return join(stateFolder, 'apps.json');
}
