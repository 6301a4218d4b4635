import { fold, isOtherAlphabet } from './fold.ts';
import type { View } from './view.ts';
import { EMPTY_HASH, hashLetter, NOT_THERE, type WordTable } from './word-table.ts';
import { readDictionary, TRAIT, traitsOf } from './word-traits.ts';

/** What stands between a word and the one before it. */
/** `initial`: a dot behind a single letter; `open`: a bracket or quotation mark that opens. */
export type Joint =
  'start' | 'space' | 'hyphen' | 'dot' | 'initial' | 'comma' | 'line' | 'stop' | 'open' | 'other';

export interface Token {
  /** Half-open range in the view, a genitive’s ending left out. */
  readonly start: number;
  readonly end: number;
  readonly folded: string;
  readonly joint: Joint;
  /** Begins with a capital letter. */
  readonly capital: boolean;
  /** Of two letters or more, all of them capitals. */
  readonly shouted: boolean;
  readonly hasDigit: boolean;
  readonly genitive: boolean;
  /** Has letters of another alphabet than Latin. */
  readonly foreign: boolean;
  /** Has a letter beyond ASCII: hands that slip do not write one. */
  readonly accented: boolean;
  /** A word that English uses for other things than naming a person. */
  readonly ordinary: boolean;
  /** Bits of `TRAIT`; none of a word with figures. */
  readonly traits: number;
}

/** Signs that links and addresses have, as bits. */
export const SIGN = { at: 1, colon: 2, slash: 4, dot: 8 } as const;

/** A text's words, and what there is in it at all: many rules need not be tried. */
export interface Reading {
  readonly tokens: readonly Token[];
  readonly hasDigit: boolean;
  /** Bits of `TRAIT` that any word has. */
  readonly traits: number;
  /** Bits of `SIGN`. */
  readonly signs: number;
}

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const UNKNOWN = 3;
const LETTER_OR_MARK = /[\p{L}\p{M}]/u;
const kinds = new Uint8Array(0x10000).fill(UNKNOWN, 128);
const signs = new Uint8Array(0x10000);
for (let code = 0; code < 128; code += 1) {
  const sign = String.fromCharCode(code);
  kinds[code] = /[a-z]/iu.test(sign) ? LETTER : /\d/u.test(sign) ? DIGIT : OTHER;
}
for (const [sign, bit] of [['@', SIGN.at], [':', SIGN.colon], ['/', SIGN.slash], ['.', SIGN.dot]] as const)
  signs[sign.charCodeAt(0)] = bit; // prettier-ignore

function kindOf(code: number): number {
  const kind = kinds[code] ?? OTHER;
  if (kind !== UNKNOWN) return kind;
  const known = LETTER_OR_MARK.test(String.fromCharCode(code)) ? LETTER : OTHER;
  kinds[code] = known;
  return known;
}

const APOSTROPHE = 39;
/** Makes a capital letter small, and leaves figures and small letters as they are. */
const SMALL = 32;

export function readTokens(view: View): Reading {
  const { text } = view;
  const tokens: Token[] = [];
  const dictionary = readDictionary();
  const all = { hasDigit: false, traits: 0, signs: 0 };
  let before = 0;
  for (let at = 0; at < text.length; ) {
    const opening = text.charCodeAt(at);
    if (kindOf(opening) === OTHER) {
      all.signs |= signs[opening] ?? 0;
      at += 1;
      continue;
    }
    const start = at;
    let hasDigit = false;
    let ascii = true;
    let apostrophe = false;
    let hash = EMPTY_HASH;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const kind = kindOf(code);
      if (kind === OTHER) {
        const joins = code === APOSTROPHE && !hasDigit && at + 1 < text.length && kindOf(text.charCodeAt(at + 1)) === LETTER;
        if (!joins) break;
        apostrophe = true;
      } else {
        if (kind === DIGIT) hasDigit = true;
        if (code > 127) ascii = false;
        hash = hashLetter(hash, code | SMALL);
      }
    }
    const last = tokens.at(-1);
    const single = last !== undefined && last.end - last.start === 1 && !last.hasDigit;
    const run = { start, end: at, hasDigit, ascii, apostrophe, before, single };
    const isPlain = ascii && !apostrophe && !hasDigit;
    const token = makeToken(view, run, dictionary, isPlain ? dictionary.find(view.lower, start, at, hash) : NOT_THERE);
    tokens.push(token);
    all.traits |= token.traits;
    all.hasDigit ||= hasDigit;
    before = at;
  }
  return { tokens, ...all };
} // prettier-ignore

interface Run {
  readonly start: number;
  readonly end: number;
  readonly hasDigit: boolean;
  readonly ascii: boolean;
  readonly apostrophe: boolean;
  /** Where the word before it ended. */
  readonly before: number;
  /** That word was one letter. */
  readonly single: boolean;
}

/** @param place of the word in the dictionary, where it was found while it was read */
function makeToken({ text, lower }: View, run: Run, { words, bits }: WordTable, place: number): Token {
  const { start, hasDigit, ascii, apostrophe, before } = run;
  const genitive = apostrophe && lower.endsWith("'s", run.end);
  const end = genitive ? run.end - 2 : run.end;
  const isListed = place !== NOT_THERE;
  const folded = isListed
    ? (words[place] ?? '')
    : ascii
      ? lower.slice(start, end).replaceAll("'", '')
      : fold(text.slice(start, end));
  const traits = isListed ? (bits[place] ?? 0) : hasDigit ? 0 : traitsOf(folded);
  const capital = text.charCodeAt(start) !== lower.charCodeAt(start);
  return {
    start,
    end,
    folded,
    joint: before === 0 ? 'start' : readJoint(text, before, start, run.single),
    capital,
    shouted: capital && end - start > 1 && isShouted(text, start, end),
    hasDigit,
    genitive,
    accented: !ascii,
    foreign: !ascii && isOtherAlphabet(text.slice(start, end)),
    ordinary: (traits & TRAIT.ordinary) !== 0,
    traits,
  };
}

function isShouted(text: string, start: number, end: number): boolean {
  // “BWs”, “GPs”: an abbreviation’s plural is one too.
  const word = text.slice(start, end > start + 2 && text.charAt(end - 1) === 's' ? end - 1 : end);
  return word === word.toUpperCase();
}

function readJoint(text: string, from: number, to: number, single: boolean): Joint {
  const first = text.charCodeAt(from);
  if (to - from === 1) {
    if (first === 32) return 'space';
    if (first === 45) return 'hyphen';
    if (first === 46) return single ? 'initial' : 'dot';
    if (first === 44) return 'comma';
    if (first === 10) return 'line';
  }
  // Hostile runs of signs are no joint of any kind.
  if (to - from > 8) return text.slice(from, from + 200).includes('\n') ? 'line' : 'stop';
  const gap = text.slice(from, to);
  if (gap.includes('\n')) return 'line';
  if (gap === '  ') return 'space';
  if (/^\. {0,2}$/u.test(gap)) return single ? 'initial' : 'dot';
  if (/^, {1,2}$/u.test(gap)) return 'comma';
  if (/[.!?:;|>=•–]/u.test(gap)) return 'stop';
  return /[(“"[{]/u.test(gap) ? 'open' : 'other';
}

/** Whether a sentence, a line or a field begins with the word. */
export function beginsSentence({ joint }: Token): boolean {
  return joint === 'start' || joint === 'line' || joint === 'stop' || joint === 'dot';
}

/** Whether two words stand side by side, as the parts of a name do. */
export function standBeside(after: Token): boolean {
  return after.joint === 'space' || after.joint === 'hyphen';
}
