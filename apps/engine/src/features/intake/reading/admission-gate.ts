import { IntakeReadingError } from './errors.ts';

/**
 * Lets a fixed number of readings run, a fixed number wait in memory, and refuses the rest: an upload waits in the
 * memory of this process or nowhere.
 */
export class AdmissionGate {
  readonly #running: number;
  readonly #waiting: number;
  readonly #secondsEach: number;
  #active = 0;
  #queue: (() => void)[] = [];

  /** @param secondsEach how long one reading takes as a rule; from it the advice when to try again is worked out */
  constructor(running: number, waiting: number, secondsEach: number) {
    this.#running = running;
    this.#waiting = waiting;
    this.#secondsEach = secondsEach;
  }

  /** Resolves to the function that gives the place back. @throws IntakeReadingError intake-busy, intake-cancelled */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw new IntakeReadingError('intake-cancelled');
    if (this.#active < this.#running) {
      this.#active += 1;
    } else {
      if (this.#queue.length >= this.#waiting) {
        const rounds = Math.ceil((this.#queue.length + 1) / this.#running);
        throw new IntakeReadingError('intake-busy', { retryAfterSeconds: rounds * this.#secondsEach });
      }
      await this.#wait(signal);
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#queue.shift();
      // The place passes straight on, so that nobody can slip in between.
      if (next) next();
      else this.#active -= 1;
    };
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const admit = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        this.#queue = this.#queue.filter((waiting) => waiting !== admit);
        reject(new IntakeReadingError('intake-cancelled'));
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(admit);
    });
  }
}
