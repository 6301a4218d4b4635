import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSessionStore } from './session-store.ts';

const START = Date.parse('2026-05-03T08:00:00Z');
const live = {
  signedIn: true,
  person: 'anna',
  locked: false,
  idleSeconds: 900,
  absoluteSeconds: 43_200,
  factorSeconds: 0,
};
let answer: object;
let strangers: number;

async function open(locks: boolean) {
  const store = createSessionStore({ locks, onStranger: () => (strangers += 1) });
  await store.check();
  return store;
}

beforeEach(() => {
  answer = live;
  strangers = 0;
  vi.useFakeTimers({ now: START });
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(answer)));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the page’s session', () => {
  it('locks when the server says so, and opens again for the same person', async () => {
    const store = await open(true);
    answer = { ...live, locked: true, idleSeconds: 0 };
    await store.check();
    expect(store.current().phase).toBe('locked');
    answer = live;
    await store.check();
    expect([store.current().phase, strangers]).toEqual(['active', 0]);
  });

  it('locks by its own clock where the server cannot be asked', async () => {
    const store = await open(true);
    store.expire();
    expect(store.current().phase).toBe('locked');
  });

  it('is handed to nobody else', async () => {
    const store = await open(true);
    store.expire();
    answer = { ...live, person: 'berta' };
    await store.check();
    expect([store.current().phase, strangers]).toEqual(['locked', 1]);
  });

  it('past its full length keeps what was done for the person who did it', async () => {
    const store = await open(true);
    vi.setSystemTime(START + 43_200_000);
    answer = { signedIn: false };
    await store.check();
    expect(store.current()).toMatchObject({ phase: 'ended', kept: { person: 'anna' } });
    answer = live;
    await store.check();
    expect(store.current().phase).toBe('active');
  });

  it('ended before its time keeps nothing, and stays out of sight', async () => {
    const store = await open(true);
    answer = { signedIn: false };
    await store.check();
    expect(store.current()).toEqual({ phase: 'ended', kept: null });
    answer = live;
    await store.check();
    expect(store.current()).toEqual({ phase: 'ended', kept: null });
  });

  it('that ends when idle keeps nothing', async () => {
    const store = await open(false);
    store.expire();
    expect(store.current()).toEqual({ phase: 'ended', kept: null });
  });
});
