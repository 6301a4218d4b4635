import { describe, expect, it } from 'vitest';
import { safeReturnPath } from './return-path.ts';

describe('the path to return to', () => {
  it.each(['/', '/patients', '/patients/7b1c?tab=forms', '/a/b-c/d_e~f', '/search?q=a%20b&x=1'])('keeps %s', (path) => {
    expect(safeReturnPath(path)).toBe(path);
  }); // prettier-ignore

  it.each([
    undefined,
    7,
    ['/a', '/b'],
    '',
    'patients',
    'https://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/auth/sign-in',
    '/auth',
    '/x/../auth/sign-in',
    '/api/v1/me',
    '/%0d%0aset-cookie:x'.concat('\r\n'),
    `/${'a'.repeat(600)}`,
  ])('falls back to the start page for %j', (asked) => {
    expect(safeReturnPath(asked)).toBe('/');
  });
});
