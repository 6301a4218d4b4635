import type { AuditFilter } from '../api/queries.ts';

/** What the person chose; days are ISO dates in the browser's time zone, empty for "any". */
export interface AuditChoice {
  readonly from: string;
  readonly to: string;
  readonly action: string;
  /** Ids of the person who acted and of the patient concerned; empty for "any". */
  readonly actor: string;
  readonly patient: string;
  readonly decision: string;
}

export const ANY_CHOICE: AuditChoice = {
  from: '',
  to: '',
  action: '',
  actor: '',
  patient: '',
  decision: '',
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ACTION = /^[a-z.-]{1,80}$/;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DECISION = /^(?:permit|deny)$/;

/** Reads the choice back from the address; anything malformed counts as "any". */
export function readChoice(search: string): AuditChoice {
  const query = new URLSearchParams(search);
  const pick = (name: string, form: RegExp): string => {
    const value = query.get(name) ?? '';
    return form.test(value) ? value : '';
  };
  return {
    from: pick('from', DAY),
    to: pick('to', DAY),
    action: pick('action', ACTION),
    actor: pick('actor', ID),
    patient: pick('patient', ID),
    decision: pick('decision', DECISION),
  };
}

export function writeChoice(choice: AuditChoice): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(choice) as [string, string][])
    if (value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

export interface ChoiceFault {
  readonly field: keyof AuditChoice;
  readonly text: string;
}

/** What is wrong with it; nothing when it can be asked for. */
export function checkChoice(choice: AuditChoice): readonly ChoiceFault[] {
  const faults: ChoiceFault[] = [];
  if (choice.from !== '' && choice.to !== '' && choice.from > choice.to)
    faults.push({ field: 'from', text: 'The first day must not be after the last day' });
  for (const field of ['actor', 'patient'] as const)
    if (choice[field] !== '' && !ID.test(choice[field]))
      faults.push({
        field,
        text: `The ${field === 'actor' ? 'person' : 'patient'} id must be a whole id, as in an entry’s details`,
      });
  return faults;
}

/** The first moment of a day, or of a day so many days later, in the browser's time zone. */
function instantOf(day: string, daysLater: number): string | null {
  const date = new Date(`${day}T00:00:00`);
  if (day === '' || Number.isNaN(date.getTime())) return null;
  // By the calendar, not by 24 hours: a day on which the clocks change is shorter or longer.
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}

const orNull = (text: string): string | null => (text === '' ? null : text);

/** Whole days as instants; the engine takes `from` in and leaves `to` out, so `to` is the first moment of the day after. */
export function toFilter(choice: AuditChoice): AuditFilter {
  return {
    from: instantOf(choice.from, 0),
    to: instantOf(choice.to, 1),
    action: orNull(choice.action),
    actor: orNull(choice.actor),
    patient: orNull(choice.patient),
    decision: orNull(choice.decision),
  };
}
