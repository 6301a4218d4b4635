import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program in a process of its own, which tells how much CPU it has used. */
export interface MeasuredProcess<Ready> {
  readonly ready: Ready;
  /** Milliseconds so far, of the process and of the kernel on its account. */
  cpu(): Promise<number>;
  /** Sends work, and answers what comes back. */
  ask<Answer>(work: object): Promise<Answer>;
  end(): Promise<void>;
}

/** What a child says: one member at a time. */
export interface Told {
  readonly ready?: unknown;
  readonly answer?: unknown;
  readonly cpu?: unknown;
  readonly failed?: string;
}

const inFolder = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The first message that has the member. A child that fails or ends instead is an error. */
async function hear(child: ChildProcess, member: keyof Told): Promise<unknown> {
  const ended = new AbortController();
  const onExit = (): void => {
    ended.abort(new Error(`a process of the bench ended before it said “${member}”`));
  };
  child.once('exit', onExit);
  try {
    for (;;) {
      const [told] = (await once(child, 'message', { signal: ended.signal })) as [Told];
      if (told.failed !== undefined) throw new Error(told.failed);
      if (member in told) return told[member];
    }
  } finally {
    child.off('exit', onExit);
  }
}

/**
 * Starts a file of this folder, or another's program.
 * @param args of its own files one: the input as JSON
 * @param whenReady for a program that does not say itself when it is ready
 */
export async function startMeasured<Ready>(
  program: string,
  args: readonly string[],
  whenReady?: () => Promise<Ready>,
): Promise<MeasuredProcess<Ready>> {
  const own = program.startsWith('./');
  const child = fork(own ? inFolder(program) : program, [...args], {
    execArgv: ['--conditions=cordon-source', '--import', inFolder('./tell-cpu.ts')],
    stdio: ['ignore', 'ignore', own ? 'inherit' : 'ignore', 'ipc'],
  });
  const ready = (await (whenReady === undefined ? hear(child, 'ready') : whenReady())) as Ready;
  return {
    ready,
    async cpu() {
      child.send({ tellCpu: true });
      return (await hear(child, 'cpu')) as number;
    },
    async ask<Answer>(work: object) {
      child.send({ work });
      return (await hear(child, 'answer')) as Answer;
    },
    async end() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
