/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
import { fold } from './fold.ts';
import { matchesOf } from './matches.ts';

export interface Word {
  /** Half-open range of UTF-16 code units in the text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly folded: string;
  /** Begins with a capital letter. */
  readonly capital: boolean;
}

// Invisible characters may stand inside: they are not what ends a word.
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}\p{Cf}]*(?:['’ʼ][\p{L}\p{M}]+)*/gu;
const POSSESSIVE = /['’ʼ]s$/iu;

/** The words of a text, a possessive ending left out of each. */
export function readWords(text: string): Word[] {
  return matchesOf(text, WORD).map((match) => {
    const bare = match[0].replace(POSSESSIVE, '');
    return {
      start: match.index,
      end: match.index + bare.length,
      text: bare,
      folded: fold(bare),
      capital: /^\p{Lu}/u.test(bare),
    };
  });
}
