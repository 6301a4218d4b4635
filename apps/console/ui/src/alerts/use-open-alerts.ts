import { followEvents, type RequestError, useSession, useSessionStore } from '@cordon/clinic-page';
import { useEffect, useState } from 'react';
import type { UrgencyAlert } from '../api/types.ts';
import { applyEvent } from './open-alerts.ts';

interface OpenAlerts {
  /** Undefined until the first answer. */
  readonly alerts: ReadonlyMap<string, UrgencyAlert> | undefined;
  readonly connected: boolean;
  readonly error: RequestError | null;
}

const NONE: OpenAlerts = { alerts: undefined, connected: false, error: null };

/** The alerts of one's clinics that nobody has taken, as they change. While the console is locked nothing of them arrives. */
export function useOpenAlerts(): OpenAlerts {
  const store = useSessionStore();
  const active = useSession().phase === 'active';
  const [state, setState] = useState(NONE);
  useEffect(() => {
    if (!active) return;
    const leaving = new AbortController();
    void followEvents('/api/v1/alerts/stream', leaving.signal, {
      onEvent: ({ event, data }) => {
        setState((before) => ({ ...before, alerts: applyEvent(before.alerts ?? new Map(), event, data) }));
      },
      onConnected: (connected) => {
        setState((before) => ({ ...before, connected }));
      },
      onRefused: (error) => {
        setState((before) => ({ ...before, connected: false, error }));
        void store.check();
      },
    });
    return () => {
      leaving.abort();
      setState(NONE);
    };
  }, [active, store]);
  return state;
}
