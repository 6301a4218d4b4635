import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EngineGrants } from '../engine/sign-in-grants.ts';
import { createAnnouncements } from './announcements.ts';
import type { EndedFamily, TokenFamilies } from './families.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const ended = (clientId: string): EndedFamily => ({
  grantId: randomUUID(),
  accountId: randomUUID(),
  clientId,
  tenantId: randomUUID(),
  role: 'role.clinician',
  allowedScopes: null,
  sid: randomUUID(),
  revokedFor: 'person-request',
  revokedAt: new Date(),
});

it('tells the engine of each ended session, however many wait before it for a client that does not answer', async () => {
  const waiting = [...Array.from({ length: 450 }, () => ended('away')), ended('console')];
  const page = (after?: EndedFamily) => {
    const from = after === undefined ? 0 : waiting.indexOf(after) + 1;
    return Promise.resolve(waiting.slice(from, from + 200));
  };
  const told = new Set<string>();
  const announcements = createAnnouncements({
    families: {
      findUnannounced: page,
      markAnnounced: () => Promise.resolve(),
    } as unknown as TokenFamilies,
    engine: {
      revokeSession: (sid: string) => {
        told.add(sid);
        return Promise.resolve();
      },
    } as unknown as EngineGrants,
    sendLogoutToken: ({ clientId }) =>
      clientId === 'away' ? Promise.reject(new Error('away')) : Promise.resolve(),
    logger,
  });
  await vi.advanceTimersByTimeAsync(10_000);
  await announcements.stop();
  expect(waiting.filter(({ sid }) => !told.has(sid))).toEqual([]);
});
