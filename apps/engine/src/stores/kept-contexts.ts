import type { SealedContext } from '@cordon/row-security';

/** Contexts kept at once; beyond that all are dropped and sealed anew, which bounds memory without bookkeeping. */
const mostKept = 5_000;
const leastLifeMs = 30_000;

/** Answers the context kept under a name, or makes it. */
export type KeptContexts = (name: string, make: () => SealedContext) => SealedContext;

/**
 * Contexts that are used again while they have half a minute to live, or would not live longer if they were made anew: a
 * context is sealed, and its seal verified, once for each connection instead of once for each statement. The name must hold all
 * that the context says but its expiry.
 */
export function keepContexts(now: () => number = Date.now): KeptContexts {
  const kept = new Map<string, SealedContext>();
  return (name, make) => {
    const known = kept.get(name);
    if (known !== undefined && known.expiresAt.getTime() - now() >= leastLifeMs) return known;
    const made = make();
    if (known?.expiresAt.getTime() === made.expiresAt.getTime()) return known;
    if (kept.size >= mostKept) kept.clear();
    kept.set(name, made);
    return made;
  };
}

/** A number for each object, instead of its serialised contents: a policy's ceilings stay the same objects until it is replaced. */
export function numberObjects(): (object: object) => number {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (object) => {
    const known = numbers.get(object);
    if (known !== undefined) return known;
    last += 1;
    numbers.set(object, last);
    return last;
  };
}
