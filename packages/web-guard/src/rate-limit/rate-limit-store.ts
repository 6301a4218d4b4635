/** `limit` requests in `windowSeconds`, spread evenly once the burst is used up. */
export interface RateLimitRule {
  /** Names the route or action; part of the key, so that rules never share a count. */
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

export type RateLimitDecision =
  { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number };

/** Where counts live: this process's memory by default, a shared store where several processes serve one public. */
export interface RateLimitStore {
  /** Counts one request under `key`, atomically. `now` is in milliseconds since 1970. */
  take(key: string, rule: RateLimitRule, now: number): RateLimitDecision | Promise<RateLimitDecision>;
}

/** Keys beyond the bound share this many counts. */
const sharedCounts = 256;

/**
 * Counts in memory by the generic cell rate algorithm (ITU-T I.371): one number a key, no list of requests.
 * At most `maxKeys` callers have a count of their own. Further ones share counts, so that a flood of new addresses
 * can neither fill the memory nor push a throttled caller's count out and so free it.
 */
export function createMemoryRateLimitStore(options: { maxKeys?: number } = {}): RateLimitStore & {
  readonly size: number;
} {
  const maxKeys = options.maxKeys ?? 50_000;
  /** Theoretical arrival time in milliseconds, by key. */
  const arrivals = new Map<string, number>();
  let sweptAt = 0;

  function sweep(now: number): void {
    if (now - sweptAt < 1_000) return;
    sweptAt = now;
    for (const [key, arrival] of arrivals) if (arrival <= now) arrivals.delete(key);
  }

  function placeOf(key: string, now: number): string {
    if (arrivals.has(key) || arrivals.size < maxKeys) return key;
    sweep(now);
    if (arrivals.size < maxKeys) return key;
    let hash = 0;
    for (const character of key) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
    return `shared:${hash % sharedCounts}`;
  }

  return {
    get size() {
      return arrivals.size;
    },
    take(key, rule, now) {
      const windowMs = rule.windowSeconds * 1_000;
      const place = placeOf(key, now);
      const arrival = Math.max(arrivals.get(place) ?? now, now) + windowMs / rule.limit;
      const waitMs = arrival - now - windowMs;
      // The sum of many fractions may lie a hair above the window.
      if (waitMs > 0.001) return { allowed: false, retryAfterSeconds: Math.ceil(waitMs / 1_000) };
      arrivals.set(place, arrival);
      return { allowed: true };
    },
  };
}
