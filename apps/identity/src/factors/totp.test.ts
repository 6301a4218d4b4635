import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { matchStep } from './totp.ts';

// RFC 6238, appendix B: the shared secret, and SHA-1 codes cut to six digits.
const secret = Secret.fromLatin1('12345678901234567890').base32;

describe('a time-based code', () => {
  it('matches the published examples', () => {
    expect(matchStep(secret, '287082', 59_000)).toBe(1);
    expect(matchStep(secret, '081804', 1_111_111_109_000)).toBe(37_037_036);
    expect(matchStep(secret, '005924', 1_234_567_890_000)).toBe(41_152_263);
  });

  it('may be one step early or late, and belongs to its own step all the same', () => {
    const code = (timestamp: number) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
    const now = 1_700_000_010_000;
    const step = Math.floor(now / 30_000);
    expect(matchStep(secret, code(now - 30_000), now)).toBe(step - 1);
    expect(matchStep(secret, code(now + 30_000), now)).toBe(step + 1);
    expect(matchStep(secret, code(now - 60_000), now)).toBeUndefined();
    expect(matchStep(secret, code(now + 60_000), now)).toBeUndefined();
  });

  it('is six digits and nothing else', () => {
    for (const code of ['', '28708', '2870821', '28708a', '٢٨٧٠٨٢', '287082\n'])
      expect(matchStep(secret, code, 59_000)).toBeUndefined();
  });
});
