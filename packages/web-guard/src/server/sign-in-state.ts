import { createHash } from 'node:crypto';
import { createCookie, readCookieNames, type GuardedCookie } from '../guard/cookies.ts';
import type { SessionCipher } from '../session/session-cipher.ts';
import type { SignInChecks } from './provider.ts';

/** What a browser carries, encrypted, from the start of a sign-in to its end. */
export interface SignInState {
  readonly checks: SignInChecks;
  readonly returnTo: string;
  /** Handle of the session that the new one replaces. */
  readonly replaces: string | null;
  /** For a rise in privilege: whom the proof must be of, and in which tenant. */
  readonly confirms: { readonly subject: string; readonly tenantId: string } | null;
}

export interface SignInStates {
  /** `Set-Cookie` values that remember the state. */
  save(cookieHeader: string | undefined, state: SignInState): Promise<string[]>;
  load(cookieHeader: string | undefined, state: unknown): Promise<SignInState | undefined>;
  /** `Set-Cookie` value that forgets it. */
  forget(state: string): string;
}

const lifetimeSeconds = 10 * 60;
/** Sign-ins that may be under way in one browser: each tab has a cookie of its own. */
const mostAtOnce = 4;

/**
 * One cookie for each sign-in under way. `Lax`, since the way back from the provider is a navigation from another
 * site; encrypted and bound to its `state`, so that it can neither be read nor used for another sign-in.
 */
export function createSignInStates(options: {
  app: string;
  publicOrigin: string;
  cipher: SessionCipher;
}): SignInStates {
  const { cipher } = options;
  const namePrefix = `${createCookie({ ...options, site: 'lax', suffix: 'sign-in' }).name}-`;

  function cookieOf(state: string): GuardedCookie {
    const mark = createHash('sha256').update(state).digest('hex').slice(0, 12);
    return createCookie({ ...options, site: 'lax', suffix: `sign-in-${mark}` });
  }

  return {
    async save(cookieHeader, state) {
      const cookie = cookieOf(state.checks.state);
      const expiresAt = Date.now() + lifetimeSeconds * 1_000;
      const sealed = await cipher.seal('sign-in', state.checks.state, { ...state, expiresAt });
      const underWay = readCookieNames(cookieHeader).filter((name) => name.startsWith(namePrefix));
      const marks = underWay.length < mostAtOnce ? [] : underWay.map((name) => name.slice(namePrefix.length));
      const cleared = marks
        .filter((mark) => /^[0-9a-f]{12}$/.test(mark))
        .slice(0, 50)
        .map((mark) => createCookie({ ...options, site: 'lax', suffix: `sign-in-${mark}` }).clear());
      return [...cleared, cookie.set(sealed, lifetimeSeconds)];
    },
    async load(cookieHeader, state) {
      if (typeof state !== 'string' || state.length > 200) return undefined;
      const sealed = cookieOf(state).read(cookieHeader);
      if (sealed === undefined) return undefined;
      const opened = await cipher.open('sign-in', state, sealed);
      if (opened === undefined || Number(opened['expiresAt']) <= Date.now()) return undefined;
      return opened as unknown as SignInState;
    },
    forget: (state) => cookieOf(state).clear(),
  };
}
