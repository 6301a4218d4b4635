import type { KnownIdentifiers } from './known.ts';
import { isSlipOfOrdinaryWord } from './ordinary-slips.ts';
import type { Token } from './tokens.ts';
import type { View } from './view.ts';

/** How a text uses capitals: where it does not, they say nothing. */
export type Letters = 'mixed' | 'lower' | 'upper';

export interface NameSearch {
  readonly view: View;
  readonly tokens: readonly Token[];
  readonly letters: Letters;
  /** Half or more of the words are in another alphabet: the text is in another language. */
  readonly inOtherAlphabet: boolean;
  readonly known: KnownIdentifiers | undefined;
  /** Looks-up are dear: beyond these an unknown word is taken for a name. */
  slipsLeft: number;
}

export const MOST_SLIPS = 64;

/** Whether a word is taken for a slip of the hand in an ordinary one. */
export function isSlip(search: NameSearch, { folded, accented }: Token): boolean {
  if (accented || folded.length < 5 || search.slipsLeft <= 0) return false;
  search.slipsLeft -= 1;
  return isSlipOfOrdinaryWord(folded);
}
