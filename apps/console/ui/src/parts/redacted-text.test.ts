import { describe, expect, it } from 'vitest';
import { splitAtRedactions } from './redacted-text.ts';

describe('splitAtRedactions', () => {
  it.each([
    '',
    'plain',
    '[REDACTED-PAN]',
    'a [REDACTED-PAN][REDACTED-PAN] b',
    '[REDACTED',
    'x[REDACTED-PAN]',
  ])('joined again %j is the same text', (text) => {
    expect(
      splitAtRedactions(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('marks each place where a number was removed, and nothing else', () => {
    expect(splitAtRedactions('card [REDACTED-PAN], then [REDACTED-PAN]')).toEqual([
      { text: 'card ', redacted: false },
      { text: '[REDACTED-PAN]', redacted: true },
      { text: ', then ', redacted: false },
      { text: '[REDACTED-PAN]', redacted: true },
    ]);
  });
});
