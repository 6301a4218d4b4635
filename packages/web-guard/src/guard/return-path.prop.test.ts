import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeReturnPath } from './return-path.ts';

const origin = 'https://console.example';
const hostile = fc.constantFrom(
  '/',
  '\\',
  '.',
  '%',
  '//',
  '/\\',
  '\t',
  '\n',
  'evil.example',
  '@',
  '%2f',
  '?',
  '#',
  ':',
);

describe('the path to return to', () => {
  it('never leaves the site, whatever is asked', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(hostile).map((parts) => `/${parts.join('')}`)), (asked) => {
        const path = safeReturnPath(asked);
        expect(path).toMatch(/^\/(?![/\\])/);
        expect(new URL(path, origin).origin).toBe(origin);
      }),
    );
  });
}); // prettier-ignore
