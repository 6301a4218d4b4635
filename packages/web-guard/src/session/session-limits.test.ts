import { describe, expect, it } from 'vitest';
import { patientSessionLimits, shortenLimits, staffSessionLimits } from './session-limits.ts';

describe('the limits of a session', () => {
  it('are 15 minutes and 12 hours for staff, 20 minutes and 24 hours for patients', () => {
    expect(staffSessionLimits).toEqual({ idleSeconds: 900, absoluteSeconds: 43_200 });
    expect(patientSessionLimits).toEqual({ idleSeconds: 1_200, absoluteSeconds: 86_400 });
  });

  it('can be shortened', () => {
    expect(shortenLimits(staffSessionLimits, { idleSeconds: 300 })).toEqual({
      idleSeconds: 300,
      absoluteSeconds: 43_200,
    });
  });

  it.each([{ idleSeconds: 901 }, { absoluteSeconds: 43_201 }, { idleSeconds: 0 }, { idleSeconds: 1.5 }])(
    'refuse %j',
    (asked) => {
      expect(() => shortenLimits(staffSessionLimits, asked)).toThrow(
        expect.objectContaining({ code: 'guard-option-invalid' }),
      );
    },
  );
});
