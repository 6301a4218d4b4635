import { describe, expect, it } from 'vitest';
import { compileKnown, findIdentifiers, MAX_TEXT_LENGTH } from '../index.ts';

const known = compileKnown([
  { names: ['Amira Holloway'], numbers: ['07700900123'], addresses: ['12 Orchard Lane, Leeds'] },
]);

/** What patterns and look-backs stumble over, repeated to the greatest length. */
const UNITS = [
  '1 aa aa aa ', 'aa@', 'a@a.', ' at dot ', '1-', '(', 'may 1 ', '07700 ', 'Dr ', '1\u200b', 'my dear ', 'A1 ', 'van de ', 'A. ', "a'", '&#', '&amp;', '%41', '%f0', '<b>', '*a', '-\na', 'a-', 'aа', 'Orchard ',
  'one ', 'first of ', 'Xqz, ', 'xqzw ', 'XQZW ', '1.1.', '2001:', 'www.', 'aa.aa/', 'AB12 ', 'no. 1 ', 'ﬁ', '1/1/', 'flat 1 a road ', 'ab:', 'İ', 'Ж', '周', 'a b c d ',
]; // prettier-ignore

describe('a long text of one thing again and again', () => {
  it.each(UNITS)('is searched to its end: “%s”', (unit) => {
    const text = unit.repeat(20_000 / unit.length);
    expect(findIdentifiers(`${text} Amira`, known).at(-1)?.end).toBe(text.length + 6);
  });

  it('is searched at the greatest length', () => {
    const text = 'Dr 1 aa 07700 may '.repeat((MAX_TEXT_LENGTH - 20) / 18);
    expect(findIdentifiers(`${text} Amira`, known).at(-1)?.end).toBe(text.length + 6);
  });

  it('costs no more than its length does', () => {
    for (const unit of UNITS) {
      const once = cpuOf(unit.repeat(5000 / unit.length));
      // The square would be 64 times as much. What costs little is lost in the clock.
      const most = 24 * Math.max(once, 4000);
      let eightfold = Infinity;
      // A processor that is shared is slow for a moment, the square each time.
      for (let turn = 0; turn < 5 && eightfold >= most; turn += 1)
        eightfold = Math.min(eightfold, cpuOf(unit.repeat(40_000 / unit.length)));
      expect(eightfold, unit).toBeLessThan(most);
    }
  });
});

/** Microseconds of this process, the less of two: other processes do not count. */
function cpuOf(text: string): number {
  return Math.min(
    ...[1, 2].map(() => {
      const before = process.cpuUsage();
      findIdentifiers(text, known);
      return process.cpuUsage(before).user;
    }),
  );
}
