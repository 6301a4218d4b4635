/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
import type { Finding } from './finding.ts';
import { ONES, ORDINALS, TENS } from './number-words.ts';
import type { Token } from './tokens.ts';
import { TRAIT } from './word-traits.ts';

const GLUED =
  /^(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}(?:\d{2}|\d{4})?$/u;

/** “17 March 1984”, “March 17th”, “the third of april nineteen eighty-five”, “03Apr1985”, “March 1984”. */
export function findMonthDates(tokens: readonly Token[]): Finding[] {
  const found: Finding[] = [];
  tokens.forEach((token, at) => {
    if (token.hasDigit) {
      if (token.end - token.start > 3 && GLUED.test(token.folded)) found.push(dateOf(token.start, token.end));
    } else if ((token.traits & TRAIT.month) !== 0) {
      const date = readMonthDate(tokens, token, at);
      if (date !== undefined) found.push(date);
    }
  });
  return found;
}

function readMonthDate(tokens: readonly Token[], month: Token, at: number): Finding | undefined {
  const first = readDayBefore(tokens, at);
  const day = first === undefined ? readDayBehind(tokens, at) : undefined;
  const year = readYear(tokens, (day ?? at) + 1, first !== undefined || day !== undefined);
  if (first === undefined && day === undefined && (year === undefined || !isFullYear(tokens[at + 1])))
    return undefined;
  if (day !== undefined && year === undefined && isVerb(tokens, at)) return undefined;
  const start = tokens[first ?? at]?.start ?? month.start;
  return dateOf(start, tokens[year ?? day ?? at]?.end ?? month.end);
}

const dateOf = (start: number, end: number): Finding => ({ start, end, kind: 'date', source: 'form' });

/** “may 2 fillings be done”, but not “monday, may 2”. */
function isVerb(tokens: readonly Token[], at: number): boolean {
  const [before, month, figure, behind] = [tokens[at - 1], tokens[at], tokens[at + 1], tokens[at + 2]];
  if (month?.folded !== 'may' || month.capital || !/^\d{1,2}$/u.test(figure?.folded ?? '')) return false;
  if (/^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/u.test(before?.folded ?? '')) return false;
  return behind?.joint === 'space' && !/^(?:at|or|and|please|pls|in|is|was|for)$/u.test(behind.folded);
}

const near = (token: Token): boolean =>
  token.joint !== 'line' && token.joint !== 'start' && token.joint !== 'stop';

function isDay({ folded }: Token): boolean {
  return /^(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?$/u.test(folded);
}

function readDayBefore(tokens: readonly Token[], at: number): number | undefined {
  const month = tokens[at];
  if (month === undefined || !near(month)) return undefined;
  let back = at - 1;
  for (const word of ['of', 'day', 'of'])
    if (tokens[back]?.folded === word || (word === 'day' && tokens[back]?.folded === 'in')) back -= 1;
  const day = tokens[back];
  const next = tokens[back + 1];
  if (day === undefined || next === undefined || !near(next)) return undefined;
  if (isDay(day)) return next.joint === 'comma' && back === at - 1 && !/\D/u.test(day.folded) ? undefined : back;
  if (!ORDINALS.has(day.folded)) return undefined;
  const tens = tokens[back - 1];
  return tens !== undefined && TENS.has(tens.folded) && (day.joint === 'hyphen' || day.joint === 'space') ? back - 1 : back;
} // prettier-ignore

function readDayBehind(tokens: readonly Token[], at: number): number | undefined {
  let ahead = at + 1;
  if (tokens[ahead]?.folded === 'the') ahead += 1;
  const [day, next] = [tokens[ahead], tokens[ahead + 1]];
  if (day === undefined || !near(day) || day.joint === 'comma') return undefined;
  if (isDay(day)) return ahead;
  if (ORDINALS.has(day.folded)) return ahead;
  return TENS.has(day.folded) && next !== undefined && ORDINALS.has(next.folded) ? ahead + 1 : undefined;
}

function isFullYear(token: Token | undefined): boolean {
  return token !== undefined && /^(?:18|19|20)\d{2}$/u.test(token.folded) && near(token);
}

/** @returns where the year ends: figures, two of them where a day was given, or words */
function readYear(tokens: readonly Token[], from: number, hasDay: boolean): number | undefined {
  const at = tokens[from]?.folded === 'of' ? from + 1 : from;
  const token = tokens[at];
  if (token === undefined || !near(token)) return undefined;
  if (isFullYear(token)) return at;
  if (!hasDay) return undefined;
  if (/^\d{2}$/u.test(token.folded)) return isUnit(tokens[at + 1]) ? undefined : at;
  return readSpokenYear(tokens, at);
}

function isUnit(token: Token | undefined): boolean {
  return token?.joint === 'space' && /^(?:mg|ml|mm|days?|weeks?|minutes?|mins?|am|pm|x|teeth|fillings?)$/u.test(token.folded);
} // prettier-ignore

/** “nineteen eighty-five”, “two thousand and nine”, “twenty twenty-four”. */
function readSpokenYear(tokens: readonly Token[], from: number): number | undefined {
  const [first, second] = [tokens[from], tokens[from + 1]];
  if (first === undefined || second === undefined) return undefined;
  const century = first.folded === 'nineteen' || first.folded === 'twenty' || first.folded === 'eighteen';
  const thousand = first.folded === 'two' && second.folded === 'thousand';
  if (!century && !thousand) return undefined;
  let at = from + 1;
  while (at + 1 < tokens.length && at - from < 4 && isYearWord(tokens[at + 1])) at += 1;
  return century && !isYearWord(second) ? undefined : at;
}

function isYearWord(token: Token | undefined): boolean {
  if (token === undefined || (token.joint !== 'space' && token.joint !== 'hyphen')) return false;
  return TENS.has(token.folded) || ONES.has(token.folded) || token.folded === 'and';
}
