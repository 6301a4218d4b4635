import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withoutCoreDumps } from '@cordon/stores/processes';
import { CliError } from '../error.ts';
import type { AppProcess } from './apps.ts';
import { waitForReady } from './readiness.ts';
import { rejectWhenAborted } from './shutdown.ts';

/** A started app. */
export interface Child {
  readonly pid: number;
  /** Settles when the process has ended, with the error that tells how. */
  readonly ended: Promise<CliError>;
  /** Settles when the app says that it is ready. Throws `app-not-ready`, or the signal's reason. */
  readonly ready: (signal: AbortSignal, authorityFile: string | undefined) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const keptLogBytes = 10_000_000;
/** The apps give requests in flight a few seconds; what is left of 10 s belongs to PostgreSQL. */
const stopMilliseconds = 4500;

/**
 * Starts an app with its own environment and nothing of ours. Its output goes to its log. When this process dies,
 * even by SIGKILL, its channel closes and the app ends itself.
 */
export async function startChild(app: AppProcess, logs: string): Promise<Child> {
  const logFile = join(logs, `${app.name}.log`);
  await rotate(logFile);
  const log = await open(logFile, 'a', 0o600);
  const before = (await log.stat()).size;
  // A session of its own: Ctrl-C in the terminal must reach us first, so that apps end before their stores.
  const words = ['--conditions=cordon-source', '--enable-source-maps', app.entry];
  const child = spawn(...withoutCoreDumps(process.execPath, words), {
    cwd: dirname(app.entry),
    env: app.environment,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    detached: true,
  });
  const tail = (): Promise<string> => readTail(logFile, before);
  const ended = describeEnd(child, app.name, tail);
  // The app says over its channel that it listens; only then is asking worth a line in its log.
  const listening = new Promise((resolve) => child.once('message', resolve));
  await log.close();
  return {
    pid: child.pid ?? 0,
    ended,
    ready: async (signal, authorityFile) => {
      try {
        await Promise.race([waitForReady(app, listening, signal, authorityFile), rejectWhenAborted(signal)]);
      } catch (error) {
        if (!(error instanceof CliError && error.code === 'app-not-ready')) throw error;
        throw new CliError(error.code, error.publicMessage, { detail: await tail() });
      }
    },
    stop: () => stop(child, ended),
  };
}

async function describeEnd(
  child: ChildProcess,
  name: string,
  tail: () => Promise<string>,
): Promise<CliError> {
  const how = await new Promise<string>((resolve) => {
    child.once('error', () => {
      resolve('it could not be run');
    });
    child.once('exit', (code, signal) => {
      resolve(signal ?? `exit code ${code ?? 'unknown'}`);
    });
  });
  const sentence = `The app "${name}" ended (${how}); its log is .cordon/logs/${name}.log.`;
  return new CliError('app-ended', sentence, { detail: await tail() });
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
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  return text.subarray(from).toString('utf8').slice(-8000).trimEnd().split('\n').slice(-20).join('\n');
}
