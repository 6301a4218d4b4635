import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Every live process that runs from `folder`: its command line, working folder or environment names it. So none escapes by a
 * title of its own (PostgreSQL), a new session, or a parent that is gone.
 */
export async function findProcesses(folder: string): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const read = (file: string): Promise<string> => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
    const [command, environment, place] = await Promise.all([
      read('cmdline'),
      read('environ'),
      readlink(`/proc/${name}/cwd`).catch(() => ''),
    ]);
    // A process that has ended and waits for its parent to notice has no command line any more.
    if (command !== '' && [command, environment, place].some((text) => text.includes(folder)))
      found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() });
  }
  return found;
}

/** Waits until nothing runs from `folder`; answers what is left when the time is over. */
export async function waitForNone(folder: string, milliseconds: number): Promise<FoundProcess[]> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await findProcesses(folder);
    if (found.length === 0 || Date.now() > end) return found;
    await sleep(100);
  }
}
