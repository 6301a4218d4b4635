import { describe, expect, it } from 'vitest';
import { compileKnown, findIdentifiers, MAX_TEXT_LENGTH } from '../index.ts';

const known = compileKnown([
  { names: ['Amira Holloway'], numbers: ['07700900123'], addresses: ['12 Orchard Lane, Leeds'] },
]);

/** A pattern that tries every way would not end within the test’s time at this length. */
describe('the longest text', () => {
  it.each([
    '1 aa aa aa ',
    'aa@',
    'a@a.',
    ' at dot ',
    '1-',
    '(',
    'may 1 ',
    '07700 ',
    'Dr ',
    '1\u200b',
    'my dear ',
    'A1 ',
  ])('is searched to its end when it is made of “%s”', (unit) => {
    const text = unit.repeat((MAX_TEXT_LENGTH - 10) / unit.length);
    expect(findIdentifiers(`${text} Amira`, known).at(-1)?.end).toBe(text.length + 6);
  });
});
