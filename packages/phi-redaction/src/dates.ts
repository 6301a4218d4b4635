import type { Finding } from './finding.ts';
import { matchesOf } from './matches.ts';

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const YEAR = "(?:(?:18|19|20)\\d{2}|['’]?\\d{2}(?!\\d|\\s?(?:mg|ml|mm|days?|weeks?|am|pm)\\b))";
const FULL_YEAR = '(?:18|19|20)\\d{2}';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const ORDINAL = '(?:\\s?(?:st|nd|rd|th))';

const PATTERNS: readonly RegExp[] = [
  // 17/03/1984, 3-17-84, 17.03.1984, 1984-03-17, also with spaces round the strokes
  new RegExp(
    `(?<![\\d/.-])${DAY}\\s?([/.-])\\s?${DAY}\\s?\\1\\s?(?:${FULL_YEAR}|\\d{2})(?![\\d]|[/.-]\\d)`,
    'giu',
  ),
  new RegExp(`(?<![\\d/.-])${FULL_YEAR}\\s?([/.-])\\s?(?:0?[1-9]|1[0-2])\\s?\\1\\s?${DAY}(?!\\d)`, 'giu'),
  // 17 March 1984, 17th of Mar ’84, 17 March
  new RegExp(
    `(?<![\\d.,])${DAY}${ORDINAL}?(?:\\s|-|\\sof\\s|\\sday\\sof\\s)?${MONTH}(?![\\p{L}])(?:[\\s,-]{1,3}${YEAR}(?!\\d))?`,
    'giu',
  ),
  // March 17, 1984; March 17th
  new RegExp(
    `(?<![\\p{L}])${MONTH}[\\s-]{1,2}${DAY}(?!\\d)${ORDINAL}?(?:[\\s,-]{1,3}(?:${FULL_YEAR}|['’]\\d{2})(?!\\d))?`,
    'giu',
  ),
  // March 1984
  new RegExp(`(?<![\\p{L}])${MONTH}[\\s,-]{1,2}(?:of\\s)?${FULL_YEAR}(?!\\d)`, 'giu'),
];

/** “may 2 fillings be done”: the month that is a verb is a date only with a capital, an ordinal or a year. */
const VERB = /^may[\s-]+\d{1,2}$/u;

/** Ages over 89 are as telling as a date of birth: 45 CFR 164.514(b)(2)(i)(C). */
const GREAT_AGE =
  /(?<=\b(?:aged?|is|turned|turning)\s)(?:9\d|1[01]\d)(?!\d|\s?(?:%|mg|ml|mm|kg|cm|bpm|pounds|euros|minutes|days|weeks))|(?<!\d)(?:9\d|1[01]\d)(?=[\s-]?(?:years?[\s-]old|y\/o|yo\b))/giu;

/** Dates in figures and in words; the year alone is none (45 CFR 164.514(b)(2)(i)(C) lets it stay). */
export function findDates(text: string): Finding[] {
  const dates = PATTERNS.flatMap((pattern) => matchesOf(text, pattern));
  return [...dates.filter((match) => !VERB.test(match[0])), ...matchesOf(text, GREAT_AGE)].map((match) => ({
    start: match.index,
    end: match.index + match[0].trimEnd().length,
    kind: 'date',
    source: 'form',
  }));
}
