import { describe, expect, test } from 'vitest';
import { claimObject, orphanAfterMs } from './index.ts';

describe('a row may name an object', () => {
  const ageOf = (age: number): (() => void) => {
    let now = 1_800_000_000_000;
    const claim = claimObject(() => now);
    now += age;
    return () => {
      claim.assertInTime();
    };
  };

  test('for half of the time after which it is swept', () => {
    expect(ageOf(0)).not.toThrow();
    expect(ageOf(orphanAfterMs / 2)).not.toThrow();
  });

  test.each([orphanAfterMs / 2 + 1, orphanAfterMs, 24 * orphanAfterMs, -1])('not after %i ms', (age) => {
    expect(ageOf(age)).toThrow(expect.objectContaining({ code: 'object-too-late', status: 503 }));
  });
});
