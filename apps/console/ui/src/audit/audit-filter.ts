import type { AuditFilter } from '../api/queries.ts';

/** What the person chose; days are ISO dates in the browser's time zone, empty for "any". */
export interface AuditChoice {
  readonly from: string;
  readonly to: string;
  readonly action: string;
}

export const ANY_CHOICE: AuditChoice = { from: '', to: '', action: '' };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ACTION = /^[a-z.-]{1,80}$/;

/** Reads the choice back from the address; anything malformed counts as "any". */
export function readChoice(search: string): AuditChoice {
  const query = new URLSearchParams(search);
  const pick = (name: string, form: RegExp): string => {
    const value = query.get(name) ?? '';
    return form.test(value) ? value : '';
  };
  return { from: pick('from', DAY), to: pick('to', DAY), action: pick('action', ACTION) };
}

export function writeChoice(choice: AuditChoice): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(choice) as [string, string][])
    if (value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** What is wrong with the range; null when it can be asked for. */
export function checkChoice(choice: AuditChoice): string | null {
  return choice.from !== '' && choice.to !== '' && choice.from > choice.to
    ? 'The first day must not be after the last day'
    : null;
}

/** The first moment of a day, or of a day so many days later, in the browser's time zone. */
function instantOf(day: string, daysLater: number): string | null {
  const date = new Date(`${day}T00:00:00`);
  if (day === '' || Number.isNaN(date.getTime())) return null;
  // By the calendar, not by 24 hours: a day on which the clocks change is shorter or longer.
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}

/** Whole days as instants; the engine takes `from` in and leaves `to` out, so `to` is the first moment of the day after. */
export function toFilter(choice: AuditChoice): AuditFilter {
  return {
    from: instantOf(choice.from, 0),
    to: instantOf(choice.to, 1),
    action: choice.action === '' ? null : choice.action,
  };
}
