/* eslint-disable security/detect-possible-timing-attacks -- a word of a list, no secret */
/** More than twice as many as there are words: a look-up ends after a step or two. */
const SLOTS = 2 ** 18;
const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** Where a word's hash begins; `hashLetter` takes it on, a small letter or figure at a time (FNV-1a). */
export const EMPTY_HASH = SEED;
export const hashLetter = (hash: number, code: number): number => Math.imul(hash ^ code, PRIME);

export const NOT_THERE = -1;

/** Words with bits, found by a hash that is made while a text is read: the word need not be cut out of it. */
export class WordTable {
  readonly words: string[] = [];
  readonly bits: number[] = [];
  /** Of each slot the place of its word and one, or nothing. */
  readonly #slots = new Int32Array(SLOTS);

  /**
   * Gives words further bits.
   * @param fold brings a word that has other signs than small letters and figures into its form
   */
  mark(list: Iterable<string>, traits: number, fold: (word: string) => string): void {
    const slots = this.#slots;
    const { words, bits } = this;
    for (const written of list) {
      let word = written;
      let hash = hashPlain(word);
      if (hash === NOT_PLAIN) {
        word = fold(written);
        hash = hashWord(word);
      }
      let slot = slotOf(hash);
      let place = (slots[slot] ?? 0) - 1;
      while (place >= 0 && words[place] !== word) {
        slot = (slot + 1) % SLOTS;
        place = (slots[slot] ?? 0) - 1;
      }
      if (place >= 0) bits[place] = (bits[place] ?? 0) | traits;
      else {
        slots[slot] = words.push(word);
        bits.push(traits);
      }
    }
  }

  /** @returns the place of the word that stands there, or `NOT_THERE` */
  find(text: string, start: number, end: number, hash: number): number {
    for (let slot = slotOf(hash); ; slot = (slot + 1) % SLOTS) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place < 0) return NOT_THERE;
      if (standsAt(text, start, end, this.words[place] ?? '')) return place;
    }
  }

  /** The bits of a word; none of one that is not there. */
  bitsOf(word: string): number {
    const place = this.find(word, 0, word.length, hashWord(word));
    return place === NOT_THERE ? 0 : (this.bits[place] ?? 0);
  }
}

const slotOf = (hash: number): number => (hash ^ (hash >>> 15)) & (SLOTS - 1);

function hashWord(word: string): number {
  let hash = EMPTY_HASH;
  for (let at = 0; at < word.length; at += 1) hash = hashLetter(hash, word.charCodeAt(at));
  return hash;
}

/** No number of 32 bits. */
const NOT_PLAIN = Number.MAX_SAFE_INTEGER;

function hashPlain(word: string): number {
  let hash = EMPTY_HASH;
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    const isPlain = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    if (!isPlain) return NOT_PLAIN;
    hash = hashLetter(hash, code);
  }
  return hash;
}

function standsAt(text: string, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let at = 0; at < word.length; at += 1)
    if (text.charCodeAt(start + at) !== word.charCodeAt(at)) return false;
  return true;
}
