import { WebGuardError } from '../error.ts';
import type { SessionTokens } from './tokens.ts';

export interface OpenSession {
  /** Base64url of the id's hash: names the session inside the server, opens nothing. */
  readonly handle: string;
  readonly generation: number;
  readonly tokens: SessionTokens;
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  readonly locked: boolean;
  /** "Firefox on Windows", as it was at sign-in. */
  readonly browser: string | null;
}

const endedWords = 'Your session has ended. Sign in again to go on.';

export function sessionEnded(detail?: string): WebGuardError {
  return new WebGuardError('session-ended', endedWords, detail === undefined ? {} : { detail });
}

/** The refusal of a request without a session. A cookie that matches none has expired, or was kept beyond its end: a security event. */
export function sessionMissing(cookie: string | undefined): WebGuardError {
  if (cookie === undefined) return sessionEnded();
  const more = { detail: 'the cookie opens nothing', securityEvent: 'session-refused' };
  return new WebGuardError('session-ended', endedWords, more);
}

export function sessionLocked(): WebGuardError {
  return new WebGuardError(
    'session-locked',
    'The session is locked. Unlock it with your passkey or a code to go on.',
  );
}
