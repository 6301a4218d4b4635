import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findIdentifiers } from '../index.ts';
import { makeCorpus } from '../testing/corpus.ts';
import { shareOf, sumOf } from '../testing/measure.ts';
import { renderFigures } from '../testing/render-figures.ts';
import { FLOORS, measureDetector, PUBLISHED_SEED, STRUCTURED } from '../testing/search-corpus.ts';
import { readShapes } from '../testing/shapes.ts';
import {
  CORPUS_PARTS,
  FAMILY,
  GIVEN,
  halfOf,
  IRREGULAR_NICKNAMES,
  readFillers,
  WORDLY_FAMILY,
} from '../testing/words.ts';
import { fold } from './fold.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { isNoName } from './ordinary-words.ts';
import { isOrdinaryWord } from './word-traits.ts';

/** Other messages each time, so that rules cannot be written to one corpus; CORDON_PROPERTY_SEED asks for the same again. */
const fresh = Number(process.env['CORDON_PROPERTY_SEED'] ?? Date.now() % 1_000_000_007);
const corpora = CORPUS_PARTS.flatMap((part) => [
  { part, seed: PUBLISHED_SEED },
  { part, seed: fresh },
]);

describe.each(corpora)('of 2,400 messages of the $part part, made from seed $seed', ({ part, seed }) => {
  const { knownRecall, unknownRecall, precision } = measureDetector(part, seed);

  it('finds 99 % of what a known record tells', () => {
    expect(shareOf(sumOf(knownRecall))).toBeGreaterThanOrEqual(FLOORS.knownRecall);
  });

  it('finds 99 % of the numbers, contacts, dates and postcodes of strangers', () => {
    expect(shareOf(sumOf(unknownRecall, STRUCTURED))).toBeGreaterThanOrEqual(FLOORS.structuredRecall);
  });

  it('finds 80 % of the names of strangers', () => {
    expect(shareOf(sumOf(unknownRecall, ['name']))).toBeGreaterThanOrEqual(FLOORS.nameRecall);
  });

  it('is right in 95 % of what it finds', () => {
    expect(shareOf(precision)).toBeGreaterThanOrEqual(FLOORS.precision);
  });
});

describe('the corpus', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makeCorpus('held-out', 50, 7)).toEqual(makeCorpus('held-out', 50, 7));
    expect(makeCorpus('held-out', 50, 7)).not.toEqual(makeCorpus('held-out', 50, 8));
  });

  it('has hundreds of shapes, and shares none between its parts', () => {
    const [development = [], heldOut = []] = CORPUS_PARTS.map((part) =>
      readShapes(part).map(({ template }) => template),
    );
    expect(development.length).toBeGreaterThanOrEqual(200);
    expect(heldOut.length).toBeGreaterThanOrEqual(170);
    const both = [...development, ...heldOut];
    expect(new Set(both).size).toBe(both.length);
  });

  it('is made of names that the detector has in no list', () => {
    const names = [...GIVEN, ...FAMILY, ...WORDLY_FAMILY, ...IRREGULAR_NICKNAMES.values()];
    for (const name of names.flatMap((each) => each.split('-'))) {
      expect(GIVEN_NAMES.has(fold(name)), name).toBe(false);
      expect(isNoName(fold(name)), name).toBe(false);
    }
    for (const name of [...GIVEN, ...FAMILY]) expect(isOrdinaryWord(fold(name)), name).toBe(false);
    for (const list of [GIVEN, FAMILY])
      expect(halfOf(list, 'held-out').some((name) => halfOf(list, 'development').includes(name))).toBe(false);
  });

  it('has brands and eponyms in its held-out part that the detector has in no list', () => {
    const fillers = readFillers('held-out');
    for (const word of [...(fillers.get('brand') ?? []), ...(fillers.get('eponym') ?? [])])
      expect(isNoName(fold(word.split(/['’\s]/u)[0] ?? '')), word).toBe(false);
  });

  it('is searched in vain where nobody is told of', () => {
    const plain = makeCorpus('development', 600, 3).filter(({ labels }) => labels.length === 0);
    const untouched = plain.filter(({ text }) => findIdentifiers(text).length === 0);
    expect(untouched.length / plain.length).toBeGreaterThan(0.9);
  });
});

describe('docs/ai-detection.md', () => {
  it('has the figures that this detector earns: print-figures.ts writes them', () => {
    const page = readFileSync(new URL('../../../docs/ai-detection.md', import.meta.url), 'utf8');
    const [, written = ''] = page.split(/<!-- (?:end of )?figures -->/u);
    expect(written.trim()).toBe(renderFigures());
  });
});
