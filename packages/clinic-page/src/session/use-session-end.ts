import { useEffect, useState } from 'react';
import { getJson } from '../requests/requests.ts';
import { formatCountdown } from '../words/format.ts';
import { type SessionClock, WARNING_MS, remainingOf } from './session-clock.ts';
import { useSessionStore } from './session-context.ts';
import type { SessionStore } from './session-store.ts';
import { lastInputAt, useInputWatch } from './last-input.ts';
import { useNow } from './use-now.ts';

/** A countdown that is read out each second is noise: these seconds are said aloud. */
const SPOKEN_AT = [60, 30, 10];

export interface SessionEnd {
  /** Whether the person is to be warned now. */
  readonly near: boolean;
  readonly because: 'idle' | 'absolute';
  /** "1 minute 5 seconds". */
  readonly countdown: string;
  /** The same at the moments at which it is said aloud, else empty. */
  readonly spoken: string;
  /** Whether the answer to `goOn` is awaited. */
  readonly waiting: boolean;
  /** Begins the idle time again, or takes note that the session is about to reach its full length. */
  readonly goOn: () => void;
}

/** Any answered request is activity; this is the smallest one. Where it fails, the warning stays. */
async function keepOpen(store: SessionStore): Promise<void> {
  await getJson('/api/v1/me').catch(() => undefined);
  await store.check();
}

/**
 * Watches for the end of the session. Another tab may have kept it alive, so the server is asked before the warning is shown
 * and before the page is hidden.
 */
export function useSessionEnd(clock: SessionClock): SessionEnd {
  const store = useSessionStore();
  const now = useNow();
  const [confirmed, setConfirmed] = useState(false);
  const [noted, setNoted] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const { milliseconds, because } = remainingOf(clock, now);
  const near = milliseconds <= WARNING_MS;
  const over = milliseconds === 0;

  useInputWatch();

  useEffect(() => {
    if (!near || over) return;
    let current = true;
    // Who has just typed is there: a long note needs no request, and no question either.
    const present = because === 'idle' && Date.now() - lastInputAt() < WARNING_MS;
    void (present ? keepOpen(store) : store.check()).finally(() => {
      if (current) setConfirmed(true);
    });
    return () => {
      current = false;
      setConfirmed(false);
    };
  }, [near, over, because, store]);

  useEffect(() => {
    if (!over) return;
    void store.check().finally(() => {
      const state = store.current();
      if (state.phase === 'active' && remainingOf(state.clock, Date.now()).milliseconds < 1000)
        store.expire();
    });
  }, [over, store]);

  async function stay(): Promise<void> {
    setWaiting(true);
    await keepOpen(store);
    setWaiting(false);
  }

  const seconds = Math.ceil(milliseconds / 1000);
  const countdown = formatCountdown(seconds);
  return {
    near: near && confirmed && !(because === 'absolute' && noted),
    because,
    countdown,
    spoken: SPOKEN_AT.includes(seconds) ? countdown : '',
    waiting,
    goOn: () => {
      if (because === 'absolute') setNoted(true);
      else void stay();
    },
  };
}
