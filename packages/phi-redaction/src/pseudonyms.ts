import { mergeFindings, type Finding, type IdentifierKind } from './finding.ts';
import { holdsRun, tableOf } from './holds-run.ts';
import { matchesOf } from './matches.ts';
import { PhiRedactionError } from './error.ts';

/** Consonants only: no code spells a word, and none is read as another after a change of case. */
const LETTERS = 'bcdfghjkmnpqrstvwxz';
const CODE_LENGTH = 8;
/** A number takes so many bytes as they are: 16,000 times as many values as there are codes. */
const WHOLE_BYTES = 6;
const MAX_PSEUDONYMS = 10_000;

/**
 * A kind's name, what a model may make of the joint, and a code. The code alone counts too: models drop the first word. Letters of
 * other alphabets may touch it, for not all of them part words.
 */
const PLACEHOLDER = new RegExp(
  `(?:(?:person|date|phone|email|address|postcode|number|link)[^\\p{L}\\p{N}]{1,3})?(?<![\\p{Script=Latin}\\p{N}])([${LETTERS}]{${CODE_LENGTH}})(?![\\p{Script=Latin}\\p{N}])`,
  'giu',
);
/** The letters of a code in either case; the long s and the sign for kelvin are others of their letters. */
const OF_CODE = tableOf(`${LETTERS}${LETTERS.toUpperCase()}\u017f\u212a`);
/** Hardly any word has so many consonants in a row. */
const mayHoldCode = (text: string): boolean => holdsRun(text, OF_CODE, CODE_LENGTH);
/** What would make another word of a code that it stands behind. */
const GLUED = /[\p{Script=Latin}\p{N}]+/uy;

/** The longest form in which a placeholder is still known: a stream need hold back no more. */
export const LONGEST_PLACEHOLDER = 'postcode'.length + 3 + CODE_LENGTH;

/**
 * Bytes, the same for the same words within a conversation and unlike those of any other: an HMAC under a key that was drawn for
 * the conversation. At least sixteen of them.
 */
export type DerivePseudonym = (words: string) => Uint8Array;

/**
 * The pseudonyms of one conversation. All codes have one length and end at a word's end, so none is the beginning of another. What
 * looks like a pseudonym in a text that comes in gets one itself, so nobody can ask for another's.
 */
export class Pseudonyms {
  readonly #derive: DerivePseudonym;
  readonly #originals = new Map<string, string>();
  readonly #codes = new Map<string, string>();

  constructor(derive: DerivePseudonym) {
    this.#derive = derive;
  }

  /**
   * Puts pseudonyms in the place of findings, and of whatever has their form. Letters and figures that a finding ends in the middle
   * of go with it, and so does a finding that begins where it ends: its pseudonym would not be one word any more.
   * @param findings sorted, without overlap, as `mergeFindings` gives them
   * @throws {PhiRedactionError} `too-many-pseudonyms` beyond 10,000 in a conversation
   */
  replace(text: string, findings: readonly Finding[]): string {
    const alike = findPlaceholders(text).map(({ 0: found, index }): Finding => ({
      start: index,
      end: index + found.length,
      kind: 'number',
      source: 'form',
    }));
    const marks = alike.length === 0 ? findings : mergeFindings([...findings, ...alike]);
    const parts: string[] = [];
    let from = 0;
    for (const { start, end, kind } of joinGlued(text, marks)) {
      parts.push(text.slice(from, start), this.#nameFor(kind, text.slice(start, end)));
      from = end;
    }
    parts.push(text.slice(from));
    return parts.join('');
  }

  /** Turns pseudonyms back, whatever case and joint a model gave them. What it made up stays as it is. */
  restore(text: string, write: (original: string) => string = (original) => original): string {
    if (!mayHoldCode(text)) return text;
    return text.replace(PLACEHOLDER, (placeholder: string, code: string) => {
      const original = this.#originals.get(code.toLowerCase());
      return original === undefined ? placeholder : write(original);
    });
  }

  /**
   * Where a text that goes on may be cut near a place, so that no pseudonym is torn: behind one that is whole, before one
   * that may still grow.
   */
  static cutNear(text: string, place: number): number {
    for (const match of findPlaceholders(text)) {
      const end = match.index + match[0].length;
      if (match.index < place && place < end) return end < text.length ? end : match.index;
    }
    return place;
  }

  #nameFor(kind: IdentifierKind, original: string): string {
    const known = this.#codes.get(`${kind} ${original}`);
    if (known !== undefined) return `${kind}-${known}`;
    if (this.#codes.size >= MAX_PSEUDONYMS) throw new PhiRedactionError('too-many-pseudonyms');
    for (let attempt = 0; ; attempt += 1) {
      const code = this.#spell(this.#derive(`${attempt} ${kind} ${original}`));
      if (this.#originals.has(code)) continue;
      this.#originals.set(code, original);
      this.#codes.set(`${kind} ${original}`, code);
      return `${kind}-${code}`;
    }
  }

  #spell(bytes: Uint8Array): string {
    let value = 0;
    for (const byte of bytes.subarray(0, WHOLE_BYTES)) value = value * 256 + byte;
    let code = '';
    while (code.length < CODE_LENGTH) {
      code += LETTERS[value % LETTERS.length] ?? '';
      value = Math.floor(value / LETTERS.length);
    }
    return code;
  }
}

const findPlaceholders = (text: string): RegExpExecArray[] =>
  mayHoldCode(text) ? matchesOf(text, PLACEHOLDER) : [];

function joinGlued(text: string, marks: readonly Finding[]): Finding[] {
  const joined: Finding[] = [];
  for (const mark of marks) {
    const last = joined.at(-1);
    if (last === undefined || mark.start > last.end) joined.push({ ...mark, end: passGlued(text, mark.end) });
    else if (mark.end > last.end) joined[joined.length - 1] = { ...last, end: passGlued(text, mark.end) };
  }
  return joined;
}

function passGlued(text: string, end: number): number {
  GLUED.lastIndex = end;
  return end + (GLUED.exec(text)?.[0].length ?? 0);
}
