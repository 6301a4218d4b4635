/** What the page's server says of a live session: seconds left, if nothing is done and at most. */
export interface SessionTimes {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  readonly factorSeconds?: number;
}

/** The page's own estimate of when the session ends; times are epoch milliseconds. */
export interface SessionClock {
  readonly idleLimit: number;
  readonly idleEndsAt: number;
  readonly absoluteEndsAt: number;
  /** Until when the last factor counts as fresh; past for a session without one. */
  readonly factorEndsAt: number;
}

export interface Remaining {
  readonly milliseconds: number;
  readonly because: 'idle' | 'absolute';
}

/** How long before the end a person is warned (WCAG 2.2, 2.2.1 asks for at least 20 seconds). */
export const WARNING_MS = 120_000;

export function readClock(times: SessionTimes, now: number, before?: SessionClock): SessionClock {
  const idle = times.idleSeconds * 1000;
  return {
    // A page loaded in the middle of an idle period sees less than the whole limit; the largest seen is the best guess.
    idleLimit: Math.max(idle, before?.idleLimit ?? 0),
    idleEndsAt: now + idle,
    absoluteEndsAt: now + times.absoluteSeconds * 1000,
    factorEndsAt: now + (times.factorSeconds ?? 0) * 1000,
  };
}

/** An answered request counts as activity on the server, so the idle period begins again. */
export function touchClock(clock: SessionClock, now: number): SessionClock {
  return { ...clock, idleEndsAt: Math.max(clock.idleEndsAt, now + clock.idleLimit) };
}

/** Whether the session is past its full length, to within the second that the server rounds away. */
export function isPastEnd(clock: SessionClock, now: number): boolean {
  return now >= clock.absoluteEndsAt - 1_500;
}

export function remainingOf(clock: SessionClock, now: number): Remaining {
  const because = clock.absoluteEndsAt <= clock.idleEndsAt ? 'absolute' : 'idle';
  const endsAt = because === 'absolute' ? clock.absoluteEndsAt : clock.idleEndsAt;
  return { milliseconds: Math.max(0, endsAt - now), because };
}
