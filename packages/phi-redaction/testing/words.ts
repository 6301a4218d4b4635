import { readFileSync } from 'node:fs';
import type { Random } from './random.ts';

/**
 * What the corpus is made of. No name is in a list of the detector (held by a test): a detector that knows the answers measures
 * nothing. Composed for this corpus; whoever bears such a name is not meant.
 */
function readWordList(name: string): string[] {
  return readFileSync(new URL(`words/${name}.txt`, import.meta.url), 'utf8')
    .trim()
    .split(/\s+/u);
}

function readLines(name: string, divider: string): string[][] {
  const text = readFileSync(new URL(`words/${name}.txt`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(divider));
}

export const GIVEN = readWordList('given');
export const FAMILY = readWordList('family');
/** Names that are words too, as many people’s are. */
export const WORDLY_FAMILY = readWordList('worldly-family');
export const STREETS = [
  ...readWordList('streets'),
  ...readLines('streets-of-two-words', '|').flat(),
] as const;
export const TOWNS = readWordList('towns');
/** A name as the record has it and as its bearer writes it. */
export const NATIVE_NAMES = readLines('native-names', '|').map(([latin = '', written = '']) => ({
  latin,
  written,
}));
/** Pet forms that do not begin like the name. */
export const IRREGULAR_NICKNAMES: ReadonlyMap<string, string> = new Map(
  readLines('irregular-nicknames', ' ').map(([name = '', nickname = '']) => [name, nickname]),
);

/** Half of the names for the shapes that rules are written by, the other half for those that only judge. */
export function halfOf<T>(list: readonly T[], part: CorpusPart): readonly T[] {
  return list.filter((_, at) => (at % 2 === 0) === (part === 'development'));
}

export const CORPUS_PARTS = ['development', 'held-out'] as const;
export type CorpusPart = (typeof CORPUS_PARTS)[number];

/** Drugs, brands, eponyms, procedures: what looks like a name or a number and tells of nobody. */
export function readFillers(part: CorpusPart): ReadonlyMap<string, readonly string[]> {
  return new Map(
    readLines(`fillers-${part}`, ': ').map(([kind = '', words = '']) => [
      kind,
      words.split(words.includes('|') ? '|' : ' '),
    ]),
  );
}

/** One letter of each word too many, missing, wrong or swapped with the next; never the first. */
export function makeSlip(word: string, random: Random): string {
  if (word.length < 4) return word;
  const at = 1 + random.below(word.length - 2);
  const here = word[at] ?? '';
  const next = word[at + 1] ?? '';
  return random.pick([
    word.slice(0, at) + next + here + word.slice(at + 2),
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + here + word.slice(at),
    word.slice(0, at) + random.letter('aeionrst') + word.slice(at + 1),
  ]);
}
