import { fold, isOtherAlphabet } from './fold.ts';
import type { View } from './view.ts';
import { TRAIT, traitsOf } from './word-traits.ts';

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

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const kinds = new Uint8Array(0x10000);
const LETTER_OR_MARK = /[\p{L}\p{M}]/u;
for (let code = 0; code < 128; code += 1)
  kinds[code] = /[A-Za-z]/u.test(String.fromCharCode(code))
    ? LETTER
    : /\d/u.test(String.fromCharCode(code))
      ? DIGIT
      : OTHER;
const UNKNOWN = 3;
kinds.fill(UNKNOWN, 128);

function kindOf(code: number): number {
  const kind = kinds[code] ?? OTHER;
  if (kind !== UNKNOWN) return kind;
  const known = LETTER_OR_MARK.test(String.fromCharCode(code)) ? LETTER : OTHER;
  kinds[code] = known;
  return known;
}

const APOSTROPHE = 39;

export function readTokens(view: View): Token[] {
  const { text } = view;
  const tokens: Token[] = [];
  let before = 0;
  for (let at = 0; at < text.length;) {
    if (kindOf(text.charCodeAt(at)) === OTHER) {
      at += 1;
      continue;
    }
    const start = at;
    let hasDigit = false;
    let ascii = true;
    let apostrophe = false;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const kind = kindOf(code);
      if (kind === OTHER) {
        const joins = code === APOSTROPHE && kindOf(text.charCodeAt(at + 1)) === LETTER && !hasDigit;
        if (!joins || at + 1 >= text.length) break;
        apostrophe = true;
      } else {
        if (kind === DIGIT) hasDigit = true;
        if (code > 127) ascii = false;
      }
    }
    const last = tokens.at(-1);
    const single = last !== undefined && last.end - last.start === 1 && !last.hasDigit;
    tokens.push(makeToken(view, { start, end: at, hasDigit, ascii, apostrophe, before, single }));
    before = at;
  }
  return tokens;
}

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

function makeToken({ text, lower }: View, run: Run): Token {
  const { start, hasDigit, ascii, apostrophe, before } = run;
  const genitive = apostrophe && lower.endsWith("'s", run.end);
  const end = genitive ? run.end - 2 : run.end;
  const written = lower.slice(start, end);
  const folded = ascii ? (apostrophe ? written.replaceAll("'", '') : written) : fold(text.slice(start, end));
  const first = text.charCodeAt(start);
  const capital = first !== lower.charCodeAt(start);
  const shouted = capital && end - start > 1 && isShouted(text, start, end);
  const traits = hasDigit ? 0 : traitsOf(folded);
  return {
    start,
    end,
    folded,
    joint: before === 0 ? 'start' : readJoint(text, before, start, run.single),
    capital,
    shouted,
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
