import { randomUUID } from 'node:crypto';
import type { SealedPool } from '@cordon/row-security';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAuditAppender } from './appender.ts';
import type { AuditEntry } from './entry.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A store whose commits last two milliseconds, and that counts them. */
function slowPool() {
  const commits: number[] = [];
  const sendTagged = (_statement: string, texts: readonly string[]) => {
    commits.push((texts[0] ?? '').split('\u001e')[0]?.split(',').length ?? 0);
    return new Promise((resolve) => setTimeout(resolve, 2));
  };
  return { commits, pool: { sendTagged } as unknown as SealedPool };
}

const entryOf = (actorSession: string): AuditEntry => ({
  id: randomUUID(),
  actorSession,
  initiatorType: 'user',
  action: 'record.opened',
  dataClassIds: ['patientProfile'],
  decision: 'permit',
  reasonCode: 'granted',
  outcome: 'none',
});

it('lets two hundred readings a second of several people share at most a hundred commits', async () => {
  const { commits, pool } = slowPool();
  const appender = createAuditAppender(pool);
  const longest = { ms: 0 };
  for (let turn = 0; turn < 400; turn += 1) {
    const asked = performance.now();
    void appender.append([entryOf(`session-${turn % 20}`)]).then(() => {
      longest.ms = Math.max(longest.ms, performance.now() - asked);
    });
    await vi.advanceTimersByTimeAsync(turn % 2 === 0 ? 3 : 7);
  }
  await vi.advanceTimersByTimeAsync(50);
  expect(commits.reduce((sum, each) => sum + each, 0)).toBe(400);
  expect(commits.length).toBeLessThanOrEqual(201);
  // One commit under way, the gap, its own.
  expect(longest.ms).toBeLessThanOrEqual(14);
});

it('makes nobody wait who waits for nobody: one person’s readings, one after the other', async () => {
  const { commits, pool } = slowPool();
  const appender = createAuditAppender(pool);
  await Promise.all([appender.append([entryOf('alone')]), vi.advanceTimersByTimeAsync(2)]);
  for (let turn = 0; turn < 10; turn += 1) {
    const asked = performance.now();
    await Promise.all([appender.append([entryOf('alone')]), vi.advanceTimersByTimeAsync(2)]);
    expect(performance.now() - asked).toBe(2);
  }
  expect(commits).toHaveLength(11);
});

it('does not wait either once enough are waiting', async () => {
  const { commits, pool } = slowPool();
  const appender = createAuditAppender(pool);
  await Promise.all([appender.append([entryOf('first')]), vi.advanceTimersByTimeAsync(2)]);
  const asked = Array.from({ length: 8 }, (_, turn) => appender.append([entryOf(`session-${turn}`)]));
  await Promise.all([...asked, vi.advanceTimersByTimeAsync(2)]);
  expect(commits).toEqual([1, 8]);
});

it('sends the requests of a refused batch again one by one, so that the bad one fails alone', async () => {
  const bad = { ...entryOf('bad'), requestId: 'bad' };
  const sendTagged = (_statement: string, texts: readonly string[]) =>
    texts[0]?.includes('"bad"') === true ? Promise.reject(new Error('check violated')) : Promise.resolve();
  const appender = createAuditAppender({ sendTagged } as unknown as SealedPool);
  const first = appender.append([entryOf('a')]);
  const answers = Promise.allSettled([first, appender.append([bad]), appender.append([entryOf('b')])]);
  await vi.advanceTimersByTimeAsync(20);
  expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
