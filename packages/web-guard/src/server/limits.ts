import type { RateLimitRule } from '../rate-limit/rate-limit-store.ts';

export interface SessionServerLimits {
  /** Steps of sign-ins from one address: a sign-in has two, and a clinic may share an address. */
  readonly signIn: RateLimitRule;
  /** Requests of one session to the API: generous for a person's page, tight for a script with a stolen session. */
  readonly api: RateLimitRule;
  /** Back-channel logouts from one address; each costs a signature check. */
  readonly logout: RateLimitRule;
}

export const usualLimits: SessionServerLimits = {
  signIn: { name: 'auth/sign-in', limit: 240, windowSeconds: 60 },
  api: { name: 'api', limit: 600, windowSeconds: 60 },
  logout: { name: 'auth/backchannel-logout', limit: 300, windowSeconds: 60 },
};
