import { expect, it } from 'vitest';
import { showPlainly } from './plain-text.ts';

it('takes out what nobody sees: overrides of direction, tags, zero widths, control characters', () => {
  const hidden = [
    0x202e, 0x2066, 0x2069, 0x200b, 0x2060, 0xfeff, 0xad, 0xe0041, 0xe000, 0x0, 0x1b, 0x7f, 0xe0101,
  ];
  for (const code of hidden) expect(showPlainly(`a${String.fromCodePoint(code)}b`)).toBe('ab');
});

it('leaves what people write: lines, other scripts with their joiners, emoji', () => {
  for (const text of ['a\n\tb', 'می\u200cخواهم', 'שלום\u200f!', '👩\u200d⚕️', 'naïve café'])
    expect(showPlainly(text)).toBe(text);
});
