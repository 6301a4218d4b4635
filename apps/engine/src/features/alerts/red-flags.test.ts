import { describe, expect, it } from 'vitest';
import { describeRedFlags, findRedFlags, redFlagForm } from './red-flags.ts';

const flags = ['chest pain', 'cannot breathe', 'swollen face'];

describe('red flags of an intake form', () => {
  it('are found as whole words, however they are written', () => {
    expect(findRedFlags(['CHEST-PAIN since Monday', undefined, 'a swollen   face.'], flags)).toEqual([
      'chest pain',
      'swollen face',
    ]);
    expect(findRedFlags(['I can’t breathe'], ['cant breathe'])).toEqual(['cant breathe']);
    expect(findRedFlags(['Ｃｈｅｓｔ pain'], flags)).toEqual(['chest pain']);
  });

  it('are not found inside other words, across answers, or where words stand between', () => {
    expect(
      findRedFlags(['chest painting', 'orchest pain', 'chest', 'pain', 'chest and pain'], flags),
    ).toEqual([]);
    expect(findRedFlags([undefined, ''], flags)).toEqual([]);
    expect(findRedFlags(['chest pain'], [])).toEqual([]);
  });

  it('are told in the clinic’s own words alone, eight at most', () => {
    const many = Array.from({ length: 10 }, (_each, index) => `flag ${'abcdefghij'[index] ?? ''}`);
    expect(describeRedFlags(many)).toBe(
      'The intake form says: flag a, flag b, flag c, flag d, flag e, flag f, flag g, flag h and 2 more. Read the form.',
    );
  });

  it('are read in time that grows with the text', () => {
    expect(findRedFlags([`${'chest pai '.repeat(200_000)}chest pain`], flags)).toEqual(['chest pain']);
  });

  it('have a form that leaves no room for a person', () => {
    for (const text of ['x', 'Chest pain', '07700 900123', 'a@b.example', 'a'.repeat(41), 'a|b c', ' ab'])
      expect(redFlagForm.test(text), text).toBe(false);
  });
});
