/* eslint-disable security/detect-possible-timing-attacks -- a token is a word of a text here, no secret */
/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
import { isOneSlipAway } from './edit-distance.ts';
import type { Finding } from './finding.ts';
import { fold, toSkeleton } from './fold.ts';
import { joinForms, type JoinedForms } from './joined.ts';
import type { NameSearch } from './name-search.ts';
import { CONTEXT, readContext } from './name-context.ts';
import { matchesOf } from './matches.ts';
import { listNicknames } from './nicknames.ts';
import { PARTICLES, TITLES } from './people-context.ts';
import { expandStreetKind } from './street-kinds.ts';
import { readTokens, type Token } from './tokens.ts';
import { openView, type View } from './view.ts';
import { isOrdinaryWord, TRAIT } from './word-traits.ts';

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
  /** Parts of addresses, by their first word. */
  readonly phrases: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** Every word of them. */
  readonly addressWords: ReadonlySet<string>;
  /** Without the noughts before them: a national number is known with its country's code as well, 07… and +44 7…. */
  readonly digits: readonly string[];
  /** All of it as one word each: other signs may divide what is written. */
  readonly joined: JoinedForms;
}

const MIN_FUZZY = 4;
const MIN_DIGITS = 5;
const ZERO = 48;
const NINE = 57;

export function compileKnown(people: readonly KnownPerson[]): KnownIdentifiers {
  const names = people.flatMap(({ names: each = [] }) => each.flatMap(readParts));
  const parts = new Set(
    names.filter((part) => part.length >= 2 && !TITLES.has(part) && !PARTICLES.has(part)),
  );
  const nicknames = [...parts].flatMap(listNicknames);
  const emails = people.flatMap(({ emails: each = [] }) =>
    each.map((email) => fold(email.split('@')[0] ?? '')),
  );
  const all = new Set([...parts, ...nicknames, ...emails.filter((local) => local.length >= 4)]);
  const phrases = new Map<string, string[][]>();
  for (const phrase of people.flatMap(({ addresses = [] }) => addresses.flatMap(readPhrases))) {
    const [first = ''] = phrase;
    phrases.set(first, [...(phrases.get(first) ?? []), phrase]);
  }
  const rare = [...all].filter((part) => !isOrdinaryWord(part));
  return {
    exact: new Set(rare),
    joined: joinForms(people, rare),
    ordinary: new Set([...all].filter(isOrdinaryWord)),
    fuzzy: [...parts].filter((part) => part.length >= MIN_FUZZY),
    skeletons: new Set([...parts].map(toSkeleton).filter((skeleton) => skeleton.length >= 2)),
    phrases,
    addressWords: new Set([...phrases.values()].flat(2)),
    digits: [
      ...people.flatMap(({ numbers = [] }) => numbers.map((number) => number.replace(/\D/gu, ''))),
      ...people.flatMap(({ dates = [] }) => dates.flatMap(compactDates)),
    ]
      .filter((digits) => digits.length >= MIN_DIGITS)
      .map((digits) => digits.replace(/^00?/u, '')),
  };
}

function readParts(name: string): string[] {
  return readTokens(openView(name)).tokens.map(({ folded }) => folded);
}

/** Lines of an address without what has figures: the house’s number is found beside its street. */
function readPhrases(address: string): string[][] {
  return address
    .split(/[,\n]/u)
    .map((line) =>
      readTokens(openView(line))
        .tokens.filter(({ hasDigit }) => !hasDigit)
        .map(({ folded }) => expandStreetKind(folded)),
    )
    .filter((words) => words.join('').length >= 3);
}

/** 17031984, 170384, 03171984, 19840317: dates that nobody would know for one by form. */
function compactDates(iso: string): string[] {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})/u.exec(iso) ?? [];
  if (year === '') return [];
  return [day + month + year, day + month + year.slice(2), month + day + year, year + month + day];
}

/** The longest ending that pet forms put behind the beginning of a name: Bart-y, Magd-ie, Tun-o. */
const PET_ENDING = /(?:ie|y|o|ey)$/u;

/** Whether a word is part of a name of the record, however it is spelled: other case, accents, alphabets, a slip, nicknames. */
export function isKnownName(search: NameSearch, known: KnownIdentifiers, at: number): boolean {
  const token = search.tokens[at];
  if (token === undefined) return false;
  const { folded } = token;
  if (known.exact.has(folded)) return true;
  if (known.ordinary.has(folded)) return isTheName(search, known, token, at);
  if (token.foreign) return known.skeletons.has(toSkeleton(folded));
  if (folded.length < 3 || token.ordinary) return false;
  const stem = folded.replace(PET_ENDING, '');
  return known.fuzzy.some(
    (part) =>
      (folded.length + 1 >= part.length && isOneSlipAway(folded, part)) ||
      (part.length > 4 && folded.length > part.length && folded.includes(part)) ||
      (stem.length >= 3 && part.startsWith(stem)),
  );
}

const FIGURES: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' };

/** “H0ll0way”, “holloway1985”: a name with figures for letters, or behind it. */
export function hidesKnownName(known: KnownIdentifiers, folded: string): boolean {
  if (folded.length < 4 || folded.length > 60 || !/[a-z]{3}|[a-z]\d[a-z]/u.test(folded)) return false;
  const letters = folded.replaceAll(/^\d+|\d+$/gu, '');
  const read = folded.replace(/\d/gu, (figure) => FIGURES[figure] ?? figure);
  return (
    (letters.length > 2 && known.exact.has(letters)) ||
    known.exact.has(read) ||
    known.exact.has(read.replaceAll('i', 'l')) ||
    known.fuzzy.some((part) => part.length > 4 && letters.includes(part))
  );
}

/** “will”, “rose”, “mark”: a name with a capital, also where they begin a sentence; in lower case beside another part of it. */
function isTheName(search: NameSearch, known: KnownIdentifiers, token: Token, at: number): boolean {
  if (search.letters === 'mixed' && token.capital) return true;
  if (search.letters !== 'mixed' && (token.traits & TRAIT.common) === 0) return true;
  if (readContext(search.tokens, at) >= CONTEXT.strong) return true;
  return [search.tokens[at - 1], search.tokens[at + 1]].some(
    (beside) => beside !== undefined && known.exact.has(beside.folded),
  );
}

/** Parts of the record’s addresses, with abbreviated kinds of streets, and the house’s number before them. */
export function findPhrases(tokens: readonly Token[], { phrases }: KnownIdentifiers): Finding[] {
  const found: Finding[] = [];
  if (phrases.size === 0) return found;
  tokens.forEach((first, at) => {
    const phrase = phrases
      .get((first.traits & TRAIT.street) === 0 ? first.folded : expandStreetKind(first.folded))
      ?.find((each) => each.every((part, index) => isPart(tokens[at + index], part)));
    const last = tokens[at + (phrase?.length ?? 0) - 1];
    if (phrase === undefined || last === undefined) return;
    if (phrase.length === 1 && !first.capital && first.ordinary) return;
    const before = tokens[at - 1];
    const house = phrase.length > 1 && before?.hasDigit === true && first.joint === 'space';
    found.push({
      start: house ? before.start : first.start,
      end: last.end,
      kind: 'address',
      source: 'record',
    });
  });
  return found;
}

function isPart(token: Token | undefined, part: string): boolean {
  if (token === undefined) return false;
  const word = expandStreetKind(token.folded);
  return word === part || (part.length > 4 && !token.ordinary && isOneSlipAway(word, part));
}

/** Digits with what people put between them. */
const DIGITS_APART = /\d(?:[^A-Za-z\d\n]{0,3}\n?\d)+/g;

/** Each known number in the digits of the text, whatever stands between them within one run. */
export function findDigits({ text }: View, known: KnownIdentifiers): Finding[] {
  const found: Finding[] = [];
  if (known.digits.length === 0) return found;
  for (const { 0: run, index } of matchesOf(text, DIGITS_APART)) {
    const digits = run.replace(/\D/gu, '');
    if (digits.length < MIN_DIGITS) continue;
    for (const number of known.digits) {
      const at = digits.indexOf(number);
      if (at < 0) continue;
      const last = placeOfDigit(run, digits.lastIndexOf(number) + number.length - 1);
      found.push({ start: index, end: index + last + 1, kind: 'number', source: 'record' });
    }
  }
  return found;
}

function placeOfDigit(run: string, nth: number): number {
  let left = nth;
  for (let at = 0; at < run.length; at += 1) {
    const code = run.charCodeAt(at);
    if (code >= ZERO && code <= NINE && left-- === 0) return at;
  }
  return run.length - 1;
}
