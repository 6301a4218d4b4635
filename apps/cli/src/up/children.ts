import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../error.ts';
import type { AppProcess } from './apps.ts';
import { waitForReady } from './readiness.ts';

/** A started app. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Settles with a sentence about how it ended. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

const keptLogBytes = 10_000_000;
/** The apps give requests in flight 8 s at most; what is left of 10 s belongs to PostgreSQL. */
const stopMilliseconds = 6000;

export interface ChildOptions {
  readonly logs: string;
  /** Whom to trust when asking an app that serves https. */
  readonly authorityFile: string | undefined;
  /** Stops the waiting, and the app with it. */
  readonly signal: AbortSignal;
}

/**
 * Starts an app with its own environment and nothing of ours, and waits until it says that it is ready. Its output
 * goes to its log. When this process dies, even by SIGKILL, its channel closes and the app ends itself.
 */
export async function startChild(app: AppProcess, options: ChildOptions): Promise<Child> {
  const { authorityFile, signal } = options;
  const logFile = join(options.logs, `${app.name}.log`);
  await rotate(logFile);
  const log = await open(logFile, 'a', 0o600);
  const before = (await log.stat()).size;
  // A session of its own: Ctrl-C in the terminal must reach us first, so that apps end before their stores.
  const child = spawn(process.execPath, ['--conditions=cordon-source', '--enable-source-maps', app.entry], {
    cwd: join(app.entry, '..'),
    env: app.environment,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    detached: true,
  });
  await log.close();
  const ended = describeEnd(child, app.name);
  const running: Child = { name: app.name, pid: child.pid ?? 0, ended, stop: () => stop(child, ended) };
  try {
    await Promise.race([
      waitForReady(app, signal, authorityFile),
      ended.then(async (sentence) => {
        throw new CliError('app-ended', sentence, { detail: await readTail(logFile, before) });
      }),
    ]);
    return running;
  } catch (error) {
    await running.stop();
    if (error instanceof CliError && error.code === 'app-not-ready')
      throw new CliError('app-not-ready', error.publicMessage, { detail: await readTail(logFile, before) });
    throw error;
  }
}

function describeEnd(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(`The app "${name}" could not be started.`);
    });
    child.once('exit', (code, signal) => {
      resolve(
        `The app "${name}" ended (${signal ?? `exit code ${code ?? 'unknown'}`}); its log is .cordon/logs/${name}.log.`,
      );
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
  }, stopMilliseconds);
  await ended;
  clearTimeout(timer);
}

async function rotate(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found && found.size > keptLogBytes) await rename(file, `${file}.1`);
}

/** What this start wrote to the log, at most its last 20 lines. */
async function readTail(file: string, from: number): Promise<string> {
  const said = (await readFile(file)).subarray(from).toString('utf8').slice(-8000);
  return said.trimEnd().split('\n').slice(-20).join('\n');
}
