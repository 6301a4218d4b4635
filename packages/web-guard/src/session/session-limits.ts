import { WebGuardError } from '../error.ts';

/** Seconds. Both are enforced where the session is stored, not in the browser. */
export interface SessionLimits {
  /** Without activity for this long, the session is over. */
  readonly idleSeconds: number;
  /** The session is over after this, however active. */
  readonly absoluteSeconds: number;
}

/**
 * What happens to a session without activity. It `ends`; or it `locks`: it stays, reads nothing but the named addresses of the
 * API (path and query, to the letter), and opens again by a fresh factor of the same person.
 */
export type WhenIdle = 'ends' | { readonly locks: { readonly mayRead: readonly string[] } };

export const staffSessionLimits: SessionLimits = { idleSeconds: 15 * 60, absoluteSeconds: 12 * 3_600 };
export const patientSessionLimits: SessionLimits = { idleSeconds: 20 * 60, absoluteSeconds: 24 * 3_600 };

/**
 * The limits with shorter ones where a deployment asks for them; longer ones stop the start.
 * @throws WebGuardError `guard-option-invalid`
 */
export function shortenLimits(limits: SessionLimits, asked: Partial<SessionLimits>): SessionLimits {
  const shorten = (name: keyof SessionLimits, least: number): number => {
    const seconds = asked[name] ?? limits[name];
    if (Number.isInteger(seconds) && seconds >= least && seconds <= limits[name]) return seconds;
    throw new WebGuardError(
      'guard-option-invalid',
      `The session limit ${name} must be a whole number of seconds from ${least} to ${limits[name]}.`,
    );
  };
  return { idleSeconds: shorten('idleSeconds', 1), absoluteSeconds: shorten('absoluteSeconds', 1) };
}
