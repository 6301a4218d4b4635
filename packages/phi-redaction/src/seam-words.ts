import { isOneSlipAway } from './edit-distance.ts';
import { fold } from './fold.ts';
import type { KnownIdentifiers } from './known.ts';
import { ONES, ORDINALS, TENS } from './number-words.ts';
import { TRAIT, traitsOf } from './word-traits.ts';

/** Words before a name that stands in the next text. */
const INTRODUCTIONS = new Set(['is', 'am', 'im', 'called', 'named', 'name', 'surname']);
const LONGEST_WORD = 40;
/** From so many letters on, a slip does not make another word of most. */
const MIN_FUZZY = 6;

const TAIL = /([\p{L}\p{M}\p{N}'’]*)[^\p{L}\p{N}]{0,20}$/u;
const HEAD = /^[^\p{L}\p{N}]{0,20}([\p{L}\p{M}\p{N}'’]*)/u;
const OPEN_ADDRESS = /@ ?\S{0,64}$|(?:\b(?:dot|at)|\((?:dot|at)\))\s*$/iu;
const ADDRESS_GOES_ON = /^\S{0,64} ?@|^\s*(?:(?:dot|at)\b|\((?:dot|at)\))/iu;

/** The word beside a seam. */
interface EdgeWord {
  readonly word: string;
  readonly traits: number;
  readonly hasDigit: boolean;
  readonly capital: boolean;
  readonly shouted: boolean;
}

function readEdge(word: string): EdgeWord {
  const folded = fold(word);
  const hasDigit = /\d/u.test(folded);
  return {
    word: folded,
    traits: hasDigit || folded === '' ? 0 : traitsOf(folded),
    hasDigit,
    capital: /^\p{Lu}/u.test(word),
    shouted: /^\p{Lu}{2,}$/u.test(word),
  };
}

export function readTail(text: string): EdgeWord {
  const [, word = ''] = TAIL.exec(text.slice(-60)) ?? [];
  return readEdge(word);
}

export function readHead(text: string): EdgeWord {
  const [, word = ''] = HEAD.exec(text.slice(0, 60)) ?? [];
  return readEdge(word);
}

/** The word that a seam cuts, with the pieces that are nothing but parts of it; none where something stands at the seam. */
export function readCutWord(texts: readonly string[], order: readonly number[], place: number): string {
  let word = '';
  for (let at = place; at >= 0 && word.length < LONGEST_WORD; at -= 1) {
    const text = texts[order[at] ?? -1] ?? '';
    const [part = ''] = /[\p{L}\p{M}'’]*$/u.exec(text.slice(-LONGEST_WORD)) ?? [];
    word = part + word;
    if (part === '' || part.length < text.length) break;
  }
  const before = word.length;
  for (let at = place + 1; at < order.length && word.length < LONGEST_WORD; at += 1) {
    const text = texts[order[at] ?? -1] ?? '';
    const [part = ''] = /^[\p{L}\p{M}'’]*/u.exec(text.slice(0, LONGEST_WORD)) ?? [];
    word += part;
    if (part === '' || part.length < text.length) break;
  }
  return before === 0 || before === word.length ? '' : fold(word);
}

export function isKnownWord(known: KnownIdentifiers, word: string): boolean {
  if (known.exact.has(word) || known.ordinary.has(word) || known.addressWords.has(word)) return true;
  return known.fuzzy.some((part) =>
    word.length > part.length + 1
      ? word.includes(part)
      : word.length >= MIN_FUZZY && isOneSlipAway(word, part),
  );
}

/** How the texts at a seam are to be read together, as bits; none where nothing goes on. */
export const READ = { glued: 1, spaced: 2, names: 4 } as const;

/** A seam between two texts. */
export interface Seam {
  readonly before: string;
  readonly behind: string;
  /** {@link readCutWord} */
  readonly cutWord: string;
  /** A name that nobody knows ends at it, or begins. */
  readonly endsName: boolean;
  readonly beginsName: boolean;
}

/** Whether what stands at a seam can be two parts of one thing: seldom, and only then it is searched. */
export function readSeam({ before, behind, cutWord, endsName, beginsName }: Seam, known: KnownIdentifiers | undefined): number {
  const [tail, head] = [readTail(before), readHead(behind)];
  return (
    (goesOnInFigures(tail, head) ? READ.glued | READ.spaced : 0) |
    (introducesName(before) ? READ.spaced | READ.names : 0) |
    (cutWord === '' ? 0 : readCut(cutWord, known)) |
    (cutWord !== '' && ((endsName && goesOnWith(head, tail)) || (beginsName && goesOnWith(tail, head))) ? READ.glued | READ.names : 0) |
    (goesOnInWords(tail, head, known) ? READ.spaced : 0) |
    (OPEN_ADDRESS.test(before.slice(-80)) || ADDRESS_GOES_ON.test(behind.slice(0, 80)) ? READ.glued | READ.spaced : 0)
  );
} // prettier-ignore

/** The rest of a name is no word of English, and has no capital inside the name. */
function goesOnWith(rest: EdgeWord, name: EdgeWord): boolean {
  const isInside = name.shouted ? rest.shouted : !rest.capital || !name.capital;
  return !isOrdinary(rest) && isInside;
}

function readCut(cutWord: string, known: KnownIdentifiers | undefined): number {
  const traits = traitsOf(cutWord);
  if (known !== undefined && isKnownWord(known, cutWord)) return READ.glued | READ.names;
  if ((traits & (TRAIT.given | TRAIT.ordinary)) === TRAIT.given) return READ.glued | READ.names;
  const isOfForm = (traits & (TRAIT.month | TRAIT.street | TRAIT.spoken)) !== 0;
  return isOfForm || ORDINALS.has(cutWord) || TENS.has(cutWord) ? READ.glued : 0;
}

function goesOnInWords(tail: EdgeWord, head: EdgeWord, known: KnownIdentifiers | undefined): boolean {
  if (known?.addressWords.has(tail.word) === true && known.addressWords.has(head.word)) return true;
  if ((tail.traits & head.traits & TRAIT.spoken) !== 0) return true;
  if (isOfDate(tail) && isOfDate(head)) return tail.word !== head.word;
  return (head.traits & TRAIT.street) !== 0 && (tail.capital || !isOrdinary(tail));
} // prettier-ignore

/** “the third of”, “april”, “nineteen”, “eighty-five”. */
function isOfDate({ word, traits }: EdgeWord): boolean {
  if ((traits & TRAIT.month) !== 0 || ORDINALS.has(word) || TENS.has(word) || ONES.has(word)) return true;
  return word === 'of' || word === 'the';
}

const isOrdinary = ({ traits }: EdgeWord): boolean => (traits & TRAIT.ordinary) !== 0;

function goesOnInFigures(tail: EdgeWord, head: EdgeWord): boolean {
  if (!tail.hasDigit && !head.hasDigit) return false;
  if (tail.hasDigit && head.hasDigit) return true;
  const other = tail.hasDigit ? head : tail;
  // “AB” of a number, “CDE” of a plate, “12” of “Orchard Lane”.
  if (other.word.length <= 3) return true;
  if (tail.hasDigit && head.capital && tail.word.length <= 4) return true;
  return (other.traits & (TRAIT.month | TRAIT.street | TRAIT.spoken)) !== 0;
}

/** Whether the words before a seam say that a name follows. */
export function introducesName(before: string): boolean {
  const { word, traits } = readTail(before);
  return (traits & TRAIT.title) !== 0 || INTRODUCTIONS.has(word);
}
