import type { SessionLimits } from './session-limits.ts';

/** What a store keeps of one browser session. Nothing in it opens a session or a token by itself. */
export interface StoredSession {
  /** SHA-256 of the cookie's value. */
  readonly idHash: Buffer;
  /** Encrypted by the session cipher. */
  readonly payload: string;
  readonly keyId: string;
  /** Counts token refreshes. */
  readonly generation: number;
}

export interface LiveSession extends StoredSession {
  /** Whole seconds that are left, by the store's clock. */
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  /** Idle for too long, in a store that keeps such sessions; `idleSeconds` is 0 then. */
  readonly locked: boolean;
}

/** One of a person's sessions. */
export interface ListedSession extends LiveSession {
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

/**
 * Where browser sessions live. Each method is one atomic step; expiry is judged by the store's own clock, so that
 * several server processes agree. A session past its absolute expiry is never returned, and one past its idle expiry only,
 * as locked, by a store whose sessions lock.
 */
export interface SessionStore {
  /**
   * Adds a session and removes `replaces`: a rise in privilege never keeps an id. With `goesOn` the new one goes on from that one,
   * ends when it would have, and is not made where it has ended by then. Sweeps what has expired.
   * @returns whether it was made
   */
  create(
    session: Omit<StoredSession, 'generation'> & {
      readonly subjectHash: Buffer;
      readonly sidHash: Buffer | null;
      readonly replaces: Buffer | null;
      readonly goesOn: boolean;
    },
    limits: SessionLimits,
  ): Promise<boolean>;
  /** `activity` starts the idle time anew, unless it is over: a locked session does not open by being used. */
  find(idHash: Buffer, limits: SessionLimits, use: 'activity' | 'look'): Promise<LiveSession | undefined>;
  /** Ends the idle time now. */
  lock(idHash: Buffer): Promise<void>;
  /**
   * Takes the one turn to refresh this generation's tokens; false when another process has it or the generation is
   * past. A turn that is neither finished nor given back ends after `seconds`.
   */
  takeRefreshTurn(idHash: Buffer, generation: number, holder: string, seconds: number): Promise<boolean>;
  /** Stores the new tokens and releases the refresh lock; false if the session or the lock is gone. */
  finishRefresh(session: Omit<StoredSession, 'generation'>, holder: string): Promise<boolean>;
  giveRefreshTurnBack(idHash: Buffer, holder: string): Promise<void>;
  /** Removes one session; with `generation`, only if it was not refreshed since. @returns what it was at its end */
  remove(idHash: Buffer, generation?: number): Promise<LiveSession | undefined>;
  /** The sessions of one person that are alive, the one used last first. */
  listBySubject(subjectHash: Buffer): Promise<readonly ListedSession[]>;
  /** Each of these says how many sessions it ended. */
  removeBySid(sidHash: Buffer): Promise<number>;
  removeBySubject(subjectHash: Buffer): Promise<number>;
}
