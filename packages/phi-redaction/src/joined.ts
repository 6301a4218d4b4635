/* eslint-disable security/detect-possible-timing-attacks -- a token is a word of a text here, no secret */
import type { Finding } from './finding.ts';
import type { KnownPerson } from './known.ts';
import { MONTHS } from './number-words.ts';
import { readTokens, type Token } from './tokens.ts';
import { openView } from './view.ts';
import { TRAIT } from './word-traits.ts';

/** What a record knows, each written as one word, and every beginning of such a word. */
export interface JoinedForms {
  readonly whole: ReadonlySet<string>;
  readonly beginnings: ReadonlySet<string>;
  /** 1 for each first letter, and each two first letters, that any has. */
  readonly openings: Uint8Array;
}

/** Shorter ones come about where words meet by chance. */
const SHORTEST = 5;
const SHORTEST_SPELLED = 4;
const LONGEST = 80;
/** Signs that may stand between two parts: as many as a comment of HTML has, and a quotation that ends and begins again. */
const WIDEST_GAP = 12;
const MOST_PARTS = LONGEST;

/** @param names as they are searched for, nicknames among them */
export function joinForms(people: readonly KnownPerson[], names: Iterable<string>): JoinedForms {
  const forms = [
    ...names,
    ...people.flatMap(({ numbers = [] }) => numbers.flatMap(writeNumber)),
    ...people.flatMap(({ dates = [] }) => dates.flatMap(writeDate)),
    ...people.flatMap(({ addresses = [] }) => addresses.flatMap((address) => address.split(/[,\n]/u))),
    ...people.flatMap(({ emails = [] }) => emails.flatMap(writeEmail)),
  ].map(join);
  const whole = new Set(forms.filter((form) => form.length >= SHORTEST_SPELLED && form.length <= LONGEST));
  const beginnings = new Set<string>();
  for (const form of whole) for (let end = 1; end <= form.length; end += 1) beginnings.add(form.slice(0, end));
  const openings = new Uint8Array(128 * 128);
  for (const beginning of beginnings) if (beginning.length < 3) openings[openingOf(beginning)] = 1;
  return { whole, beginnings, openings };
} // prettier-ignore

const join = (text: string): string =>
  readTokens(openView(text))
    .tokens.map(({ folded }) => folded)
    .join('');

function writeNumber(number: string): string[] {
  const digits = number.replaceAll(/\D/gu, '');
  const core = digits.replace(/^(?:0044|44|0)/u, '');
  return core.length < 6 ? [] : [digits, core, `0${core}`, `44${core}`, `440${core}`, `0044${core}`];
}

function writeDate(iso: string): string[] {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})/u.exec(iso) ?? [];
  const name = [...MONTHS][Number(month) - 1];
  if (name === undefined) return [];
  const [m, d] = [String(Number(month)), String(Number(day))];
  return [year, year.slice(2)].flatMap((y) => [
    day + month + y, d + m + y, month + day + y, m + d + y, y + month + day,
    ...[day, d, toOrdinal(Number(day))].flatMap((each) => [name, name.slice(0, 3)].flatMap((word) => [each + word + y, word + each + y])),
  ]).filter((form) => form.length > SHORTEST); // prettier-ignore
}

function toOrdinal(day: number): string {
  const ending = /^(?:1|21|31)$/u.test(String(day)) ? 'st' : /^(?:2|22)$/u.test(String(day)) ? 'nd' : /^(?:3|23)$/u.test(String(day)) ? 'rd' : 'th';
  return `${day}${ending}`;
} // prettier-ignore

function writeEmail(email: string): string[] {
  const [local = '', host = ''] = email.toLowerCase().split('@');
  return [local, local + host, `${local} at ${host.replaceAll('.', ' dot ')}`];
}

const FIGURES: Readonly<Record<string, string>> = {
  zero: '0', oh: '0', o: '0', nought: '0', one: '1', two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9',
}; // prettier-ignore

const isFigure = ({ hasDigit, traits }: Token): boolean => hasDigit || (traits & TRAIT.spoken) !== 0;

/** “seven”, and the letters O and l where a keyboard has 0 and 1. */
function readFigures(word: string): string {
  const figure = FIGURES[word];
  if (figure !== undefined) return figure;
  return /^[\doil]*\d[\doil]*$/u.test(word) ? word.replaceAll('o', '0').replaceAll(/[il]/gu, '1') : word;
}

/**
 * Identifiers of the record that other signs divide: “07/700/900/123”, “LS6_3HN”, “Hollo way”, “one seven march one nine eight four”;
 * and words that are spelled out, whosever they are.
 */
export function findJoined(
  tokens: readonly Token[],
  forms: JoinedForms | undefined,
  taken: readonly Finding[],
): Finding[] {
  const found = [...findSpelled(tokens), ...(forms === undefined ? [] : findKnown(tokens, forms))];
  if (found.length === 0) return found;
  // What is found already word by word keeps a pseudonym for each.
  const isTaken = new Uint8Array(tokens.at(-1)?.end ?? 0);
  for (const { start, end } of taken) isTaken.fill(1, start, end);
  const open = tokens.filter(({ start }) => isTaken[start] !== 1);
  let next = 0;
  return found
    .toSorted((a, b) => a.start - b.start)
    .filter(({ start, end }) => {
      while ((open[next]?.start ?? end) < start) next += 1;
      return (open[next]?.start ?? end) < end;
    });
}

function findKnown(tokens: readonly Token[], forms: JoinedForms): Finding[] {
  const found: Finding[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const figure = isFigure(token);
    if (!figure && forms.openings[openingOf(token.folded)] !== 1) continue;
    const end =
      findEnd(tokens, at, forms, asWritten) ?? (figure ? findEnd(tokens, at, forms, readFigures) : undefined);
    if (end !== undefined) found.push({ start: token.start, end, kind: kindOf(token), source: 'record' });
  }
  return found;
}

const asWritten = (word: string): string => word;
/** A place for the first two letters: nearly all words end at it. */
const openingOf = (word: string): number =>
  (word.charCodeAt(0) & 127) * 128 + (word.length > 1 ? word.charCodeAt(1) & 127 : 0);

const kindOf = (token: Token): Finding['kind'] => (isFigure(token) ? 'number' : 'person');

/** Where the longest form that begins with a word ends. */
function findEnd(
  tokens: readonly Token[],
  from: number,
  { whole, beginnings }: JoinedForms,
  read: (word: string) => string,
): number | undefined {
  let joined = '';
  let end: number | undefined;
  for (let at = from; at < Math.min(tokens.length, from + MOST_PARTS); at += 1) {
    const token = tokens[at];
    if (token === undefined || (at > from && token.start - (tokens[at - 1]?.end ?? 0) > WIDEST_GAP)) break;
    joined += read(token.folded);
    if (!beginnings.has(joined)) break;
    const parts = at - from + 1;
    const enough = parts === joined.length ? SHORTEST_SPELLED : SHORTEST;
    // One word alone is for the rules about words, unless figures keep them from it.
    if (joined.length >= enough && (parts > 1 || token.hasDigit) && whole.has(joined)) end = token.end;
  }
  return end;
}

const FEWEST_SPELLED = 5;

/** “F_e_a_t_h_e_r”, “F, e, a, t, h, e, r”: single letters with the same signs between them, that are no alphabet. */
function findSpelled(tokens: readonly Token[]): Finding[] {
  const found: Finding[] = [];
  for (let from = 0; from < tokens.length; ) {
    let to = from + 1;
    if (!isLetter(tokens[from])) {
      from = to;
      continue;
    }
    const gap = gapAt(tokens, to);
    while (isLetter(tokens[to]) && gap <= WIDEST_GAP && gapAt(tokens, to) === gap) to += 1;
    const [first, last] = [tokens[from], tokens[to - 1]];
    const run = tokens.slice(from, to);
    if (first !== undefined && last !== undefined && run.length >= FEWEST_SPELLED && !isAlphabet(run))
      found.push({ start: first.start, end: last.end, kind: 'person', source: 'context' });
    from = to;
  }
  return found;
} // prettier-ignore

const isLetter = (token: Token | undefined): boolean => token?.folded.length === 1 && !token.hasDigit;
const gapAt = (tokens: readonly Token[], at: number): number =>
  (tokens[at]?.start ?? 0) - (tokens[at - 1]?.end ?? 0);
const isAlphabet = (run: readonly Token[]): boolean =>
  run.every(
    ({ folded }, at) => at === 0 || folded.charCodeAt(0) - (run[at - 1]?.folded.charCodeAt(0) ?? 0) <= 1,
  );
