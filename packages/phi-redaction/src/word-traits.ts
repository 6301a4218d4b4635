import { fold } from './fold.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { DIGIT_WORDS, MONTHS, TIMES_WORDS } from './number-words.ts';
import { COMMON_LISTS, isMadeOfOrdinary, ORDINARY_LISTS } from './ordinary-words.ts';
import { PARTICLES, TITLES } from './people-context.ts';
import { STREET_WORDS } from './street-kinds.ts';
import { WordTable } from './word-table.ts';

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

let dictionary: WordTable | undefined;

/** The words that anything is known of: some 80,000. Made at the first call. */
export function readDictionary(): WordTable {
  if (dictionary !== undefined) return dictionary;
  const table = new WordTable();
  for (const list of ORDINARY_LISTS) table.mark(list, TRAIT.ordinary, fold);
  for (const list of COMMON_LISTS) table.mark(list, TRAIT.common, fold);
  const others: readonly (readonly [Iterable<string>, number])[] = [
    [GIVEN_NAMES, TRAIT.given], [TITLES, TRAIT.title], [PARTICLES, TRAIT.particle], [MONTHS, TRAIT.month],
    [DIGIT_WORDS, TRAIT.spoken], [TIMES_WORDS, TRAIT.spoken], [STREET_WORDS, TRAIT.street], [['dot'], TRAIT.dot],
  ]; // prettier-ignore
  for (const [list, trait] of others) {
    table.mark(
      [...list].filter((word) => isMade(table, word)),
      TRAIT.ordinary,
      fold,
    );
    table.mark(list, trait, fold);
  }
  dictionary = table;
  return table;
}

function isMade(table: WordTable, folded: string): boolean {
  return isMadeOfOrdinary(folded, (part) => (table.bitsOf(part) & TRAIT.ordinary) !== 0);
}

/** The bits of a folded word that stands in no list. */
export function traitsOfUnlisted(folded: string): number {
  return isMade(readDictionary(), folded) ? TRAIT.ordinary : 0;
}

/** The bits of {@link TRAIT} that a folded word without figures has. */
export function traitsOf(folded: string): number {
  return readDictionary().bitsOf(folded) || traitsOfUnlisted(folded);
}

/** Whether a folded word is one that English texts use for other things than naming a person (SCOWL up to size 60). */
export function isOrdinaryWord(folded: string): boolean {
  return (traitsOf(folded) & TRAIT.ordinary) !== 0;
}

/** All words that English uses for other things than naming a person, folded. */
export function listOrdinaryWords(): string[] {
  const { words, bits } = readDictionary();
  return words.filter((_, place) => ((bits[place] ?? 0) & TRAIT.ordinary) !== 0);
}
