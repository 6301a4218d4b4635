import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, StoresError } from '../errors.ts';
import { isAlive, isServerProcess, waitForEnd } from './processes.ts';

const patience: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 5000],
  ['SIGQUIT', 1000],
  ['SIGKILL', 1000],
];

/**
 * Ends the server that an earlier start of this folder left behind (its launcher was killed), and clears a
 * pidfile whose process id now belongs to somebody else. Answers whether a server was ended.
 */
export async function endLeftoverServer(program: string, dataFolder: string): Promise<boolean> {
  const pid = await readServerPid(dataFolder);
  if (pid === undefined) return false;
  if (!(await isServerProcess(pid, program, dataFolder))) {
    // A stranger has the number: PostgreSQL would take it for its own server and refuse to start. A pidfile of a
    // dead process is left alone, for PostgreSQL then checks its shared memory as well.
    if (await isAlive(pid)) await rm(join(dataFolder, 'postmaster.pid'), { force: true });
    return false;
  }
  await endServer(pid);
  return true;
}

/** Ends a server: clients are disconnected and all is written (SIGINT), then less politely. */
export async function endServer(pid: number): Promise<void> {
  for (const [signal, milliseconds] of patience) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (errorCodeOf(error) === 'ESRCH') return;
      throw error;
    }
    if (await waitForEnd(pid, milliseconds)) return;
  }
  throw new StoresError('server-stop-failed', `PostgreSQL (process ${pid}) did not end: end it yourself.`);
}

/** The process id in the data folder's `postmaster.pid`. */
export async function readServerPid(dataFolder: string): Promise<number | undefined> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
}
