import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import { createPostgresSessionStore } from './postgres-session-store.ts';
import { createSessionCipher } from './session-cipher.ts';
import { staffSessionLimits } from './session-limits.ts';
import type { SessionStore } from './session-store.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { SessionTokens } from './tokens.ts';

let pool: pg.Pool;
let store: SessionStore;
let sessions: Sessions;
let revoked: (string | null)[];
/** What happens at the moment before a session is made. */
let beforeCreate: () => Promise<unknown>;

beforeAll(async () => {
  pool = new pg.Pool((await cloneStores(['identity'])).connection('identity', 'console_sessions'));
  store = createPostgresSessionStore({ pool, schema: 'console_sessions', locks: true });
});
afterAll(() => pool.end());
beforeEach(async () => {
  await pool.query('DELETE FROM console_sessions.browser_sessions');
  revoked = [];
  beforeCreate = () => Promise.resolve();
  sessions = createSessions({
    store: {
      ...store,
      create: async (...given) => {
        await beforeCreate();
        return store.create(...given);
      },
    },
    cipher: createSessionCipher(randomBytes(32)),
    limits: staffSessionLimits,
    admits: () => true,
    tokenSource: {
      refresh: (tokens) => Promise.resolve({ outcome: 'refreshed', tokens: tokensOf(`${tokens.refreshToken ?? ''} anew`) }),
      revoke: ({ refreshToken }) => Promise.resolve(void revoked.push(refreshToken)),
      revokeAll: () => Promise.resolve(),
    },
  }); // prettier-ignore
});

const tokensOf = (refreshToken: string, accessSeconds = 900): SessionTokens => ({
  subject: 'anna',
  sid: null,
  tenantId: 'one',
  role: 'role.clinician',
  acr: null,
  authTime: null,
  accessToken: 'access',
  accessExpiresAt: Math.floor(Date.now() / 1_000) + accessSeconds,
  refreshToken,
  idToken: 'id',
});
const begin = (tokens: SessionTokens) => sessions.start(tokens, { replaces: null, browser: null });
async function open(tokens: SessionTokens) {
  const session = await sessions.find(await begin(tokens), 'look');
  if (session === undefined) throw new Error('no session was made');
  return session;
}
const count = async () => (await pool.query('SELECT FROM console_sessions.browser_sessions')).rowCount;

describe('a session that goes on after a fresh factor', () => {
  it('is not made when the one before is signed out at the same moment, and its tokens end', async () => {
    const before = await open(tokensOf('before'));
    beforeCreate = () => sessions.end(before);
    const after = sessions.start(tokensOf('after'), {
      replaces: before.handle,
      browser: null,
      keepsEnd: true,
    });
    await expect(after).rejects.toMatchObject({ code: 'session-ended' });
    expect(await count()).toBe(0);
    expect(revoked).toEqual(['before', 'after']);
  });

  it('is made once, of several that go on from one', async () => {
    const before = await open(tokensOf('before'));
    const goOn = (name: string) =>
      sessions.start(tokensOf(name), { replaces: before.handle, browser: null, keepsEnd: true });
    const made = await Promise.allSettled([goOn('one'), goOn('two')]);
    expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await count()).toBe(1);
  });

  it('is made also where it goes on from the one of very many that was used longest ago', async () => {
    const before = await open(tokensOf('before'));
    for (let more = 0; more < 19; more += 1) await begin(tokensOf('more'));
    await sessions.start(tokensOf('after'), { replaces: before.handle, browser: null, keepsEnd: true });
    expect(await count()).toBe(20);
  });
});

describe('a sign-out', () => {
  it('ends the tokens that the session has by then, and not those that it had when it was looked at', async () => {
    const session = await open(tokensOf('old', 1));
    await sessions.withFreshTokens(session);
    await sessions.end(session);
    expect(revoked).toEqual(['old anew']);
  });
});
