import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebGuardError } from '../error.ts';
import { sessionEnded, type OpenSession } from './open-session.ts';
import type { SessionCipher } from './session-cipher.ts';
import type { SessionStore } from './session-store.ts';

import type { SessionTokens, TokenSource } from './tokens.ts';

/** An access token that runs out within this counts as expired: a request takes time on its way. */
const marginSeconds = 30;
/** Longer than a refresh may take (the provider's answer is awaited for 8 s), so that a turn is lost only by a death. */
const turnSeconds = 20;
/** Longer than a turn: who waits for a process that died gets the next turn. */
const longestWaitMs = 25_000;
const pollMs = { first: 20, longest: 250 };

function isFresh(session: OpenSession): boolean {
  return session.tokens.accessExpiresAt - marginSeconds > Date.now() / 1_000;
}

function unavailable(cause?: unknown): WebGuardError {
  return new WebGuardError(
    'sign-in-unavailable',
    'The sign-in service does not answer at the moment. Try again in a few seconds.',
    { cause, retryAfterSeconds: 5 },
  );
}

/**
 * One refresh for each session and generation, over all processes: a refresh token that is used twice ends its whole
 * family. Within a process requests share one promise; between processes the store gives one of them the turn and the
 * others look until its tokens are there. No database connection is held while anybody waits.
 */
export function createRefreshOnce(options: {
  store: SessionStore;
  cipher: SessionCipher;
  tokenSource: TokenSource;
  admits: (tokens: SessionTokens) => boolean;
  look: (handle: string) => Promise<OpenSession | undefined>;
}): (session: OpenSession) => Promise<OpenSession> {
  const { store, cipher, tokenSource, look } = options;
  const running = new Map<string, Promise<OpenSession>>();

  /** Holds the turn. Returns the refreshed session or throws; the turn is over either way. */
  async function refresh(session: OpenSession, holder: string): Promise<OpenSession> {
    const idHash = Buffer.from(session.handle, 'base64url');
    const result = await tokenSource.refresh(session.tokens);
    if (result.outcome === 'unavailable') {
      await store.giveRefreshTurnBack(idHash, holder);
      throw unavailable(result.cause);
    }
    if (result.outcome === 'ended') {
      await store.remove(idHash, session.generation);
      throw sessionEnded(result.reason);
    }
    const { tokens } = result;
    const kept =
      options.admits(tokens) &&
      (await store.finishRefresh(
        {
          idHash,
          payload: await cipher.seal('session', session.handle, { ...tokens, browser: session.browser }),
          keyId: cipher.keyId,
        },
        holder,
      ));
    if (kept) return { ...session, generation: session.generation + 1, tokens };
    // Signed out meanwhile, or no longer admitted: the tokens that have just come must not outlive the session.
    await store.remove(idHash, session.generation);
    await tokenSource.revoke(tokens);
    throw sessionEnded('not kept');
  }

  async function refreshOrWait(session: OpenSession): Promise<OpenSession> {
    const holder = randomUUID();
    const end = Date.now() + longestWaitMs;
    let current = session;
    for (let pause = pollMs.first; Date.now() < end; pause = Math.min(pause * 1.5, pollMs.longest)) {
      const { handle, generation } = current;
      if (await store.takeRefreshTurn(Buffer.from(handle, 'base64url'), generation, holder, turnSeconds))
        return refresh(current, holder);
      await sleep(pause);
      const seen = await look(handle);
      if (seen === undefined) throw sessionEnded('gone');
      if (isFresh(seen)) return seen;
      current = seen;
    }
    throw unavailable();
  }

  return async (session) => {
    if (isFresh(session)) return session;
    const key = `${session.handle}.${session.generation}`;
    let refreshed = running.get(key);
    if (refreshed === undefined) {
      refreshed = refreshOrWait(session).finally(() => running.delete(key));
      running.set(key, refreshed);
    }
    const { tokens, generation } = await refreshed;
    return { ...session, tokens, generation };
  };
}
