import { describe, expect, it } from 'vitest';
import { DIGIT_KIND, Kind, kindOf, WEAK_KIND } from './glyphs.ts';

describe('kinds of characters', () => {
  it('know every decimal digit of the Unicode version that the engine knows', () => {
    let run = 0;
    for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
      const isDigit = /^\p{Nd}$/u.test(String.fromCodePoint(codePoint));
      // Digit sets stand from zero to nine without a gap; where several adjoin, each has ten.
      if (isDigit) expect(kindOf(codePoint), codePoint.toString(16)).toBe(DIGIT_KIND + (run++ % 10));
      else run = 0;
    }
  });

  it.each([
    ['\u00a0\u2009\u3000', Kind.space],
    ['\u2010\u2013\u2014\u2212', Kind.dash],
    ['\u200b\u200d\u2060\u00ad\u202e\ufe0f\u20e3\u0000', Kind.invisible],
    ['\n\u2028\u0085', Kind.line],
    ['💳|…'.slice(0, 2), Kind.cell],
    ['aé痛Ω½\uffff', Kind.hard],
  ])('put %j where it belongs', (characters, kind) => {
    for (const character of characters) expect(kindOf(character.codePointAt(0) ?? 0)).toBe(kind);
  });

  it('read the letters that OCR confuses as the digits they stand for', () => {
    const read = Array.from('OIlZSB', (letter) => kindOf(letter.charCodeAt(0)) - WEAK_KIND);
    expect(read).toEqual([0, 1, 1, 2, 5, 8]);
  });

  it('take half a surrogate pair for a break', () => {
    expect(kindOf(0xd83d)).toBe(Kind.hard);
  });
});
