/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
import { isOneSlipAway } from './edit-distance.ts';
import type { Finding } from './finding.ts';
import { fold, isOtherAlphabet, toSkeleton } from './fold.ts';
import { matchesOf } from './matches.ts';
import { listNicknames } from './nicknames.ts';
import { isOrdinaryWord } from './ordinary-words.ts';
import { plainDigits } from './plain-digits.ts';
import { readWords, type Word } from './words.ts';

/** What a record says of the people and places a text may be about. All optional, all as the record has them. */
export interface KnownPerson {
  /** Whole names: the patient's, relatives', carers', clinicians'. */
  readonly names?: readonly string[];
  /** ISO 8601 dates such as 1984-03-17; other spellings of them are found by form. */
  readonly dates?: readonly string[];
  /** Postal addresses, parts divided by commas or line breaks. */
  readonly addresses?: readonly string[];
  readonly emails?: readonly string[];
  /** Telephone, record and insurance numbers, however grouped. */
  readonly numbers?: readonly string[];
}

/** A record's identifiers made ready for searching; make it once and search many texts. */
export interface KnownIdentifiers {
  readonly exact: ReadonlySet<string>;
  readonly ordinary: ReadonlySet<string>;
  readonly fuzzy: readonly string[];
  readonly skeletons: ReadonlySet<string>;
  readonly initials: ReadonlySet<string>;
  readonly phrases: readonly (readonly string[])[];
  readonly digits: readonly string[];
}

const MIN_FUZZY = 5;
const MIN_DIGITS = 5;
const TITLES = new Set([
  'mr',
  'mrs',
  'ms',
  'miss',
  'mx',
  'dr',
  'prof',
  'sir',
  'the',
  'of',
  'and',
  'de',
  'van',
  'von',
  'al',
  'el',
  'bin',
  'da',
  'di',
  'la',
  'le',
]);

export function compileKnown(people: readonly KnownPerson[]): KnownIdentifiers {
  const names = people.flatMap(({ names: each = [] }) =>
    each.flatMap((name) => readWords(name.replaceAll('-', ' ')).map((word) => word.folded)),
  );
  const parts = new Set(names.filter((part) => part.length >= 2 && !TITLES.has(part)));
  const nicknames = [...parts].flatMap(listNicknames);
  const emails = people.flatMap(({ emails: each = [] }) =>
    each.map((email) => fold(email.split('@')[0] ?? '')),
  );
  const all = new Set([...parts, ...nicknames, ...emails.filter((local) => local.length >= 4)]);
  return {
    exact: new Set([...all].filter((part) => !isOrdinaryWord(part))),
    ordinary: new Set([...all].filter(isOrdinaryWord)),
    fuzzy: [...parts].filter((part) => part.length >= MIN_FUZZY),
    skeletons: new Set([...parts].map(toSkeleton).filter((skeleton) => skeleton.length >= 3)),
    initials: new Set([...parts].map((part) => part.slice(0, 1))),
    phrases: people.flatMap(({ addresses = [] }) => addresses.flatMap(readPhrases)),
    digits: [
      ...people.flatMap(({ numbers = [] }) => numbers.map((number) => number.replace(/\D/gu, ''))),
      ...people.flatMap(({ dates = [] }) => dates.flatMap(compactDates)),
    ].filter((digits) => digits.length >= MIN_DIGITS),
  };
}

const ABBREVIATIONS: Readonly<Record<string, string>> = {
  st: 'street',
  rd: 'road',
  ln: 'lane',
  ave: 'avenue',
  blvd: 'boulevard',
  cres: 'crescent',
  gdns: 'gardens',
  dr: 'drive',
  ct: 'court',
  pl: 'place',
  sq: 'square',
};

function readPhrases(address: string): string[][] {
  return address
    .split(/[,\n]/u)
    .map((line) => readWords(line).map((word) => ABBREVIATIONS[word.folded] ?? word.folded))
    .map((words) => words.filter((word) => !/\d/u.test(word)))
    .filter((words) => words.length > 0 && words.join('').length >= 3);
}

/** 17031984, 170384, 03171984, 19840317: dates that nobody would know for one by form. */
function compactDates(iso: string): string[] {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})/u.exec(iso) ?? [];
  if (year === '') return [];
  return [day + month + year, day + month + year.slice(2), month + day + year, year + month + day];
}

/** Whatever the record knows, however it is spelled: other case, accents, alphabets, a slip, nicknames, initials. */
export function findKnown(
  text: string,
  known: KnownIdentifiers,
  words: readonly Word[] = readWords(text),
): Finding[] {
  return [...findNames(text, words, known), ...findPhrases(words, known), ...findDigits(text, known)];
}

function findNames(text: string, words: readonly Word[], known: KnownIdentifiers): Finding[] {
  const sure = words.map((word) => isNamePart(word, known));
  return words.flatMap((word, at): Finding[] => {
    // “jovana bishop”: beside another part the word is the name in lower case too.
    const beside = known.ordinary.has(word.folded) && (sure[at - 1] === true || sure[at + 1] === true);
    if (sure[at] !== true && !beside) return [];
    const before = words[at - 1];
    const initial =
      before !== undefined &&
      before.folded.length === 1 &&
      known.initials.has(before.folded) &&
      /^\.?\s{0,2}$/u.test(text.slice(before.end, word.start));
    return [{ start: initial ? before.start : word.start, end: word.end, kind: 'person', source: 'record' }];
  });
}

/** The longest ending that pet forms put behind the beginning of a name: Bart-y, Magd-ie, Tun-o. */
const PET_ENDING = /(?:ie|y|o|ey)$/u;

function isNamePart({ folded, text, capital }: Word, known: KnownIdentifiers): boolean {
  if (known.exact.has(folded)) return true;
  // “will”, “rose”, “mark”: with a capital they are taken for the name even where they begin a sentence.
  if (known.ordinary.has(folded)) return capital;
  if (isOtherAlphabet(text)) return known.skeletons.has(toSkeleton(folded));
  if (folded.length < 3 || isOrdinaryWord(folded)) return false;
  const stem = folded.replace(PET_ENDING, '');
  return known.fuzzy.some(
    (part) =>
      (folded.length >= MIN_FUZZY - 1 && isOneSlipAway(folded, part)) ||
      (folded.length > part.length && folded.includes(part)) ||
      (stem.length >= 3 && part.startsWith(stem)),
  );
}

function findPhrases(words: readonly Word[], known: KnownIdentifiers): Finding[] {
  return known.phrases.flatMap((phrase) =>
    words.flatMap((first, at): Finding[] => {
      const run = words.slice(at, at + phrase.length);
      const matches = phrase.every((part, index) => {
        const word = run[index];
        return word !== undefined && (ABBREVIATIONS[word.folded] ?? word.folded) === part;
      });
      const last = run.at(-1);
      const certain = phrase.length > 1 || first.capital || !isOrdinaryWord(first.folded);
      return matches && certain && last !== undefined
        ? [{ start: first.start, end: last.end, kind: 'address', source: 'record' }]
        : [];
    }),
  );
}

const DIGIT = /\d/gu;
const DIGIT_RUN = /\d(?:[^\p{L}\d\n]{0,3}\d)+/gu;

/** Each known number in the digits of the text, whatever stands between them within one run. */
function findDigits(text: string, known: KnownIdentifiers): Finding[] {
  if (known.digits.length === 0) return [];
  const runs = matchesOf(plainDigits(text), DIGIT_RUN);
  return runs.flatMap((match) => {
    const places = matchesOf(match[0], DIGIT).map((digit) => match.index + digit.index);
    const digits = match[0].replace(/\D/gu, '');
    return known.digits.flatMap((number): Finding[] => {
      // A national number is known with its country's code as well: 07… and +44 7….
      const core = number.replace(/^(?:00|0)/u, '');
      const at = digits.indexOf(core);
      const first = places[Math.max(0, at)];
      const last = places[at + core.length - 1];
      return at < 0 || first === undefined || last === undefined
        ? []
        : [{ start: Math.min(match.index, first), end: last + 1, kind: 'number', source: 'record' }];
    });
  });
}
