/** Everything that was started, ended in the reverse order, once. */
export class Shutdown {
  readonly #steps: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;
  #request: (reason: string) => void = () => undefined;
  readonly #abort = new AbortController();
  /** Settles with the reason when somebody asked for the end. */
  readonly requested: Promise<string> = new Promise((resolve) => {
    this.#request = resolve;
  });

  /** Adds what must end before everything added earlier. */
  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  /** Aborted when somebody asked for the end: whoever waits for something stops waiting. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Asking twice is asking once: the first reason stays. */
  request(reason: string): void {
    this.#request(reason);
    this.#abort.abort();
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
