import type { Profile } from '../api/types.ts';

const LOCALE = 'en-GB';

/** "1961-03-04" → "4 March 1961", whatever the time zone. Text that is no date of the calendar is returned as it is. */
export function sayDate(isoDate: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(isoDate) ? Date.parse(`${isoDate}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== isoDate) return isoDate;
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeZone: 'UTC' }).format(time);
}

/** Ten digits as "943 476 5919", the way NHS numbers are printed; other text is returned as it is. */
export function sayNhsNumber(value: string): string {
  const digits = value.replaceAll(/[ -]/g, '');
  return /^\d{10}$/.test(digits) ? `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}` : value;
}

/** Joins the halves of UK postcodes by a space that does not break, so that none is read as two lines of an address. */
export function keepPostcodes(address: string): string {
  return address.replaceAll(/\b([A-Z]{1,2}\d[A-Z\d]?) (\d[A-Z]{2})\b/gi, '$1\u{a0}$2');
}

/** Seconds as "1 minute 5 seconds". */
export function sayDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const parts = [
    minutes > 0 ? `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}` : '',
    rest > 0 || minutes === 0 ? `${rest} ${rest === 1 ? 'second' : 'seconds'}` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Says in words what the scrubber's mark stands for. */
export function sayRedactions(text: string): string {
  return text.replaceAll('[REDACTED-PAN]', '[card number removed]');
}

export interface RecordLine {
  readonly name: string;
  /** Null where nothing is on record. */
  readonly value: string | null;
}

export interface RecordGroup {
  readonly title: string;
  readonly lines: readonly RecordLine[];
}

function line(
  name: string,
  value: string | null,
  say: (text: string) => string = (text) => text,
): RecordLine {
  return { name, value: value === null || value.trim() === '' ? null : sayRedactions(say(value)) };
}

/** A profile as a patient reads it, in groups with a heading each. */
export function describeProfile(profile: Profile): readonly RecordGroup[] {
  return [
    {
      title: 'About you',
      lines: [
        line('Name', profile.fullName),
        line('Date of birth', profile.dateOfBirth, sayDate),
        line('NHS number', profile.nhsNumber, sayNhsNumber),
      ],
    },
    {
      title: 'How we reach you',
      lines: [
        line('Phone', profile.phone),
        line('Email', profile.email),
        line('Address', profile.address, keepPostcodes),
        line('In an emergency, we call', profile.emergencyContact),
      ],
    },
  ];
}
