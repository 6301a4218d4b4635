import { fold } from './fold.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { DIGIT_WORDS, MONTHS, TIMES_WORDS } from './number-words.ts';
import { COMMON_LISTS, isMadeOfOrdinary, ORDINARY_LISTS } from './ordinary-words.ts';
import { PARTICLES, TITLES } from './people-context.ts';
import { STREET_WORDS } from './street-kinds.ts';

/** What a word is known for, as bits: a word is looked up once, and every rule asks the bits. */
export const TRAIT = {
  /** English uses it for other things than naming a person. */
  ordinary: 1,
  /** A word of every text. */
  common: 2,
  /** A frequent given name. */
  given: 4,
  title: 8,
  particle: 16,
  month: 32,
  /** A digit as it is said, or “double”. */
  spoken: 64,
  /** A kind of street, abbreviated or not. */
  street: 128,
  /** “dot”, which tells of an address that is spoken. */
  dot: 256,
} as const;

let dictionary: Map<string, number> | undefined;

/** @returns the words that anything is known of; made at the first call, of 90,000 words */
function readDictionary(): ReadonlyMap<string, number> {
  if (dictionary !== undefined) return dictionary;
  const words = new Map<string, number>();
  const mark = (list: Iterable<string>, trait: number): void => {
    for (const word of list) words.set(word, (words.get(word) ?? 0) | trait);
  };
  for (const list of ORDINARY_LISTS) for (const word of list) words.set(fold(word), TRAIT.ordinary);
  for (const list of COMMON_LISTS) mark(list.map(fold), TRAIT.common);
  const isListed = (word: string): boolean => words.has(word);
  const made = [...GIVEN_NAMES, ...TITLES, ...PARTICLES, ...MONTHS, ...DIGIT_WORDS, ...TIMES_WORDS, ...STREET_WORDS, 'dot'];
  mark(made.filter((word) => isListed(word) || isMadeOfOrdinary(word, isListed)), TRAIT.ordinary);
  mark(GIVEN_NAMES, TRAIT.given);
  mark(TITLES, TRAIT.title);
  mark(PARTICLES, TRAIT.particle);
  mark(MONTHS, TRAIT.month);
  mark(DIGIT_WORDS, TRAIT.spoken);
  mark(TIMES_WORDS, TRAIT.spoken);
  mark(STREET_WORDS, TRAIT.street);
  mark(['dot'], TRAIT.dot);
  dictionary = words;
  return words;
} // prettier-ignore

const isOrdinaryHere = (word: string): boolean => ((dictionary?.get(word) ?? 0) & TRAIT.ordinary) !== 0;

/** The bits of {@link TRAIT} that a folded word without figures has. */
export function traitsOf(folded: string): number {
  return readDictionary().get(folded) ?? (isMadeOfOrdinary(folded, isOrdinaryHere) ? TRAIT.ordinary : 0);
}

/** Whether a folded word is one that English texts use for other things than naming a person (SCOWL up to size 60). */
export function isOrdinaryWord(folded: string): boolean {
  return (traitsOf(folded) & TRAIT.ordinary) !== 0;
}

/** All words that English uses for other things than naming a person, folded. */
export function listOrdinaryWords(): string[] {
  const words: string[] = [];
  for (const [word, traits] of readDictionary()) if ((traits & TRAIT.ordinary) !== 0) words.push(word);
  return words;
}
