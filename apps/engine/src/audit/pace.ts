import type { AuditEntry } from './entry.ts';

interface Request {
  readonly entries: readonly AuditEntry[];
}

/** Says when the next batch may start. */
export interface Pace {
  /** Resolves when the batch of these requests should go. */
  wait(waiting: readonly Request[]): Promise<void>;
  start(batch: readonly Request[]): void;
  /** Another request waits. */
  added(waiting: readonly Request[]): void;
}

/** Two hundred readings a second then share a hundred commits, and none waits longer than for the next of them. */
const gapMs = 10;
/** So many requests are worth a commit of their own. */
const enough = 8;

/**
 * Requests of several people, a few milliseconds apart, wait for one commit together. One person's requests, each sent when
 * the last was answered, would wait for nobody: they go at once.
 */
export function createPace(now: () => number = () => performance.now()): Pace {
  let startedAt = -Infinity;
  let startedBy = '';
  let goNow: (() => void) | undefined;

  function left(waiting: readonly Request[]): number {
    if (waiting.length >= enough) return 0;
    const [first, ...others] = waiting.map(sessionOf);
    if (first === startedBy && others.every((each) => each === first)) return 0;
    return startedAt + gapMs - now();
  }

  return {
    async wait(waiting) {
      const milliseconds = left(waiting);
      if (milliseconds <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        goNow = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      goNow = undefined;
    },
    start(batch) {
      const sessions = new Set(batch.map(sessionOf));
      startedAt = now();
      startedBy = sessions.size === 1 ? ([...sessions][0] ?? '') : 'several';
    },
    added(waiting) {
      if (waiting.length >= enough) goNow?.();
    },
  };
}

function sessionOf({ entries }: Request): string {
  return entries[0]?.actorSession ?? entries[0]?.actorSubject ?? 'nobody';
}
