import { describe, expect, it } from 'vitest';
import { compileKnown, findIdentifiers } from '../index.ts';
import { makeCorpus, type Labelled } from '../testing/corpus.ts';
import { measure, shareOf, sumOf } from '../testing/measure.ts';
import { CORPUS_PARTS, FAMILY, GIVEN, IRREGULAR_NICKNAMES, WORDLY_FAMILY } from '../testing/words.ts';
import { fold } from './fold.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { isOrdinaryWord } from './ordinary-words.ts';

/** Numbers, contacts, dates and postcodes. */
export const STRUCTURED = [
  'date',
  'age over 89',
  'telephone',
  'e-mail',
  'postcode',
  'health or social number',
  'other number',
  'bank and card',
  'online',
] as const;

function search({ text, record }: Labelled): ReturnType<typeof findIdentifiers> {
  return findIdentifiers(text, record === undefined ? undefined : compileKnown([record]));
}

describe.each(CORPUS_PARTS)('of 2,400 synthetic messages of the %s part', (part) => {
  const { knownRecall, unknownRecall, precision } = measure(makeCorpus(part, 2400, 20_261_122), search);

  it('finds what a known record tells', () => {
    expect(shareOf(sumOf(knownRecall))).toBeGreaterThanOrEqual(0.94);
  });

  it('finds the numbers, contacts, dates and postcodes of strangers', () => {
    expect(shareOf(sumOf(unknownRecall, STRUCTURED))).toBeGreaterThanOrEqual(0.87);
  });

  it('finds the names of strangers', () => {
    expect(shareOf(sumOf(unknownRecall, ['name']))).toBeGreaterThanOrEqual(0.77);
  });

  it('is right in what it finds', () => {
    expect(shareOf(precision)).toBeGreaterThanOrEqual(0.9);
  });
});

describe('the corpus', () => {
  it('is made of names that the detector has in no list', () => {
    const names = [...GIVEN, ...FAMILY, ...WORDLY_FAMILY, ...IRREGULAR_NICKNAMES.values()];
    for (const name of names.flatMap((each) => each.split('-'))) {
      expect(GIVEN_NAMES.has(fold(name)), name).toBe(false);
    }
    for (const name of [...GIVEN, ...FAMILY]) expect(isOrdinaryWord(fold(name)), name).toBe(false);
  });
});
