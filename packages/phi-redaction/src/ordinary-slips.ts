import { isOneSlipAway } from './edit-distance.ts';
import { listOrdinaryWords } from './word-traits.ts';

const SHORTEST = 4;
const LONGEST = 17;
/** From this length of the shorter word on, one slip leaves three letters at the one edge or at the other as they were. */
const LONG = 8;

/** Places in a list of words, sorted by what the words begin or end with. */
interface EdgeIndex {
  /** Of each key, where its places begin; they end where the next key's begin. */
  readonly from: Int32Array;
  readonly places: Int32Array;
  /** Of each place’s word, which letters it has. */
  readonly letters: Int32Array;
}

interface SlipIndex {
  readonly words: readonly string[];
  readonly heads: EdgeIndex;
  readonly tails: EdgeIndex;
}

let index: SlipIndex | undefined;

const LETTERS = 27;
const KEYS = (LONGEST + 1) * LETTERS ** 3;

/** 1 to 26, and 0 for whatever is no plain letter. */
function letterAt(word: string, at: number): number {
  const letter = word.charCodeAt(at) - 96;
  return letter > 0 && letter < LETTERS ? letter : 0;
}

/** Length and first three letters, the third last: words that share two of them stand together. */
function headKey(word: string, length: number): number {
  return ((length * LETTERS + letterAt(word, 0)) * LETTERS + letterAt(word, 1)) * LETTERS + letterAt(word, 2);
}

/** Length, first letter and last two. */
function tailKey(word: string, length: number): number {
  const last = word.length - 1;
  return ((length * LETTERS + letterAt(word, 0)) * LETTERS + letterAt(word, last - 1)) * LETTERS + letterAt(word, last);
} // prettier-ignore

function sortByKey(words: readonly string[], keyOf: (word: string, length: number) => number): EdgeIndex {
  const keys = Int32Array.from(words, (word) => keyOf(word, word.length));
  const from = new Int32Array(KEYS + 1);
  for (const key of keys) from[key + 1] = (from[key + 1] ?? 0) + 1;
  for (let key = 0; key < KEYS; key += 1) from[key + 1] = (from[key + 1] ?? 0) + (from[key] ?? 0);
  const next = from.slice();
  const places = new Int32Array(words.length);
  const letters = new Int32Array(words.length);
  keys.forEach((key, place) => {
    const at = next[key] ?? 0;
    places[at] = place;
    letters[at] = lettersOf(words[place] ?? '');
    next[key] = at + 1;
  });
  return { from, places, letters };
}

function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters |= 1 << letterAt(word, at);
  return letters;
}

/** One slip takes a letter away, brings one, or does both. */
function differMore(a: number, b: number): boolean {
  const one = a ^ b;
  const two = one & (one - 1);
  return (two & (two - 1)) !== 0;
}

/** Made at the first call, in some milliseconds. */
function readIndex(): SlipIndex {
  if (index === undefined) {
    const words = listOrdinaryWords().filter(({ length }) => length >= SHORTEST && length <= LONGEST);
    index = { words, heads: sortByKey(words, headKey), tails: sortByKey(words, tailKey) };
  }
  return index;
}

/** Whether a word is most likely a slip of the hand in an ordinary one; the first letter is nearly never where hands slip. */
export function isSlipOfOrdinaryWord(folded: string): boolean {
  const most = folded.length + 1;
  if (folded.length < SHORTEST || most > LONGEST) return false;
  const { words, heads, tails } = readIndex();
  const letters = lettersOf(folded);
  for (let length = folded.length - 1; length <= most; length += 1) {
    const head = headKey(folded, length);
    const isLong = Math.min(length, folded.length) >= LONG;
    // One key, or all that share the first two letters.
    const first = isLong ? head : head - (head % LETTERS);
    if (hasNear(words, heads, first, isLong ? head + 1 : first + LETTERS, folded, letters)) return true;
    const tail = tailKey(folded, length);
    if (hasNear(words, tails, tail, tail + 1, folded, letters)) return true;
  }
  return false;
}

function hasNear(
  words: readonly string[],
  { from, places, letters }: EdgeIndex,
  first: number,
  end: number,
  folded: string,
  own: number,
): boolean {
  const last = from[end] ?? 0;
  for (let at = from[first] ?? 0; at < last; at += 1)
    if (!differMore(letters[at] ?? 0, own) && isOneSlipAway(folded, words[places[at] ?? 0] ?? '')) return true;
  return false;
}
