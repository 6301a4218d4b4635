import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, StoresError } from '../errors.ts';
import { findProcessesOf, isAlive, isServerProcess, waitForEnd } from './processes.ts';

const patience: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 5000],
  ['SIGQUIT', 1000],
  ['SIGKILL', 1000],
];

/**
 * Ends the server that an earlier start of this folder left behind (its launcher was killed), and clears a
 * pidfile whose process id now belongs to somebody else. Where the server alone was killed, ends the processes that it
 * had: one that is at work does not notice, and PostgreSQL starts beside none of them. Answers whether any was ended.
 */
export async function endLeftoverServer(program: string, dataFolder: string): Promise<boolean> {
  const pid = await readServerPid(dataFolder);
  if (pid === undefined) return endOrphans(program, dataFolder);
  if (!(await isServerProcess(pid, program, dataFolder))) {
    // A stranger has the number: PostgreSQL would take it for its own server and refuse to start. A pidfile of a
    // dead process is left alone, for PostgreSQL then checks its shared memory as well.
    if (await isAlive(pid)) await rm(join(dataFolder, 'postmaster.pid'), { force: true });
    return endOrphans(program, dataFolder);
  }
  await endServer(pid);
  return true;
}

/** Nothing that they hold is lost: what was committed is in the log that the next start recovers from. */
async function endOrphans(program: string, dataFolder: string): Promise<boolean> {
  const orphans = await findProcessesOf(program, dataFolder);
  for (const pid of orphans)
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (errorCodeOf(error) !== 'ESRCH') throw error;
    }
  for (const pid of orphans)
    if (!(await waitForEnd(pid, 5_000)))
      throw new StoresError(
        'server-stop-failed',
        `A process of PostgreSQL (${pid}) did not end: end it yourself.`,
      );
  return orphans.length > 0;
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
