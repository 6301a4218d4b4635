import { describe, expect, it } from 'vitest';
import { suppressSmallCount } from './suppress-small-counts.ts';

describe('a count that leaves a clinic', () => {
  it.each([
    [0, 0],
    [1, null],
    [7, null],
    [8, 10],
    [12, 10],
    [13, 15],
    [1002, 1000],
  ])('of %i is told as %j', (count, told) => {
    expect(suppressSmallCount(count)).toBe(told);
  });

  it('tells nothing small by the difference of two', () => {
    for (let count = 8; count < 200; count += 1) {
      const difference = (suppressSmallCount(count + 1) ?? 0) - (suppressSmallCount(count) ?? 0);
      expect([0, 5]).toContain(difference);
    }
  });
});
