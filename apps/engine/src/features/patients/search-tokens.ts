import { blindToken } from '@cordon/field-encryption';
import type { NewPatient } from './insert-patient.ts';

/** Case, accents and punctuation do not tell one name from another. */
function words(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 0);
}

const compact = (text: string): string => words(text).join('');

/** The blind tokens under which a patient can be found; each value of each column once. */
export function searchTokens(key: Buffer, profile: NewPatient['profile']): Buffer[] {
  const { fullName, dateOfBirth, phone, email, nhsNumber } = profile;
  const values: [column: string, value: string | undefined][] = [
    ...[...new Set(words(fullName))].map((word): [string, string] => ['name-word', word]),
    ['name-whole', compact(fullName)],
    ['date-of-birth', dateOfBirth],
    ['phone', phone === undefined ? undefined : compact(phone)],
    ['email', email?.trim().toLowerCase()],
    ['nhs-number', nhsNumber === undefined ? undefined : compact(nhsNumber)],
  ];
  return values.flatMap(([column, value]) =>
    value === undefined || value === '' ? [] : [blindToken(key, column, value)],
  );
}
