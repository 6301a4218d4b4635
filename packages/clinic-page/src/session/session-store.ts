import { getJson, postJson } from '../requests/requests.ts';
import { RequestError } from '../requests/request-error.ts';
import { type SessionClock, type SessionTimes, isPastEnd, readClock, touchClock } from './session-clock.ts';

type SessionAnswer =
  | { readonly signedIn: false }
  | ({
      readonly signedIn: true;
      /** Whose session it is, as a mark that says nothing else. */
      readonly person: string;
      readonly locked: boolean;
      readonly factorSeconds: number;
    } & SessionTimes);

interface Known {
  readonly clock: SessionClock;
  readonly person: string;
}

export type SessionState =
  | { readonly phase: 'checking' }
  | { readonly phase: 'unreachable'; readonly error: unknown }
  | { readonly phase: 'signed-out' }
  /** `kept` is there while what the person was doing is kept, out of sight, for them alone. */
  | { readonly phase: 'ended'; readonly kept: Known | null }
  | ({ readonly phase: 'locked' } & Known)
  | ({ readonly phase: 'active' } & Known);

export interface SessionStore {
  readonly current: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the server. Where it does not answer, a running session is left as it is. */
  readonly check: () => Promise<void>;
  readonly touch: () => void;
  /** The idle time is over by the page's own clock: what is on screen goes out of sight, whether or not the server answers. */
  readonly expire: () => void;
  /** Locks now, here and on the server; throws RequestError. */
  readonly lock: () => Promise<void>;
  /** Ends the session on the server and says where to go next; throws RequestError. */
  readonly signOut: () => Promise<string>;
}

interface SessionStoreOptions {
  /** Whether the application's sessions lock when idle, instead of ending. */
  readonly locks: boolean;
  /** Somebody else is signed in now: nothing of the person before may stay in memory. */
  readonly onStranger: () => void;
}

/** Only http(s) addresses: the answer is followed by the browser. */
function safeDestination(redirectTo: unknown, base: string): string {
  if (typeof redirectTo !== 'string' || !URL.canParse(redirectTo, base)) return '/';
  const url = new URL(redirectTo, base);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : '/';
}

function knownOf(state: SessionState): Known | null {
  if (state.phase === 'active' || state.phase === 'locked')
    return { clock: state.clock, person: state.person };
  return state.phase === 'ended' ? state.kept : null;
}

export function createSessionStore({ locks, onStranger }: SessionStoreOptions): SessionStore {
  let state: SessionState = { phase: 'checking' };
  const listeners = new Set<() => void>();
  const become = (next: SessionState): void => {
    state = next;
    for (const listener of listeners) listener();
  };

  function take(answer: SessionAnswer): void {
    const known = knownOf(state);
    if (!answer.signedIn) {
      // Past its full length the work stays for who did it. Ended before that, by whomever, it goes.
      const kept = locks && known !== null && isPastEnd(known.clock, Date.now()) ? known : null;
      const before = known !== null || state.phase === 'ended';
      become(before ? { phase: 'ended', kept } : { phase: 'signed-out' });
      return;
    }
    // A session that was hidden from view stays hidden until the page is loaded again.
    if (state.phase === 'ended' && known === null) return;
    if (known !== null && known.person !== answer.person) {
      onStranger();
      return;
    }
    const clock = readClock(answer, Date.now(), known?.clock);
    become({ phase: answer.locked ? 'locked' : 'active', clock, person: answer.person });
  }

  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check: async () => {
      try {
        take(await getJson<SessionAnswer>('/auth/session'));
      } catch (error) {
        if (error instanceof RequestError && error.code === 'session-ended') become({ phase: 'signed-out' });
        else if (knownOf(state) === null && state.phase !== 'ended') become({ phase: 'unreachable', error });
      }
    },
    touch: () => {
      if (state.phase === 'active') become({ ...state, clock: touchClock(state.clock, Date.now()) });
    },
    expire: () => {
      if (state.phase !== 'active') return;
      const { clock, person } = state;
      if (!locks) become({ phase: 'ended', kept: null });
      else if (isPastEnd(clock, Date.now())) become({ phase: 'ended', kept: { clock, person } });
      else become({ phase: 'locked', clock, person });
    },
    lock: async () => {
      await postJson('/auth/lock');
      if (state.phase === 'active') become({ ...state, phase: 'locked' });
    },
    signOut: async () => {
      const answer = await postJson<{ redirectTo?: unknown }>('/auth/sign-out');
      return safeDestination(answer.redirectTo, window.location.origin);
    },
  };
}
