/* eslint-disable security/detect-unsafe-regex -- each is anchored at the end and looks at no more than twice the longest placeholder */
import { scrub } from '@cordon/pan-scrubber';
import {
  findIdentifiers,
  LONGEST_PLACEHOLDER,
  Pseudonyms,
  type KnownIdentifiers,
} from '@cordon/phi-redaction';
import { clearPiece } from './clear-text.ts';
import { AiGatewayError } from './error.ts';
import { describePseudonyms } from './describe-pseudonyms.ts';
import { ESCAPED, listStrings, openEscapes } from './json-escapes.ts';
import { openLinkFilter } from './link-filter.ts';

/** An answer that arrives in pieces: what comes out was looked at, and its pseudonyms are turned back. */
export interface AnswerStream {
  /**
   * @returns as much of the answer as no later piece can change; at most the longest placeholder is held back
   * @throws {AiGatewayError} `ai-answer-refused`; nothing of the answer may be used from there on
   */
  readonly push: (piece: string) => string;
  /**
   * @param last the last piece, where it is known to be that: a whole answer is looked at once
   * @returns what was held back. The stream takes nothing after it.
   * @throws {AiGatewayError} as `push`
   */
  readonly finish: (last?: string) => string;
  /** What came out so far, with the kind of each detail in its place: fit to be kept. */
  readonly kept: () => string;
}

export interface AnswerRules {
  readonly known: KnownIdentifiers;
  readonly pseudonyms: Pseudonyms;
  /** Of the whole answer, in UTF-16 units. */
  readonly mostCharacters: number;
  /** `json` for the arguments of a tool: originals are escaped, and what stands behind escapes is looked at too. */
  readonly form: 'text' | 'json';
}

const escapeForJson = (original: string): string => JSON.stringify(original).slice(1, -1);

/** A model may know the day and what the law is called; these it can only have from somewhere else or have made up. */
const FOREIGN_KINDS = new Set(['phone', 'email', 'number', 'postcode', 'address']);
/** Text that went out, kept for what stands before an identifier: “ref no.”, a house's number. */
const CONTEXT = 48;

/** What may still become a placeholder, a number or an address of a mailbox: looked for at the end alone. */
const OPEN_PLACEHOLDER = /(?:\p{L}{4,8}[^\p{L}\p{N}]{0,3})?[\p{L}\p{N}]{0,8}$/u;
const OPEN_NUMBER = /[+(]?\p{Nd}[\p{Nd}\s().,/–-]*$/u;
/** The last word, with the one before it where that has letters and figures: half a postcode is held as well. */
const OPEN_WORD = /(?:(?<!\S)(?=\S*\p{L})\S*\p{Nd}\S*\s)?\S*$/u;

/**
 * Checks, then restores. The check looks at everything that is there, also at what is still held back, so an identifier is seen
 * before its first character leaves unless it is longer than what is held.
 */
export function openAnswerStream({ known, pseudonyms, mostCharacters, form }: AnswerRules): AnswerStream {
  const removeLinks = openLinkFilter();
  const escapes = form === 'json' ? openEscapes() : null;
  const write = form === 'json' ? escapeForJson : undefined;
  let context = '';
  let held = '';
  let total = 0;
  let kept = '';
  /** Arguments as they were looked at, before anything was turned back. */
  let whole = '';

  const requireOwn = (text: string, from: number, to: number): void => {
    const foreign = findIdentifiers(text, known).find(
      ({ kind, source, start, end }) =>
        start < to && end > from && (source === 'record' || FOREIGN_KINDS.has(kind)),
    );
    if (foreign !== undefined) throw new AiGatewayError('ai-answer-refused', foreign.kind);
  };

  const release = (text: string, at: number): string => {
    const ready = text.slice(0, at);
    held = text.slice(at);
    if (ready === '') return '';
    const { value } = scrub(ready);
    const looked = context + value;
    requireOwn(looked + held, context.length, looked.length);
    context = looked.slice(-CONTEXT);
    if (form === 'json') whole += value;
    else kept += describePseudonyms(pseudonyms, value);
    return pseudonyms.restore(value, write);
  };

  /** @returns what is held back, and the piece behind it */
  const take = (piece: string): string => {
    total += piece.length;
    if (total > mostCharacters) throw new AiGatewayError('ai-answer-refused', 'too long');
    return removeLinks(held, clearPiece(escapes === null ? piece : escapes.push(piece)));
  };

  return {
    push: (piece) => {
      const text = take(piece);
      return release(text, Pseudonyms.cutNear(text, passNumber(text, chooseCut(text))));
    },
    finish: (last = '') => {
      const text = (last === '' ? held : take(last)) + (escapes?.rest() ?? '');
      const out = release(text, text.length);
      if (escapes === null) return out;
      // A tool without parameters is called with nothing by some, which is no JSON.
      if (whole.trim() === '') return `${out}{}`;
      for (const text of listStrings(whole).filter((each) => ESCAPED.test(each))) {
        requireOwn(text, 0, text.length);
        if (scrub(text).value !== text) throw new AiGatewayError('ai-answer-refused', 'a card number');
      }
      return out;
    },
    kept: () => kept,
  };
}

/** A number that something stands behind is whole: it is let go in one piece, or a card's would be cut in two and not be known. */
const WHOLE_NUMBER = /\p{Nd}[\p{Nd}\s().,/–-]{0,40}\p{Nd}(?=[^\p{Nd}\s().,/–-])/gu;

function passNumber(text: string, cut: number): number {
  const from = Math.max(0, cut - 2 * LONGEST_PLACEHOLDER);
  for (const { 0: number, index } of text.slice(from, cut + 2 * LONGEST_PLACEHOLDER).matchAll(WHOLE_NUMBER)) {
    const end = from + index + number.length;
    if (from + index < cut && cut < end) return end;
  }
  return cut;
}

/** Never earlier than the longest placeholder from the end: what is longer than that is judged as it stands. */
function chooseCut(text: string): number {
  const from = Math.max(0, text.length - LONGEST_PLACEHOLDER);
  const tail = text.slice(from);
  const word = Math.min(
    OPEN_PLACEHOLDER.exec(tail)?.index ?? tail.length,
    OPEN_WORD.exec(tail)?.index ?? tail.length,
  );
  const wide = Math.max(0, text.length - 2 * LONGEST_PLACEHOLDER);
  const number = wide + (OPEN_NUMBER.exec(text.slice(wide))?.index ?? text.length);
  return Math.min(from + word, number < from ? text.length : number);
}
