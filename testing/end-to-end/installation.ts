import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoAccount, DemoFile } from '../../apps/cli/src/up/demo-file.ts';
import { makeLayout, type Layout } from '../../apps/cli/src/up/layout.ts';
import { makeOrigins, type Origins } from '../../apps/cli/src/up/origins.ts';
import type { CheckoutCopy } from './copy-checkout.ts';
import { findProcesses, waitForNone, type FoundProcess } from './processes.ts';

/** Lies in the environment of whoever starts the installation, and belongs into no process of it. */
export const providerKeyCanary = 'sk-canary-74d1f0c2b9';

const startMilliseconds = 120_000;
const endMilliseconds = 40_000;

/** A whole installation that `cordon up` runs. */
export interface Installation {
  readonly layout: Layout;
  readonly origins: Origins;
  /** What the launcher has said so far. */
  readonly said: () => string;
  readonly account: (email: string) => Promise<DemoAccount>;
  /** The process that holds everything together: the command's own, below the one that found Node. */
  readonly findLauncher: () => Promise<number>;
  /** Ctrl-C as a terminal does it, to the whole group. Answers the exit code. */
  readonly interrupt: () => Promise<number | null>;
  /** `kill -9` of the first process alone. */
  readonly kill: () => Promise<void>;
  /** What still runs once there was time to end. */
  readonly leftOver: () => Promise<FoundProcess[]>;
}

/** Starts the copy's `cordon up` and waits until it says that it is ready. Throws with all it said when it does not. */
export async function startInstallation(copy: CheckoutCopy, basePort: number): Promise<Installation> {
  const layout = makeLayout(copy.checkout, basePort);
  const child = spawn(
    process.execPath,
    [join(copy.checkout, 'apps', 'cli', 'bin', 'cordon.mjs'), 'up', '--port', String(basePort)],
    {
      cwd: copy.checkout,
      env: {
        PATH: process.env['PATH'] ?? '/usr/bin:/bin',
        HOME: copy.temporary,
        TMPDIR: copy.temporary,
        OPENAI_API_KEY: providerKeyCanary,
        CORDON_AI_KEYS_DIR: join(copy.temporary, 'ai-keys'),
        // As below npm: the command then ends itself when this process is gone, so that no run leaves an installation behind.
        npm_lifecycle_event: 'start',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, as a terminal gives it.
      detached: true,
    },
  );
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`${why}. It said:\n${said}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGINT');
      fail('The installation was not ready in time');
    }, startMilliseconds);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      if (!said.includes('Ready after')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => {
      fail(`The installation ended (exit code ${code ?? 'none'})`);
    });
  });
  return {
    layout,
    origins: makeOrigins(layout.ports, false),
    said: () => said,
    account: (email) => findAccount(layout, email),
    findLauncher: () => findLauncher(copy.checkout, child),
    interrupt: () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, 'SIGINT');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    leftOver: () => waitForNone(copy.checkout, endMilliseconds),
  };
}

async function findAccount(layout: Layout, email: string): Promise<DemoAccount> {
  const demo = JSON.parse(await readFile(join(layout.secrets, 'demo.json'), 'utf8')) as DemoFile;
  const account = demo.accounts.find((each) => each.email === email);
  if (account) return account;
  throw new Error(`The demo has nobody of the address ${email}.`);
}

async function findLauncher(checkout: string, first: ChildProcess): Promise<number> {
  const entry = join(checkout, 'apps', 'cli', 'src', 'main.ts');
  const found = (await findProcesses(checkout)).find(
    ({ pid, command }) => pid !== first.pid && command.includes(`${entry} up`),
  );
  if (found) return found.pid;
  throw new Error('There is no process of the command.');
}
