import { describe, expect, test } from 'vitest';
import { scrub } from './index.ts';

/** How often a character was looked at as a part of a number. */
function countLooks(work: () => void): number {
  let looks = 0;
  const original = Object.getOwnPropertyDescriptor(String.prototype, 'codePointAt');
  const look = original?.value as (this: string, at: number) => number | undefined;
  Object.defineProperty(String.prototype, 'codePointAt', {
    ...original,
    value(this: string, at: number) {
      looks++;
      return look.call(this, at);
    },
  });
  try {
    work();
  } finally {
    if (original !== undefined) Object.defineProperty(String.prototype, 'codePointAt', original);
  }
  return looks;
}

describe('escapes and markup without a digit are not read anew from each of them', () => {
  test.each(['\\n', '%20', '&nbsp;', '<b>', '%2520', '&amp;nbsp;', '\\u0020', '%C2%A0', '\u001b[0m', `1${'&nbsp;'.repeat(500)}`])(
    '%j',
    (unit) => {
      const text = unit.repeat(Math.floor(30_000 / unit.length));
      expect(countLooks(() => scrub(text))).toBeLessThan(8 * text.length);
      expect(scrub(text).value).toBe(text);
      const number = '4111111111111111';
      expect(scrub(`${text}${number}`).value).not.toContain(number);
    },
  ); // prettier-ignore
});

describe('a number torn over lines of a form', () => {
  const filled = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, at) => `Tooth ${'abcdefgh'[(from + at) % 8] ?? ''}: 7\n`).join('');

  test.each([0, 2_500, 4_090, 4_094, 4_096, 4_100])('is found behind %i others', (before) => {
    const text = `${filled(0, before)}a: 4111\nb: 1111\nc: O\nd: 1111\ne: 1111\n${filled(before, 4_200)}`;
    const left = scrub(text).value;
    expect(left).not.toContain('4111');
    expect(left.match(/1111/g)).toBeNull();
  });
});
