import { ObjectStoreError } from './error.ts';

/** An object that no row names after this long is nobody's, and is swept. */
export const orphanAfterMs = 60 * 60_000;
/**
 * A row may name an object only this long after its writing began. Its transaction ends within two minutes more (its context and
 * the server's timeouts see to that), and the store's clock may differ by the rest: what is swept, no row can come to name.
 */
const nameableMs = 30 * 60_000;

/** Taken before an object is written, and held against the clock where a row is about to name it. */
export interface ObjectClaim {
  /** @throws ObjectStoreError `object-too-late` */
  assertInTime(): void;
}

export function claimObject(now: () => number = Date.now): ObjectClaim {
  const began = now();
  return {
    assertInTime() {
      const age = now() - began;
      // A clock that was set back says nothing of how long it took.
      if (age < 0 || age > nameableMs) throw new ObjectStoreError('object-too-late');
    },
  };
}
