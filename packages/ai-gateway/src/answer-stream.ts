/* eslint-disable security/detect-unsafe-regex -- each is anchored at the end and looks at no more than twice the longest placeholder */
import { scrub } from '@cordon/pan-scrubber';
import {
  findIdentifiers,
  LONGEST_PLACEHOLDER,
  Pseudonyms,
  type KnownIdentifiers,
} from '@cordon/phi-redaction';
import { AiGatewayError } from './error.ts';
import { describePseudonyms } from './describe-pseudonyms.ts';
import { openLinkFilter } from './link-filter.ts';

/** An answer that arrives in pieces: what comes out was looked at, and its pseudonyms are turned back. */
export interface AnswerStream {
  /**
   * @returns as much of the answer as no later piece can change; at most the longest placeholder is held back
   * @throws {AiGatewayError} `ai-answer-refused`; nothing of the answer may be used from there on
   */
  readonly push: (piece: string) => string;
  /** @returns what was held back. The stream takes nothing after it. */
  readonly finish: () => string;
  /** What came out so far, with the kind of each detail in its place: fit to be kept. */
  readonly kept: () => string;
}

export interface AnswerRules {
  readonly known: KnownIdentifiers;
  readonly pseudonyms: Pseudonyms;
  /** Of the whole answer, in UTF-16 units. */
  readonly mostCharacters: number;
  /** How an original stands in the stream: as it is, or escaped for a JSON string. */
  readonly write?: (original: string) => string;
}

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
export function openAnswerStream({ known, pseudonyms, mostCharacters, write }: AnswerRules): AnswerStream {
  const removeLinks = openLinkFilter();
  let context = '';
  let held = '';
  let total = 0;
  let kept = '';

  const release = (text: string, at: number): string => {
    const ready = text.slice(0, at);
    held = text.slice(at);
    if (ready === '') return '';
    const { value } = scrub(ready);
    const looked = context + value;
    const foreign = findIdentifiers(looked + held, known).find(
      ({ kind, source, start, end }) =>
        start < looked.length && end > context.length && (source === 'record' || FOREIGN_KINDS.has(kind)),
    );
    if (foreign !== undefined) throw new AiGatewayError('ai-answer-refused', foreign.kind);
    context = looked.slice(-CONTEXT);
    kept += describePseudonyms(pseudonyms, value);
    return pseudonyms.restore(value, write);
  };

  return {
    push: (piece) => {
      total += piece.length;
      if (total > mostCharacters) throw new AiGatewayError('ai-answer-refused', 'too long');
      const text = removeLinks(held, piece);
      return release(text, Pseudonyms.cutNear(text, chooseCut(text)));
    },
    finish: () => {
      return release(held, held.length);
    },
    kept: () => kept,
  };
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
