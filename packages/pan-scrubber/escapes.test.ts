import { describe, expect, it } from 'vitest';
import { readEscape } from './escapes.ts';

describe('an escape', () => {
  it.each([
    ['%34', '4'],
    ['%u0034', '4'],
    ['%2534', '4'],
    ['%C2%A0', '\u00a0'],
    ['%EF%BC%94', '４'],
    ['%F0%9D%9F%92', '𝟒'],
    ['&#52;', '4'],
    ['&#0052', '4'],
    ['&#x34;', '4'],
    ['&amp;#52;', '4'],
    ['&nbsp;', '\u00a0'],
    ['&amp;nbsp;', '\u00a0'],
    ['%26%2352%3B', '4'],
    ['\\u0034', '4'],
    ['\\\\u0034', '4'],
    ['\\u{34}', '4'],
    ['\\U00000034', '4'],
    ['\\x34', '4'],
    ['\\ud835\\udfd2', '𝟒'],
    ['\\n', '\n'],
  ])('%s is read to its end as %j', (text, character) => {
    expect(readEscape(text, 0)).toEqual({ codePoint: character.codePointAt(0), end: text.length });
  });

  it.each([
    '%',
    '%4',
    '%zz',
    '%C2',
    '%C2%41',
    '&',
    '&;',
    '&#;',
    '&unknown;',
    '&#4111111111111111;',
    '\\',
    '\\q',
    '\\u00',
    '\\u{}',
    'x',
  ])('is not seen in %j', (text) => {
    expect(readEscape(text, 0)).toBeUndefined();
  });
});
