import type { FieldReason } from '@cordon/clinic-page';

const FIELD_NAMES: ReadonlyMap<string, string> = new Map([
  ['fullName', 'Full name'],
  ['dateOfBirth', 'Date of birth'],
  ['address', 'Address'],
  ['postcode', 'Postcode'],
  ['phone', 'Phone'],
  ['email', 'Email'],
  ['nhsNumber', 'NHS number'],
  ['emergencyContact', 'Emergency contact'],
  ['allergies', 'Allergies'],
  ['medication', 'Medication'],
  ['medicalHistory', 'Medical history'],
  ['reasonForVisit', 'Reason for visit'],
  ['notes', 'Notes'],
  ['clinicId', 'Clinic'],
  ['form', 'The file'],
  ['message', 'Message'],
  ['urgency', 'Urgency'],
]);

const REASONS: ReadonlyMap<string, string> = new Map([
  ['missing', 'Nothing could be read here, and it must be filled in.'],
  ['low-confidence', 'The writing could not be read with confidence. Compare it with the form.'],
  ['card-number', 'A card number stood here. It was removed, and nothing else was left in the field.'],
  ['card-number-removed', 'A card number was taken out of this field. Check that the rest of it is right.'],
  ['too-long', 'It is longer than this field can hold.'],
  ['not-allowed-characters', 'It holds characters that cannot stand in this field.'],
  ['not-a-name', 'It does not read as a person’s name.'],
  ['not-a-date', 'It is not a date of the calendar. Write it as day, month, year.'],
  ['in-the-future', 'The date lies in the future.'],
  ['too-long-ago', 'The date lies too far in the past.'],
  ['not-a-postcode', 'It does not read as a UK postcode.'],
  ['not-a-phone-number', 'It does not read as a phone number.'],
  ['not-an-email-address', 'It does not read as an email address.'],
  ['not-an-nhs-number', 'An NHS number has ten digits.'],
  ['bad-check-digit', 'The last digit does not fit the others, so one of them was misread or miswritten.'],
]);

function sayIdentifier(id: string): string {
  const words = id
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_./[\]]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function nameOfField(field: string): string {
  return FIELD_NAMES.get(field) ?? (sayIdentifier(field) || 'The form');
}

/** A reason in plain words. A sentence is shown as it is; an unknown code is made readable. */
export function sayReason(reason: string): string {
  const known = REASONS.get(reason);
  if (known !== undefined) return known;
  if (/\s/.test(reason)) return reason;
  const words = sayIdentifier(reason);
  return words === '' ? 'It was not accepted.' : `${words}.`;
}

export interface FieldWords {
  readonly field: string;
  readonly name: string;
  readonly reasons: readonly string[];
}

/** Groups reasons by field, in the order in which the fields first appear. */
export function groupReasons(fields: readonly FieldReason[]): FieldWords[] {
  const groups = new Map<string, string[]>();
  for (const { field, reason } of fields) {
    const said = sayReason(reason);
    const group = groups.get(field) ?? [];
    if (!group.includes(said)) group.push(said);
    groups.set(field, group);
  }
  return [...groups].map(([field, reasons]) => ({ field, name: nameOfField(field), reasons }));
}
