import { expect, it } from 'vitest';
import type { Access } from '../api/types.ts';
import { groupByDay, sayTime } from './group-by-day.ts';

const at = (instant: string): Access => ({
  id: instant,
  at: instant,
  clinicId: null,
  sentence: 'You opened your contact details.',
  proof: { state: 'proven' },
});

it('what happened on one day, as people there count days, stands under it', () => {
  const accesses = ['2026-07-02T22:30:00Z', '2026-07-02T23:30:00Z', '2026-07-03T08:00:00Z'].map(at);
  const days = groupByDay(accesses.toReversed(), 'Europe/London');
  expect(days.map(({ day, accesses: of }) => [day, of.length])).toEqual([
    ['Friday 3 July 2026', 2],
    ['Thursday 2 July 2026', 1],
  ]);
  expect(sayTime('2026-07-02T22:30:00Z', 'Europe/London')).toBe('23:30');
});
