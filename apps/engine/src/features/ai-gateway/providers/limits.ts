/** How long a provider is waited for, and how much is read of it. */
export interface Limits {
  /** Milliseconds until the answer's head. */
  readonly firstByteMs: number;
  /** Milliseconds between two pieces of it. */
  readonly idleMs: number;
  /** Milliseconds for all of it, further attempts included. */
  readonly wholeMs: number;
  readonly mostBytes: number;
}

const usualSeconds = 30;

/** @param seconds of silence; the whole answer may take four times as long */
export const limitsOf = (seconds: number): Limits => ({
  firstByteMs: seconds * 1_000,
  idleMs: seconds * 1_000,
  wholeMs: seconds * 4_000,
  mostBytes: 4_194_304,
});

export const shippedLimits = limitsOf(usualSeconds);
