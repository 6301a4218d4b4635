import type { Random } from './random.ts';

export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export type Country = 'uk' | 'us';

export const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
]; // prettier-ignore
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];
const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth'.split(
    ' ',
  );
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ONES =
  'oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );

export function drawDay(random: Random, from: number, years: number): CalendarDay {
  return { year: from + random.below(years), month: 1 + random.below(12), day: 1 + random.below(28) };
}

const two = (value: number): string => String(value).padStart(2, '0');

export function toIso({ year, month, day }: CalendarDay): string {
  return `${String(year)}-${two(month)}-${two(day)}`;
}

/** A day with its year, as people and machines write it. */
export function writeDate(date: CalendarDay, country: Country, random: Random): string {
  const { year, month, day } = date;
  const [first, second] = country === 'uk' ? [day, month] : [month, day];
  const name = MONTHS[month - 1] ?? '';
  const short = name.slice(0, 3);
  const whole = String(year);
  if (random.chance(0.03)) return speakDate(date, random);
  return random.pick([
    `${two(first)}/${two(second)}/${whole}`,
    `${String(first)}/${String(second)}/${two(year % 100)}`,
    `${two(first)}.${two(second)}.${whole}`,
    `${String(first)}.${String(second)}.${two(year % 100)}`,
    `${String(first)}-${String(second)}-${whole}`,
    `${two(first)} / ${two(second)} / ${whole}`,
    toIso(date),
    toIso(date).replaceAll('-', '/'),
    `${String(day)} ${name} ${whole}`,
    `${String(day)}${ordinal(day)} ${name} ${whole}`,
    `${String(day)}${ordinal(day)} of ${name} ${whole}`,
    `${name} ${String(day)}, ${whole}`,
    `${name} ${String(day)}${ordinal(day)}, ${whole}`,
    `${short} ${String(day)}${ordinal(day)} ${whole}`,
    `${two(day)} ${short} ’${two(year % 100)}`,
    `${two(day)}-${short}-${whole}`,
    `${two(day)}${short}${whole}`,
    `${String(day)} ${short}. ${whole}`,
  ]);
}

/** A day of this year, as people say it to each other. */
export function writeShortDate({ month, day }: CalendarDay, random: Random): string {
  const name = MONTHS[month - 1] ?? '';
  const nth = `${String(day)}${ordinal(day)}`;
  return random.pick([
    `${String(day)} ${name}`,
    `${nth} ${name}`,
    `the ${nth} of ${name}`,
    `${name} ${nth}`,
    `${name} the ${nth}`,
    `${random.pick(WEEKDAYS)} ${nth} ${name}`,
    `${random.pick(WEEKDAYS)}, ${name} ${String(day)}`,
    `${String(day)} ${name.slice(0, 3)}`,
    `${ORDINALS[day - 1] ?? ''} of ${name}`,
  ]);
}

/** “the third of april nineteen eighty-five”. */
export function speakDate({ year, month, day }: CalendarDay, random: Random): string {
  const name = MONTHS[month - 1] ?? '';
  const nth = ORDINALS[day - 1] ?? '';
  const spoken = random.chance(0.6) ? ` ${speakYear(year)}` : '';
  return random.pick([
    `${nth} of ${name}${spoken}`,
    `${name} the ${nth}${spoken}`,
    `${name} ${nth}${spoken}`,
  ]);
}

function speakYear(year: number): string {
  const rest = speakPair(year % 100);
  if (year >= 2000) return speakLateYear(year);
  return `nineteen ${year % 100 === 0 ? 'hundred' : rest}`;
}

function speakLateYear(year: number): string {
  return year < 2010 ? `two thousand and ${ONES[year % 10] ?? ''}` : `twenty ${speakPair(year % 100)}`;
}

function speakPair(value: number): string {
  if (value < 10) return `oh ${ONES[value] ?? ''}`;
  if (value < 20) return ONES[value] ?? '';
  const one = value % 10;
  return `${TENS[Math.floor(value / 10)] ?? ''}${one === 0 ? '' : `-${ONES[one] ?? ''}`}`;
}

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}
