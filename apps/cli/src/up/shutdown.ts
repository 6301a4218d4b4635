/** The reason for an end that a person asked for: nothing to report. */
export class EndedByPerson extends Error {}

/** Everything that was started, ended in the reverse order, once. */
export class Shutdown {
  readonly #steps: (() => Promise<void>)[] = [];
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;

  /** Aborted with the reason when somebody asked for the end: whoever waits for something stops waiting. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Asking twice is asking once: the first reason stays. */
  request(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** Adds what must end before everything added earlier. */
  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  /** Ends everything; a step that fails does not keep the others alive. Throws the first failure at the end. */
  run(): Promise<void> {
    this.#running ??= this.#end();
    return this.#running;
  }

  async #end(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.toReversed())
      await step().catch((error: unknown) => {
        failures.push(error);
      });
    if (failures.length > 0) throw failures[0];
  }
}

/** Rejects with the signal's reason once it is aborted, and never settles otherwise. */
export function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
}
