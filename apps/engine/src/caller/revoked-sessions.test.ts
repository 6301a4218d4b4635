import { hash } from 'node:crypto';
import type { SealedPool, Transaction } from '@cordon/row-security';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchRevokedSessions, type RevokedSessions } from './revoked-sessions.ts';

const until = () => new Date(Date.now() + 900_000);
interface Row {
  readonly sid_hash: Buffer | null;
  readonly seconds: number;
  readonly looked_at: string;
}
const rowOf = (sessionId: string): Row => ({
  sid_hash: hash('sha256', sessionId, 'buffer'),
  seconds: 900,
  looked_at: 'then',
});
const looked: Row = { sid_hash: null, seconds: 0, looked_at: 'now' };

let readRows: () => Promise<Row[]>;
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
    const snapshot = Promise.withResolvers<Row[]>();
    readRows = () => snapshot.promise;
    await vi.advanceTimersByTimeAsync(1_000);
    await sessions.revoke('ended', until());
    snapshot.resolve([rowOf('ended elsewhere')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(['ended', 'ended elsewhere', 'open'].map((id) => sessions.has(id))).toEqual([true, true, false]);
  });

  it('are kept until their tokens have expired, whatever a look brings, and then forgotten', async () => {
    readRows = () => Promise.resolve([rowOf('ended elsewhere'), looked]);
    await vi.advanceTimersByTimeAsync(1_000);
    readRows = () => Promise.resolve([looked]);
    await sessions.revoke('ended', until());
    await vi.advanceTimersByTimeAsync(890_000);
    expect(['ended', 'ended elsewhere'].map((id) => sessions.has(id))).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(['ended', 'ended elsewhere'].map((id) => sessions.has(id))).toEqual([false, false]);
  });

  it('are not known from an answer that comes too late to say how it is now', async () => {
    const late = Promise.withResolvers<Row[]>();
    readRows = () => late.promise;
    await vi.advanceTimersByTimeAsync(17_000);
    late.resolve([looked]);
    await vi.advanceTimersByTimeAsync(0);
    expect(() => sessions.has('open')).toThrow(expect.objectContaining({ code: 'records-unavailable' }));
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
