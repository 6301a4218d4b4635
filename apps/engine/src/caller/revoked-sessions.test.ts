import { hash } from 'node:crypto';
import type { SealedPool, Transaction } from '@cordon/row-security';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchRevokedSessions, type RevokedSessions } from './revoked-sessions.ts';

const until = new Date(Date.now() + 900_000);
const rowOf = (sessionId: string) => ({ sid_hash: hash('sha256', sessionId, 'buffer') });

let readRows: () => Promise<{ sid_hash: Buffer }[]>;
let sessions: RevokedSessions;
const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const transaction = {
  query: async (text: string) => ({ rows: text.startsWith('SELECT') ? await readRows() : [] }),
} as unknown as Transaction;
const directory = {
  within: (_context: unknown, work: (transaction: Transaction) => Promise<unknown>) => work(transaction),
} as unknown as SealedPool;

beforeEach(async () => {
  vi.useFakeTimers();
  readRows = () => Promise.resolve([]);
  sessions = await watchRevokedSessions(directory, logger);
});
afterEach(() => {
  sessions.close();
  vi.useRealTimers();
});

describe('revoked sessions', () => {
  it('are refused from the answer on, although a read of an older snapshot ends after it', async () => {
    const snapshot = Promise.withResolvers<{ sid_hash: Buffer }[]>();
    readRows = () => snapshot.promise;
    await vi.advanceTimersByTimeAsync(1_000);
    await sessions.revoke('ended', until);
    snapshot.resolve([rowOf('ended elsewhere')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(['ended', 'ended elsewhere', 'open'].map((id) => sessions.has(id))).toEqual([true, true, false]);
  });

  it('are forgotten here when the store no longer lists them', async () => {
    await sessions.revoke('ended', until);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sessions.has('ended')).toBe(false);
  });

  it('are unknown when the store has not been read for too long, and all requests are refused', async () => {
    readRows = () => Promise.reject(new Error('away'));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(sessions.has('open')).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(() => sessions.has('open')).toThrow(expect.objectContaining({ code: 'records-unavailable' }));
    readRows = () => Promise.resolve([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sessions.has('open')).toBe(false);
  });
});
