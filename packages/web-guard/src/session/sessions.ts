import { createHash, randomBytes } from 'node:crypto';
import { sessionEnded, type OpenSession } from './open-session.ts';
import { createRefreshOnce } from './refresh-once.ts';
import type { SessionCipher } from './session-cipher.ts';
import type { SessionLimits } from './session-limits.ts';
import type { LiveSession, SessionStore } from './session-store.ts';
import type { SessionTokens, TokenSource } from './tokens.ts';

export interface Sessions {
  readonly limits: SessionLimits;
  /**
   * A new session under a new random id of 256 bits, which is returned and kept nowhere. With `keepsEnd` it ends when the
   * one it replaces would have: a fresh factor alone does not make a session live on.
   * @throws WebGuardError `session-ended` when there is none left whose end could be kept.
   */
  start(
    tokens: SessionTokens,
    from: { replaces: string | null; browser: string | null; keepsEnd?: boolean },
  ): Promise<string>;
  find(id: string | undefined, use: 'activity' | 'look'): Promise<OpenSession | undefined>;
  /**
   * The session with an access token that is good for the next half minute, refreshed if need be.
   * @throws WebGuardError `session-ended`, or `sign-in-unavailable` when the provider does not answer.
   */
  withFreshTokens(session: OpenSession): Promise<OpenSession>;
  /** Ends the session here and its tokens at the provider. */
  end(session: OpenSession): Promise<void>;
  /**
   * Ends all sessions of the person here, and all that they have at the provider.
   * @returns how many ended here.
   * @throws WebGuardError `sign-in-unavailable` when the provider does not answer; then none has ended.
   */
  endEverywhere(session: OpenSession): Promise<number>;
  /** Ends its idle time now. */
  lock(session: OpenSession): Promise<void>;
  /** An opaque mark of whose session it is: the same for all sessions of one person in one tenant, and of no use elsewhere. */
  markOf(session: OpenSession): string;
  /** All sessions of the person whose session this is, the one used last first. */
  list(session: OpenSession): Promise<readonly ListedOpenSession[]>;
  endBySid(sid: string): Promise<number>;
  endBySubject(subject: string): Promise<number>;
}

export interface ListedOpenSession extends OpenSession {
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

const idForm = /^[A-Za-z0-9_-]{43}$/;

function hashId(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}

export function createSessions(options: {
  store: SessionStore;
  cipher: SessionCipher;
  limits: SessionLimits;
  tokenSource: TokenSource;
  /** Asked at each refresh: a person whose role has changed may have no business here any more. */
  admits: (tokens: SessionTokens) => boolean;
}): Sessions {
  const { store, cipher, limits, tokenSource } = options;

  async function openStored(stored: LiveSession | undefined): Promise<OpenSession | undefined> {
    if (stored === undefined) return undefined;
    const handle = stored.idHash.toString('base64url');
    const opened = await cipher.open('session', handle, stored.payload);
    if (opened === undefined) return undefined;
    const { browser, ...tokens } = opened as unknown as SessionTokens & Pick<OpenSession, 'browser'>;
    const { generation, idleSeconds, absoluteSeconds, locked } = stored;
    return { handle, generation, tokens, browser, idleSeconds, absoluteSeconds, locked };
  }

  async function end(session: OpenSession): Promise<void> {
    const removed = await openStored(await store.remove(Buffer.from(session.handle, 'base64url')));
    // Refreshed since it was looked at: the tokens that it has now are those to end.
    await tokenSource.revoke((removed ?? session).tokens);
  }

  async function list(session: OpenSession): Promise<ListedOpenSession[]> {
    const stored = await store.listBySubject(cipher.blind('subject', session.tokens.subject));
    const listed = await Promise.all(
      stored.map(async (each) => {
        const open = await openStored(each);
        return open && { ...open, createdAt: each.createdAt, lastSeenAt: each.lastSeenAt };
      }),
    );
    return listed.filter((each) => each !== undefined);
  }

  const withFreshTokens = createRefreshOnce({
    ...options,
    look: async (handle) => openStored(await store.find(Buffer.from(handle, 'base64url'), limits, 'look')),
  });

  return {
    limits,
    withFreshTokens,
    end,
    lock: ({ handle }) => store.lock(Buffer.from(handle, 'base64url')),
    markOf: ({ tokens }) =>
      cipher.blind('person', `${tokens.tenantId} ${tokens.subject}`).toString('base64url'),
    async start(tokens, { replaces, browser, keepsEnd = false }) {
      const id = randomBytes(32).toString('base64url');
      const idHash = hashId(id);
      const replacedHash = replaces === null ? null : Buffer.from(replaces, 'base64url');
      const replaced = replacedHash && (await openStored(await store.find(replacedHash, limits, 'look')));
      const made = await store.create(
        {
          idHash,
          payload: await cipher.seal('session', idHash.toString('base64url'), { ...tokens, browser }),
          keyId: cipher.keyId,
          subjectHash: cipher.blind('subject', tokens.subject),
          sidHash: tokens.sid === null ? null : cipher.blind('sid', tokens.sid),
          replaces: replacedHash,
          goesOn: keepsEnd,
        },
        limits,
      );
      if (!made) {
        // Signed out on the way: what has just come must not outlive the session.
        await tokenSource.revoke(tokens);
        throw sessionEnded('nothing to replace');
      }
      // Its row is gone; its tokens would live on at the provider, in nobody's hands.
      if (replaced) await tokenSource.revoke(replaced.tokens);
      return id;
    },
    list,
    async endEverywhere(session) {
      const own = await list(session);
      await tokenSource.revokeAll(session.tokens);
      // The provider has named most of them in logout tokens by now; a provider that does not know "all" has named one.
      for (const each of own) await end(each);
      return own.length;
    },
    async find(id, use) {
      if (id === undefined || !idForm.test(id)) return undefined;
      return openStored(await store.find(hashId(id), limits, use));
    },
    endBySid: (sid) => store.removeBySid(cipher.blind('sid', sid)),
    endBySubject: (subject) => store.removeBySubject(cipher.blind('subject', subject)),
  };
}
