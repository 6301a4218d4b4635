import { createHash, randomBytes } from 'node:crypto';
import type { OpenSession } from './open-session.ts';
import { createRefreshOnce } from './refresh-once.ts';
import type { SessionCipher } from './session-cipher.ts';
import type { SessionLimits } from './session-limits.ts';
import type { LiveSession, SessionStore } from './session-store.ts';
import type { SessionTokens, TokenSource } from './tokens.ts';

export interface Sessions {
  readonly limits: SessionLimits;
  /** A new session under a new random id of 256 bits, which is returned and kept nowhere. */
  start(tokens: SessionTokens, replaces: string | null): Promise<string>;
  find(id: string | undefined, use: 'activity' | 'look'): Promise<OpenSession | undefined>;
  /**
   * The session with an access token that is good for the next half minute, refreshed if need be.
   * @throws WebGuardError `session-ended`, or `sign-in-unavailable` when the provider does not answer.
   */
  withFreshTokens(session: OpenSession): Promise<OpenSession>;
  /** Ends the session here and its tokens at the provider. */
  end(session: OpenSession): Promise<void>;
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
    const tokens = (await cipher.open('session', handle, stored.payload)) as SessionTokens | undefined;
    if (tokens === undefined) return undefined;
    const { generation, idleSeconds, absoluteSeconds } = stored;
    return { handle, generation, tokens, idleSeconds, absoluteSeconds };
  }

  async function end(session: OpenSession): Promise<void> {
    await store.remove(Buffer.from(session.handle, 'base64url'));
    await tokenSource.revoke(session.tokens);
  }

  const withFreshTokens = createRefreshOnce({
    ...options,
    look: async (handle) => openStored(await store.find(Buffer.from(handle, 'base64url'), limits, 'look')),
  });

  return {
    limits,
    withFreshTokens,
    end,
    async start(tokens, replaces) {
      const id = randomBytes(32).toString('base64url');
      const idHash = hashId(id);
      const replacedHash = replaces === null ? null : Buffer.from(replaces, 'base64url');
      const replaced = replacedHash && (await openStored(await store.find(replacedHash, limits, 'look')));
      await store.create(
        {
          idHash,
          payload: await cipher.seal('session', idHash.toString('base64url'), tokens),
          keyId: cipher.keyId,
          subjectHash: cipher.blind('subject', tokens.subject),
          sidHash: tokens.sid === null ? null : cipher.blind('sid', tokens.sid),
          replaces: replacedHash,
        },
        limits,
      );
      // Its row is gone; its tokens would live on at the provider, in nobody's hands.
      if (replaced) await tokenSource.revoke(replaced.tokens);
      return id;
    },
    async list(session) {
      const stored = await store.listBySubject(cipher.blind('subject', session.tokens.subject));
      const listed = await Promise.all(
        stored.map(async (each) => {
          const open = await openStored(each);
          return open && { ...open, createdAt: each.createdAt, lastSeenAt: each.lastSeenAt };
        }),
      );
      return listed.filter((each) => each !== undefined);
    },
    async find(id, use) {
      if (id === undefined || !idForm.test(id)) return undefined;
      return openStored(await store.find(hashId(id), limits, use));
    },
    endBySid: (sid) => store.removeBySid(cipher.blind('sid', sid)),
    endBySubject: (subject) => store.removeBySubject(cipher.blind('subject', subject)),
  };
}
