import type { Finding } from './finding.ts';
import { isOtherAlphabet } from './fold.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { isOrdinaryWord } from './ordinary-words.ts';
import { readWords, type Word } from './words.ts';

const TITLE =
  /\b(?:mr|mrs|ms|miss|mx|dr|doctor|prof(?:essor)?|sir|lady|sister|nurse|master|father|rev|hygienist|dentist|surgeon|receptionist|consultant|therapist|orthodontist|endodontist)\.?\s+$/iu;
const TITLES = new Set([
  'mr',
  'mrs',
  'ms',
  'miss',
  'mx',
  'dr',
  'doctor',
  'prof',
  'professor',
  'sir',
  'rev',
  'nurse',
]);
const INTRODUCTION =
  /(?:\bmy\s(?:full\s|last\s|first\s|sur)?name(?:\sis|['’]s|:)|\bi\sam|\bi['’]m|\bim|\bthis\sis|\bit['’]s|\bits|\bcalled|\bnamed|\bname(?:\sis|:)|\bknown\sas|\bspoke\s(?:to|with)|\bspeaking\sto|\bask\sfor|\bsigned,?|\bregards,?|\bthanks,?|\bcheers,?|\blove,?|\byours\s\w+,?|\bsincerely,?|\b(?:hi|hello|hey|dear|good\smorning|good\safternoon)|\bpatient|\bpt\.?|\bre:|\bfrom:?|\bcc:?|\battn:?|\breferred\sby|\bseen\sby|\breviewed\sby|\btreated\sby|\bbooked\s(?:by|for|with)|\bappointment\s(?:for|with))[\s,:-]{1,3}$/iu;
const RELATION =
  /\b(?:husband|wife|partner|son|daughter|mum|mom|mother|dad|father|brother|sister|aunt|uncle|nan|gran|grandma|grandad|grandpa|grandson|granddaughter|niece|nephew|cousin|friend|carer|guardian|child|baby|boy|girl|twin|neighbour|neighbor|fianc[eé]e?|dentist|doctor|hygienist|nurse|surgeon|gp|colleague|boss)[,:]?\s(?:is\s|called\s|named\s)?$/iu;

/**
 * Names of people whom no record tells of: unknown words with a capital, and words that stand where a name stands. Ordinary
 * words are taken only behind a title, or beside a part that is surely a name.
 */
export function findPeople(text: string, words: readonly Word[] = readWords(text)): Finding[] {
  const sure = words.map((word, at) => isSurelyName(text, word, words[at - 1]));
  // A name's other parts: “Rose” of “Rose Okonkwo”, “Baker” of “Dr Priya Baker”.
  const grown = sure.map((is, at) => is || isBesideName(text, words, sure, at));
  return words.flatMap((word, at): Finding[] =>
    grown[at] === true ? [{ start: word.start, end: word.end, kind: 'person', source: 'context' }] : [],
  );
}

function isBesideName(text: string, words: readonly Word[], sure: readonly boolean[], at: number): boolean {
  const [before, word, after] = [words[at - 1], words[at], words[at + 1]];
  if (word === undefined || word.folded.length < 2) return false;
  const nameLike = word.capital || !isOrdinaryWord(word.folded);
  if (sure[at - 1] === true && nameLike && joins(text, before, word)) return true;
  const firstName = GIVEN_NAMES.has(word.folded) || !isOrdinaryWord(word.folded);
  return sure[at + 1] === true && word.capital && firstName && joins(text, word, after);
}

function isSurelyName(text: string, word: Word, before: Word | undefined): boolean {
  const { folded, capital } = word;
  if (folded.length < 2 || /\d/u.test(folded) || TITLES.has(folded)) return false;
  const unknown = !isOrdinaryWord(folded);
  // An everyday word in lower case is none, whatever stands around it: most words end here.
  if (!unknown && !capital) return false;
  if (isOtherAlphabet(word.text)) return capital && before !== undefined;
  const shouted = word.text.length > 1 && word.text === word.text.toUpperCase();
  if (unknown && GIVEN_NAMES.has(folded)) return true;
  const context = text.slice(Math.max(0, word.start - 60), word.start);
  if (TITLE.test(context)) return capital || unknown;
  if (INTRODUCTION.test(context) || RELATION.test(context))
    return unknown || (capital && GIVEN_NAMES.has(folded));
  if (!unknown) return capital && GIVEN_NAMES.has(folded) && !beginsSentence(text, word);
  return capital && !shouted;
}

function joins(text: string, first: Word | undefined, second: Word | undefined): boolean {
  return (
    first !== undefined &&
    second !== undefined &&
    /^[ \u00a0-]{1,2}$/u.test(text.slice(first.end, second.start))
  );
}

function beginsSentence(text: string, word: Word | undefined): boolean {
  return (
    word !== undefined &&
    /(?:^|[.!?:\n•*-]\s*)["“(]?$/u.test(text.slice(Math.max(0, word.start - 8), word.start))
  );
}
