import { compileKnown, findIdentifiers } from '../index.ts';
import { makeCorpus, type Labelled } from './corpus.ts';
import { measure, type Measured } from './measure.ts';
import { LABEL_TYPES, type LabelType } from './slots.ts';
import type { CorpusPart } from './words.ts';

/** The seed of the figures in docs/ai-detection.md. */
export const PUBLISHED_SEED = 20_261_122;
export const PUBLISHED_COUNT = 2400;

const NOT_STRUCTURED: readonly LabelType[] = ['name', 'street', 'town'];
/** Numbers, contacts, dates and postcodes: what has a form. */
export const STRUCTURED = LABEL_TYPES.filter((type) => !NOT_STRUCTURED.includes(type));

/** Below these a change to the detector does not pass. */
export const FLOORS = {
  knownRecall: 0.99,
  structuredRecall: 0.99,
  nameRecall: 0.8,
  precision: 0.95,
} as const;

export function searchWithRecord({ text, record }: Labelled): ReturnType<typeof findIdentifiers> {
  return findIdentifiers(text, record === undefined ? undefined : compileKnown([record]));
}

export function measureDetector(part: CorpusPart, seed: number, count = PUBLISHED_COUNT): Measured {
  return measure(makeCorpus(part, count, seed), searchWithRecord);
}
