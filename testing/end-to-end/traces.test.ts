import { describe, expect, it } from 'vitest';
import { searchFor, tracesOf } from './traces.ts';

const search = searchFor(tracesOf('4111111111111111'));

describe('the forms that are searched for', () => {
  it.each([
    ['plain', '4111111111111111'],
    ['grouped', '4111 1111 1111 1111'],
    ['with hyphens', '4111-1111-1111-1111'],
    ['in hexadecimal', Buffer.from('4111111111111111').toString('hex')],
  ])('include the number %s', (_form, text) => {
    expect(search(Buffer.from(`before ${text} after`))).not.toEqual([]);
  });

  it.each(['', 'a', 'ab', 'abc', 'abcd'])('include base64 of a text that begins with "%s"', (before) => {
    for (const after of ['', 'z', 'zz', 'zzz']) {
      const encoded = Buffer.from(`${before}4111 1111 1111 1111${after}`).toString('base64');
      expect(search(Buffer.from(encoded))).not.toEqual([]);
    }
  });

  it('include UTF-16 of either byte order', () => {
    const little = Buffer.from('x4111111111111111', 'utf16le');
    expect(search(little)).toContain('4111111111111111 plain in UTF-16 LE');
    expect(search(Buffer.from(little).swap16())).toContain('4111111111111111 plain in UTF-16 BE');
  });

  it('include an American Express number in its own groups, and a name in capitals', () => {
    expect(searchFor(tracesOf('378282246310005'))(Buffer.from('3782 822463 10005'))).toEqual([
      '378282246310005 grouped',
    ]);
    expect(searchFor(tracesOf('Amira Holloway'))(Buffer.from('AMIRA HOLLOWAY'))).toEqual([
      'Amira Holloway in capitals',
    ]);
  });

  it('are not found in another number', () => {
    expect(search(Buffer.from('4111111111111112 4111 1111 1111 1112'))).toEqual([]);
  });
});
