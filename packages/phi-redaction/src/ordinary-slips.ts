import { isOneSlipAway } from './edit-distance.ts';
import { listOrdinaryWords } from './word-traits.ts';

const SHORTEST = 4;
const LONGEST = 17;
/** From this length on, one slip from a word that is as long but for a letter leaves three letters at the one edge or at the other. */
const LONG = 9;

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
const KEYS = 2 ** 15;

/** 1 to 26, and 0 for whatever is no plain letter. */
function letterAt(word: string, at: number): number {
  const letter = word.charCodeAt(at) - 96;
  return letter > 0 && letter < LETTERS ? letter : 0;
}

/** Length and first letters: two, of long words three. Words of one key need not be alike, alike ones have one key. */
function headKey(word: string, length: number): number {
  return keyOf(length, letterAt(word, 0), letterAt(word, 1), length < LONG ? 0 : letterAt(word, 2));
}

/** Length, first letter and last two. */
function tailKey(word: string, length: number): number {
  const last = word.length - 1;
  return keyOf(length, letterAt(word, 0), letterAt(word, last - 1), letterAt(word, last));
}

function keyOf(length: number, a: number, b: number, c: number): number {
  const key = ((length * LETTERS + a) * LETTERS + b) * LETTERS + c;
  return Math.imul(key, 0x9e3779b1) >>> 17;
}

function sortByKey(words: readonly string[], readKey: (word: string, length: number) => number): EdgeIndex {
  const count = words.length;
  const keys = new Int32Array(count);
  const from = new Int32Array(KEYS + 1);
  for (let place = 0; place < count; place += 1) {
    const word = words[place] ?? '';
    const key = readKey(word, word.length);
    keys[place] = key;
    from[key + 1] = (from[key + 1] ?? 0) + 1;
  }
  for (let key = 0; key < KEYS; key += 1) from[key + 1] = (from[key + 1] ?? 0) + (from[key] ?? 0);
  const next = from.slice();
  const places = new Int32Array(count);
  const letters = new Int32Array(count);
  for (let place = 0; place < count; place += 1) {
    const key = keys[place] ?? 0;
    const at = next[key] ?? 0;
    next[key] = at + 1;
    places[at] = place;
    letters[at] = lettersOf(words[place] ?? '');
  }
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
    if (hasNear(words, heads, headKey(folded, length), folded, letters)) return true;
    if (hasNear(words, tails, tailKey(folded, length), folded, letters)) return true;
  }
  return false;
}

function hasNear(
  words: readonly string[],
  { from, places, letters }: EdgeIndex,
  key: number,
  folded: string,
  own: number,
): boolean {
  const end = from[key + 1] ?? 0;
  for (let at = from[key] ?? 0; at < end; at += 1) {
    if (differMore(letters[at] ?? 0, own)) continue;
    const word = words[places[at] ?? 0] ?? '';
    if (word.charCodeAt(0) === folded.charCodeAt(0) && isOneSlipAway(folded, word)) return true;
  }
  return false;
}

/** Makes what the first search would wait for: the words of English, and where to look for slips in them. */
export function loadWords(): void {
  readIndex();
}
