/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
import { LONGEST_PLACEHOLDER, Pseudonyms } from './pseudonyms.ts';

/** Turns pseudonyms back in a text that arrives in pieces. */
export interface RestoreStream {
  /** @returns as much of the text as no longer can become part of a pseudonym */
  readonly push: (piece: string) => string;
  /** @returns what was held back */
  readonly finish: () => string;
}

/** What may still become a placeholder: a word at the end of the text, and one before it with a joint between. */
const OPEN_END = /(?:[\p{L}]{4,8}[^\p{L}\p{N}]{0,3})?[\p{L}\p{N}]{0,8}$/u;

/**
 * Holds back no more than the longest placeholder, and nothing while the text ends with what cannot be one.
 * @param write how an original stands in the stream: as it is, or escaped for a JSON string
 */
export function openRestoreStream(
  pseudonyms: Pseudonyms,
  write?: (original: string) => string,
): RestoreStream {
  let held = '';
  return {
    push: (piece) => {
      const text = held + piece;
      const open = OPEN_END.exec(text)?.index ?? text.length;
      const at = Pseudonyms.cutNear(text, Math.max(open, text.length - LONGEST_PLACEHOLDER));
      held = text.slice(at);
      return pseudonyms.restore(text.slice(0, at), write);
    },
    finish: () => {
      const rest = pseudonyms.restore(held, write);
      held = '';
      return rest;
    },
  };
}
