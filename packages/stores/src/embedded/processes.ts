import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const pollInMilliseconds = 20;

/**
 * Whether process `pid` is a live server of ours: the program is our copy and its data folder is ours.
 * Process ids are reused, so a pidfile alone proves nothing.
 */
export async function isServerProcess(pid: number, program: string, dataFolder: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  const [line, executable] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/exe`).catch(() => undefined),
  ]);
  const words = line.split('\0');
  const at = words.indexOf('-D');
  // The link reads "… (deleted)" when the checkout was removed under the running server.
  const runsProgram = executable === undefined || executable.replace(/ \(deleted\)$/, '') === program;
  return runsProgram && words[0] === program && at > 0 && words[at + 1] === dataFolder;
}

/**
 * Processes that run our copy of the program in our data folder, by what the kernel says of them: the server's children
 * write their own titles. None where there is no such file system.
 */
export async function findProcessesOf(program: string, dataFolder: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const ours = await Promise.all(
    pids.map(async (pid) => {
      const executable = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
      if (executable?.replace(/ \(deleted\)$/, '') !== program) return false;
      return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === dataFolder && isAlive(pid);
    }),
  );
  return pids.filter((_, place) => ours[place]);
}

/** Whether the process runs; one that ended and waits for its parent to notice does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (status === undefined) return false;
  // The command name is in parentheses and may hold anything: the state stands behind the last one.
  return status.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3) !== 'Z';
}

/** When the process started, in clock ticks since boot: with the pid this names one process for good. */
export async function startOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')[19];
}

/** Waits until the process has ended; false when it still runs after `milliseconds`. */
export async function waitForEnd(pid: number, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (await isAlive(pid)) {
    if (Date.now() > end) return false;
    await sleep(pollInMilliseconds);
  }
  return true;
}
