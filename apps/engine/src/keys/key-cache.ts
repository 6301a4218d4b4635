/** Unwrapped keys, for a bounded time and number; overwritten with zeros when they leave. */
export interface KeyCache {
  /** A copy, which the caller may keep for the length of its request. */
  get(name: string): Buffer | undefined;
  /** @param since when it was asked for: its life counts from there, however long the answer took */
  put(name: string, key: Buffer, since?: number): void;
  drop(name: string): void;
  empty(): void;
  close(): void;
}

interface Held {
  readonly key: Buffer;
  readonly until: number;
}

export function createKeyCache(options: { maxEntries: number; lifeMs: number }): KeyCache {
  const held = new Map<string, Held>();

  function drop(name: string): void {
    held.get(name)?.key.fill(0);
    held.delete(name);
  }

  function empty(): void {
    for (const name of [...held.keys()]) drop(name);
  }

  const sweep = setInterval(() => {
    const now = Date.now();
    for (const [name, entry] of held) if (entry.until <= now) drop(name);
  }, options.lifeMs).unref();

  return {
    get(name) {
      const entry = held.get(name);
      if (entry === undefined) return undefined;
      if (entry.until > Date.now()) return Buffer.from(entry.key);
      drop(name);
      return undefined;
    },
    put(name, key, since = Date.now()) {
      drop(name);
      if (held.size >= options.maxEntries) {
        const oldest = held.keys().next().value;
        if (oldest !== undefined) drop(oldest);
      }
      held.set(name, { key: Buffer.from(key), until: since + options.lifeMs });
    },
    drop,
    empty,
    close() {
      clearInterval(sweep);
      empty();
    },
  };
}
