import { spawn, type ChildProcess } from 'node:child_process';
import type { Ran } from '../../../../compliance/asked.ts';

const mostCharacters = 40_000_000;
const graceMilliseconds = 5_000;

/**
 * What could make a tool look elsewhere than at this checkout, or look away: npm's settings in either case, git's folders, Node's
 * and Vitest's switches, and the credentials of the stores.
 */
const withheld = /^(NODE_|NPM_|GIT_|PIP_|PYTHON|CORDON_DB_|VITEST|VITE_|ESLINT_|NO_COLOR|FORCE_COLOR)/i;

const running = new Set<ChildProcess>();
let watched = false;

/** A group of its own: a program that started others is ended with all of them. */
function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** Groups of their own do not hear of Ctrl-C: they are told. */
function watchOwnEnd(): void {
  if (watched) return;
  watched = true;
  process.once('exit', () => {
    for (const child of running) endGroup(child, 'SIGKILL');
  });
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const)
    process.once(signal, () => process.exit(code)); // prettier-ignore
}

/**
 * Runs a program without a shell, with the environment's PATH and HOME and nothing of ours. A program that is not there says so; one
 * that is stopped is ended with everything that it started, and is not waited for.
 */
export function runProgram(
  folder: string,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    watchOwnEnd();
    const environment = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !withheld.test(name)),
    );
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...environment, NO_COLOR: '1' },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let stdout = '';
    let stderr = '';
    const end = (): void => {
      signal.removeEventListener('abort', stop);
      running.delete(child);
    };
    const stop = (): void => {
      endGroup(child, 'SIGTERM');
      setTimeout(() => {
        endGroup(child, 'SIGKILL');
        end();
      }, graceMilliseconds).unref();
      // Whoever it started may hold its ends of the pipes for ever.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(new Error(`${program} was stopped.`));
    };
    signal.addEventListener('abort', stop, { once: true });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (stdout.length > mostCharacters) stop();
    });
    child.stderr
      .setEncoding('utf8')
      .on('data', (chunk: string) => (stderr = `${stderr}${chunk}`.slice(-20_000)));
    child.on('error', (error) => {
      end();
      reject(error);
    });
    child.on('close', (code) => {
      end();
      resolve({ code: code ?? 255, stdout, stderr });
    });
  });
}

/** What runs Node's own tools of this checkout: `npx x` is a file of node_modules, run by this very Node. */
export function commandOf(
  program: string,
  args: readonly string[],
): { program: string; args: readonly string[] } {
  const sources = ['--conditions=cordon-source'];
  if (program === 'node') return { program: process.execPath, args: [...sources, ...args] };
  if (program !== 'npx') return { program, args };
  const [tool = '', ...rest] = args;
  if (tool === 'cordon')
    return { program: process.execPath, args: [...sources, 'apps/cli/src/main.ts', ...rest] };
  const entry = {
    vitest: 'node_modules/vitest/vitest.mjs',
    depcruise: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
  }[tool];
  return entry === undefined ? { program, args } : { program: process.execPath, args: [entry, ...rest] };
}
