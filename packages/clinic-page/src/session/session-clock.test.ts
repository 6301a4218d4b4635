import { describe, expect, it } from 'vitest';
import { readClock, remainingOf, touchClock } from './session-clock.ts';

const START = 1_000_000;

describe('the session clock', () => {
  it('counts to whichever end comes first', () => {
    const clock = readClock({ idleSeconds: 900, absoluteSeconds: 28_800 }, START);
    expect(remainingOf(clock, START + 60_000)).toEqual({ milliseconds: 840_000, because: 'idle' });
    const late = readClock({ idleSeconds: 900, absoluteSeconds: 100 }, START);
    expect(remainingOf(late, START)).toEqual({ milliseconds: 100_000, because: 'absolute' });
  });

  it('begins the idle period again with activity, never the absolute one', () => {
    const clock = touchClock(readClock({ idleSeconds: 900, absoluteSeconds: 1000 }, START), START + 500_000);
    expect(clock.idleEndsAt).toBe(START + 1_400_000);
    expect(remainingOf(clock, START + 500_000)).toEqual({ milliseconds: 500_000, because: 'absolute' });
  });

  it('learns the whole idle period from the longest it was told', () => {
    const first = readClock({ idleSeconds: 900, absoluteSeconds: 28_800 }, START);
    const later = readClock({ idleSeconds: 200, absoluteSeconds: 28_100 }, START + 700_000, first);
    expect(later.idleLimit).toBe(900_000);
    expect(later.idleEndsAt).toBe(START + 900_000);
  });

  it('never shows less than nothing', () => {
    const clock = readClock({ idleSeconds: 1, absoluteSeconds: 5 }, START);
    expect(remainingOf(clock, START + 9000).milliseconds).toBe(0);
  });
});
