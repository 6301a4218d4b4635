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

/** Dates in figures and in words; the year alone is none (45 CFR 164.514(b)(2)(i)(C) lets it stay). */
export function findDates({ lower }: View, tokens: readonly Token[]): Finding[] {
  const byMonth = findMonthDates(tokens);
  if (!/\d/u.test(lower)) return byMonth;
  const figures = [
    ...matchesOf(lower, DAY_FIRST).filter(([, a, , b]) => isDayAndMonth(Number(a), Number(b))),
    ...matchesOf(lower, YEAR_FIRST).filter(([, , month, day]) => isDayAndMonth(Number(day), Number(month))),
    ...matchesOf(lower, GREAT_AGE),
  ];
  return [
    ...byMonth,
    ...figures.map((match): Finding => ({
      start: match.index,
      end: match.index + match[0].length,
      kind: 'date',
      source: 'form',
    })),
  ];
}

/** In the order of either country. */
function isDayAndMonth(a: number, b: number): boolean {
  return a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31));
}
