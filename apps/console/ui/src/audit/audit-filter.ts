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

function instantOf(day: string, time: string): string | null {
  const date = new Date(`${day}T${time}`);
  return day === '' || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Whole days as instants: from the first moment of the first day to the last millisecond of the last. */
export function toFilter(choice: AuditChoice): AuditFilter {
  return {
    from: instantOf(choice.from, '00:00:00.000'),
    to: instantOf(choice.to, '23:59:59.999'),
    action: choice.action === '' ? null : choice.action,
  };
}
