import { formatDate, formatNhsNumber, keepPostcodes } from '@cordon/clinic-page';
import type { Profile } from '../api/types.ts';

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
        line('Date of birth', profile.dateOfBirth, formatDate),
        line('NHS number', profile.nhsNumber, formatNhsNumber),
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
