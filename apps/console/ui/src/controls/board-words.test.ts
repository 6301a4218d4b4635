import { describe, expect, it } from 'vitest';
import type { ControlLine } from '../api/board-query.ts';
import {
  groupByChapter,
  listBlocking,
  readEnvironment,
  sayAge,
  sayBecause,
  sayTrend,
} from './board-words.ts';

const line = (id: string, more: Partial<ControlLine> = {}): ControlLine => ({
  id,
  title: 'The door is locked',
  priority: 'P1',
  owner: 'security',
  threat: 'Somebody walks in.',
  state: 'pass',
  saidBefore: null,
  because: 'it is locked.',
  next: 'lock the door',
  evidenceAt: '2026-03-01T10:00:00.000Z',
  lifeHours: 24,
  blocks: false,
  rule: '',
  trend: [],
  ...more,
});

describe('the board of controls', () => {
  it('puts what blocks first by its weight, and what fails before what nobody knows', () => {
    const lines = [
      line('CH-1.1', { blocks: true, state: 'unknown' }),
      line('CH-1.2', { blocks: true, state: 'fail' }),
      line('SEC-003', { blocks: true, state: 'unknown', priority: 'P0' }),
      line('CH-2.1'),
    ];
    expect(listBlocking(lines).map(({ id }) => id)).toEqual(['SEC-003', 'CH-1.2', 'CH-1.1']);
  });

  it('keeps chapters apart by their number', () => {
    const chapters = groupByChapter(['SEC-001', 'CH-1.1', 'CH-1.2', 'CH-10.1'].map((id) => line(id)));
    expect(chapters.map(({ key, name, lines }) => [key, name, lines.length])).toEqual([
      ['SEC', 'Tickets', 1],
      ['CH-1', 'Authentication and sessions', 2],
      ['CH-10', 'Secure development', 1],
    ]);
  });

  it('says of evidence that grew too old that it counts no more', () => {
    expect(sayBecause(line('CH-1.1'))).toBe('It is locked.');
    expect(sayBecause(line('CH-1.1', { state: 'unknown', saidBefore: 'pass', lifeHours: 1 }))).toBe(
      'It passed, and its evidence counts for one hour: it is too old by now.',
    );
  });

  it.each([
    ['2026-03-01T10:00:00.000Z', 'just now'],
    ['2026-03-01T09:58:30.000Z', '1 minute ago'],
    ['2026-03-01T07:00:00.000Z', '3 hours ago'],
    ['2026-02-26T07:00:00.000Z', '3 days ago'],
    ['2026-03-01T12:00:00.000Z', 'in 2 hours'],
  ])('says how old evidence of %s is: %s', (at, said) => {
    expect(sayAge(at, Date.parse('2026-03-01T10:00:00.000Z'))).toBe(said);
  });

  it('tells the trend in words', () => {
    const trend = (['pass', 'pass', 'fail', 'unknown'] as const).map((state, at) => ({ at: `${at}`, state }));
    expect(sayTrend(trend)).toBe(
      'Last 4 runs, the oldest first: passes 2 times, then fails, then not proven',
    );
    expect(sayTrend(trend.slice(0, 1))).toBe('Last run: passes');
    expect(sayTrend([])).toBe('Never asked');
  });

  it.each([
    ['', 'production'],
    ['?to=staging', 'staging'],
    ['?to=moon', 'production'],
  ])('asks, with %j in the address, about %s', (search, environment) => {
    expect(readEnvironment(search)).toBe(environment);
  });
});
