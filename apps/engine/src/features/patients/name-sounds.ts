import { doubleMetaphone } from 'double-metaphone';

/** Case, accents and punctuation do not tell one name from another. */
export function words(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 0);
}

export const compact = (text: string): string => words(text).join('');

/** Letters that are heard as others, in names as English ears spell them: Smyth and Smith, Philip and Filip, Katherine. */
const heardAs: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/c(?=[eiy])/g, 's'],
  [/ck|c|q/g, 'k'],
  [/z/g, 's'],
  [/y/g, 'i'],
  [/w/g, 'v'],
  [/(.)\1+/g, '$1'],
];

const spellingBySound = (word: string): string =>
  heardAs.reduce((spelling, [letters, sound]) => spelling.replace(letters, sound), word);

/** A beginning shorter than this says too much about how often each occurs; one longer adds nothing that a word does not. */
const shortestStart = 3;
const longestStart = 8;

/** The beginnings under which a name is found, each by its sound: "smi", "smit" for Smith and for Smyth. */
export function startsOf(word: string): string[] {
  const spelling = spellingBySound(word);
  const starts: string[] = [];
  for (let length = shortestStart; length <= Math.min(spelling.length, longestStart); length += 1)
    starts.push(spelling.slice(0, length));
  return starts;
}

/** The one beginning that stands for what was typed; null where it is too short to be looked for. */
export function startToFind(word: string): string | null {
  const spelling = spellingBySound(word).slice(0, longestStart);
  return spelling.length < shortestStart ? null : spelling;
}

/** How a whole name sounds (L. Philips, "The Double Metaphone Search Algorithm", 2000): one code, or two. */
export function soundsOf(word: string): string[] {
  // Two consonants are shared by too many: John and Anna are both "AN".
  return [...new Set(doubleMetaphone(word))].filter((code) => code.length > 2);
}
