import { expect, it } from 'vitest';
import { intervalOf, readDay, sayDay, shiftDay } from './days.ts';

const NOW = new Date(2026, 10, 22, 9, 0);

it.each(['', '?day=', '?day=2026-02-30', '?day=22/11/2026', '?day=<b>'])(
  'the address %j means today',
  (search) => {
    expect(readDay(search, NOW)).toBe('2026-11-22');
  },
);

it('a day is read, moved by the calendar and said', () => {
  expect(readDay('?day=2026-12-31', NOW)).toBe('2026-12-31');
  expect(shiftDay('2026-12-31', 1)).toBe('2027-01-01');
  expect(shiftDay('2026-03-01', -1)).toBe('2026-02-28');
  expect(sayDay('2026-11-22')).toBe('Sunday 22 November 2026');
});

it('days follow each other without a gap, also where clocks change', () => {
  for (const day of ['2026-03-28', '2026-03-29', '2026-10-25'])
    expect(intervalOf(day).to).toBe(intervalOf(shiftDay(day, 1)).from);
});
