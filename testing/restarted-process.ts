import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { childEnvironment } from './child-environment.ts';

/** A process that is started again after each kill. */
export class Restarted {
  #child: ChildProcess | undefined;
  readonly #entry: string;
  readonly #environment: Record<string, string>;
  readonly #logFile: string | undefined;
  /** @param logFile to which everything that it says is added */
  constructor(entry: string, environment: Record<string, string>, logFile?: string) {
    this.#entry = entry;
    this.#environment = environment;
    this.#logFile = logFile;
  }
  start(): void {
    const log = this.#logFile === undefined ? undefined : openSync(this.#logFile, 'a', 0o600);
    this.#child = spawn(process.execPath, ['--conditions=cordon-source', this.#entry], {
      env: { ...childEnvironment, ...this.#environment },
      stdio: ['ignore', log ?? 'ignore', log ?? 'ignore'],
    });
    if (log !== undefined) closeSync(log);
  }
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
