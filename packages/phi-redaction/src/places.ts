/* eslint-disable security/detect-unsafe-regex, security/detect-non-literal-regexp -- built of constants; every repetition is bounded, and growth.test.ts holds the time to the length */
import type { Finding } from './finding.ts';
import { matchesOf } from './matches.ts';
import { isOrdinaryWord } from './ordinary-words.ts';
import { fold } from './fold.ts';

// Outward and inward code after BS 7666; people leave the space out, double it, or write lower case.
const UK_POSTCODE =
  /(?<![\p{L}\p{N}])(?:GIR\s?0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRV-Y])\s{0,2}[0-9][ABD-HJLNP-UW-Z]{2})(?![\p{L}\p{N}])/giu;
const ZIP_PLUS_FOUR = /(?<![\d-])\d{5}-\d{4}(?![\d-])/g;
const STATE =
  'A[LKSZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]';
// “or 07980 …” and “in 12345” are no Oregon and no Indiana: in lower case the states that are words do not count.
const LOWER_STATE = STATE.toLowerCase()
  .replace('o[hkr]', 'oh')
  .replace('i[dlna]', 'i[la]')
  .replace('m[edainsot]', 'm[dinsot]')
  .replace('hi|', '');
const STATE_AND_ZIP = new RegExp(
  `(?<!\\p{L})(?:${STATE}|${LOWER_STATE})[\\s,]{1,3}\\d{5}(?![\\s-]?\\d)`,
  'gu',
);
const LABELLED_ZIP = /(?<=\bzip(?:\s?code)?(?:\sis|:)?\s)\d{5}(?!\d)/giu;

const STREET =
  'street|st|road|rd|lane|ln|avenue|ave|boulevard|blvd|crescent|cres|terrace|gardens|gdns|grove|drive|dr|close|way|court|ct|place|pl|square|sq|hill|park|mews|row|walk|parade|highway|parkway|pkwy|rise|green|view';
const ADDRESS = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?:flat|apt\\.?|apartment|unit|suite)\\s?\\w{1,5},?\\s)?\\d{1,5}[a-z]?,?\\s((?:\\p{L}[\\p{L}'’.-]*\\s){1,4}?)(?:${STREET})(?![\\p{L}])\\.?(?:,?\\s(?:flat|apt\\.?|apartment|unit|suite|#)\\s?\\w{1,5})?`,
  'giu',
);
const PO_BOX = /\bp\.?\s?o\.?\s?box\s\d{1,6}/giu;

function all(text: string, pattern: RegExp, kind: 'postcode' | 'address'): Finding[] {
  return matchesOf(text, pattern).map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    kind,
    source: 'form',
  }));
}

/** “2 teeth close”, “3 days this way”: between the house's number and the kind of street stands a name, not everyday words. */
function namesStreet(match: RegExpMatchArray): boolean {
  const words = (match[1] ?? '').trim().split(/\s/u);
  if (words.every((word) => /^\p{Lu}/u.test(word))) return true;
  return !words.every((word) => SMALL_WORDS.has(fold(word)) || /s$/iu.test(word)) && !words.some(isTooCommon);
}

const SMALL_WORDS = new Set([
  'the',
  'a',
  'an',
  'of',
  'on',
  'in',
  'at',
  'to',
  'my',
  'your',
  'her',
  'his',
  'their',
  'this',
  'that',
  'is',
  'was',
  'are',
  'and',
  'or',
  'by',
  'for',
  'per',
  'with',
  'from',
  'mg',
  'ml',
  'mm',
  'cm',
  'tooth',
  'teeth',
  'day',
  'week',
  'month',
  'year',
  'hour',
  'minute',
  'time',
  'pm',
  'am',
  'more',
  'too',
  'very',
  'so',
  'all',
]);

function isTooCommon(word: string): boolean {
  return (
    SMALL_WORDS.has(fold(word)) && isOrdinaryWord(fold(word)) && fold(word) !== 'the' && fold(word) !== 'of'
  );
}

/** Postcodes, zip codes, streets with a house's number, post-office boxes. */
export function findPlaces(text: string): Finding[] {
  const streets = matchesOf(text, ADDRESS).filter(namesStreet);
  return [
    ...[UK_POSTCODE, ZIP_PLUS_FOUR, STATE_AND_ZIP, LABELLED_ZIP].flatMap((each) =>
      all(text, each, 'postcode'),
    ),
    ...all(text, PO_BOX, 'address'),
    ...streets.map((match): Finding => ({
      start: match.index,
      end: match.index + match[0].length,
      kind: 'address',
      source: 'form',
    })),
  ];
}
