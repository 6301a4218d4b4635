import type { Finding } from './finding.ts';
import { matchesOf } from './matches.ts';
import { findMonthDates } from './month-dates.ts';
import type { Token } from './tokens.ts';
import type { View } from './view.ts';

// 17/03/1984, 3-17-84, 17.03.1984, also with spaces round the strokes
const DAY_FIRST =
  /(?<![\d/.-])(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(?:(?:18|19|20)\d{2}|['’]?\d{2})(?!\d|[/.-]\d)/g;
const YEAR_FIRST = /(?<![\d/.-])(?:18|19|20)\d{2} ?([/.-]) ?(\d{1,2}) ?\1 ?(\d{1,2})(?!\d)/g;

/** Ages over 89 are as telling as a date of birth: 45 CFR 164.514(b)(2)(i)(C). */
const GREAT_AGE =
  /(?<=\b(?:aged?|is|was|am|im|i'm|are|turned|turning|turns|be) )(?:9\d|1[01]\d)(?!\d|[.,:/]\d| ?(?:%|mg|mcg|ml|mm|kg|cm|bpm|pounds|quid|euros|dollars|minutes|mins|days|weeks|hours|percent))|(?<![\d.,/-])(?:9\d|1[01]\d)(?=[ -]?(?:years?[ -]old|yrs?[ -]old|y\/o|yo\b|y\.o|year))/g;

const GREAT_NUMBER = /9\d|1[01]\d/;
const STROKE = /\d ?[/.-] ?\d/;

/** Dates in figures and in words; the year alone is none (45 CFR 164.514(b)(2)(i)(C) lets it stay). */
export function findDates({ lower }: View, tokens: readonly Token[], hasDigit: boolean): Finding[] {
  const found = findMonthDates(tokens);
  if (!hasDigit) return found;
  const add = (match: RegExpExecArray): void => {
    found.push({ start: match.index, end: match.index + match[0].length, kind: 'date', source: 'form' });
  };
  if (STROKE.test(lower)) {
    for (const match of matchesOf(lower, DAY_FIRST)) if (isDayAndMonth(Number(match[1]), Number(match[3]))) add(match);
    for (const match of matchesOf(lower, YEAR_FIRST)) if (isDayAndMonth(Number(match[3]), Number(match[2]))) add(match);
  }
  if (GREAT_NUMBER.test(lower)) matchesOf(lower, GREAT_AGE).forEach(add);
  return found;
} // prettier-ignore

/** In the order of either country. */
function isDayAndMonth(a: number, b: number): boolean {
  return a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31));
}
