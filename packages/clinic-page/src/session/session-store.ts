import { RequestError } from '../requests/request-error.ts';
import { getJson, postJson } from '../requests/requests.ts';
import { type SessionClock, type SessionTimes, readClock, touchClock } from './session-clock.ts';

type SessionAnswer = { readonly signedIn: false } | ({ readonly signedIn: true } & SessionTimes);

export type SessionState =
  | { readonly phase: 'checking' }
  | { readonly phase: 'unreachable'; readonly error: unknown }
  | { readonly phase: 'signed-out' }
  | { readonly phase: 'ended' }
  | { readonly phase: 'active'; readonly clock: SessionClock };

export interface SessionStore {
  readonly current: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the server. Where it does not answer, a running session is left as it is. */
  readonly check: () => Promise<void>;
  readonly touch: () => void;
  readonly end: () => void;
  /** Ends the session on the server and says where to go next; throws RequestError. */
  readonly signOut: () => Promise<string>;
}

/** Only http(s) addresses: the answer is followed by the browser. */
function safeDestination(redirectTo: unknown, base: string): string {
  if (typeof redirectTo !== 'string' || !URL.canParse(redirectTo, base)) return '/';
  const url = new URL(redirectTo, base);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : '/';
}

export function createSessionStore(): SessionStore {
  let state: SessionState = { phase: 'checking' };
  const listeners = new Set<() => void>();
  const become = (next: SessionState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check: async () => {
      try {
        const answer = await getJson<SessionAnswer>('/auth/session');
        const before = state;
        if (!answer.signedIn) {
          become({ phase: before.phase === 'active' || before.phase === 'ended' ? 'ended' : 'signed-out' });
          return;
        }
        // A session that was hidden from view stays hidden until the page is loaded again.
        if (before.phase === 'ended') return;
        const clock = before.phase === 'active' ? before.clock : undefined;
        become({ phase: 'active', clock: readClock(answer, Date.now(), clock) });
      } catch (error) {
        if (error instanceof RequestError && error.code === 'session-ended') become({ phase: 'signed-out' });
        else if (state.phase !== 'active' && state.phase !== 'ended') become({ phase: 'unreachable', error });
      }
    },
    touch: () => {
      if (state.phase === 'active') become({ phase: 'active', clock: touchClock(state.clock, Date.now()) });
    },
    end: () => {
      if (state.phase !== 'ended') become({ phase: 'ended' });
    },
    signOut: async () => {
      const answer = await postJson<{ redirectTo?: unknown }>('/auth/sign-out');
      return safeDestination(answer.redirectTo, window.location.origin);
    },
  };
}
