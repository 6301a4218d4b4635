import { describe, expect, it } from 'vitest';
import { findTraces, tracesOf } from './traces.ts';

const traces = tracesOf('4111111111111111');

describe('the forms that are searched for', () => {
  it.each([
    ['plain', '4111111111111111'],
    ['grouped', '4111 1111 1111 1111'],
    ['with hyphens', '4111-1111-1111-1111'],
    ['in hexadecimal', Buffer.from('4111111111111111').toString('hex')],
  ])('include the number %s', (_form, text) => {
    expect(findTraces(Buffer.from(`before ${text} after`), traces)).not.toEqual([]);
  });

  it.each(['', 'a', 'ab', 'abc', 'abcd'])('include base64 of a text that begins with "%s"', (before) => {
    for (const after of ['', 'z', 'zz', 'zzz']) {
      const encoded = Buffer.from(`${before}4111 1111 1111 1111${after}`).toString('base64');
      expect(findTraces(Buffer.from(encoded), traces)).not.toEqual([]);
    }
  });

  it('include UTF-16 of either byte order', () => {
    const little = Buffer.from('x4111111111111111', 'utf16le');
    expect(findTraces(little, traces)).toContain('plain in UTF-16 LE');
    expect(findTraces(Buffer.from(little).swap16(), traces)).toContain('plain in UTF-16 BE');
  });

  it('include an American Express number in its own groups, and a name in capitals', () => {
    expect(findTraces(Buffer.from('3782 822463 10005'), tracesOf('378282246310005'))).toEqual(['grouped']);
    expect(findTraces(Buffer.from('AMIRA HOLLOWAY'), tracesOf('Amira Holloway'))).toEqual(['in capitals']);
  });

  it('are not found in another number', () => {
    expect(findTraces(Buffer.from('4111111111111112 4111 1111 1111 1112'), traces)).toEqual([]);
  });
});
