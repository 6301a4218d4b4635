import { type ChildProcess, spawn } from 'node:child_process';

/** A process that is started again after each kill. */
export class Restarted {
  #child: ChildProcess | undefined;
  readonly #entry: string;
  readonly #environment: Record<string, string>;
  constructor(entry: string, environment: Record<string, string>) {
    this.#entry = entry;
    this.#environment = environment;
  }
  start(): void {
    this.#child = spawn(process.execPath, ['--conditions=cordon-source', this.#entry], {
      env: { PATH: process.env['PATH'] ?? '', ...this.#environment },
      stdio: 'ignore',
    });
  }
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
