/**
 * The one schema behind OCR output, which is untrusted: every field has a maximum length, allowed characters and,
 * where there is one, a format. Messages are reasons of the closed list, so that an issue never quotes its input.
 */
import { z } from 'zod';
import { email, nhsNumber, personName, phone } from '../../../records/contact-schemas.ts';
import type { FieldReason } from './errors.ts';

const reason = (value: FieldReason): FieldReason => value;

const oneLine = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
// Royal Mail, "PAF programmer's guide": one or two letters, a district, a sector, a unit.
const postcodePattern = /^([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})$/;

const text = (tooLongFrom: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1, reason('missing'))
    .max(tooLongFrom - 1, reason('too-long'))
    .regex(oneLine, reason('not-allowed-characters'));

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']; // prettier-ignore

/** `dd/mm/yyyy` (also with `-`, `.` or spaces) or `17 March 1984` → `yyyy-mm-dd`; null when it is no day of the calendar. */
export function readUkDate(value: string): string | null {
  const numeric = /^(\d{1,2})\s?[/.\- ]\s?(\d{1,2})\s?[/.\- ]\s?(\d{4})$/.exec(value.trim());
  const worded = /^(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,? (\d{4})$/.exec(value.trim().toLowerCase());
  const [, day, month, year] = numeric ?? worded ?? [];
  if (day === undefined || month === undefined || year === undefined) return null;
  const monthNumber = numeric ? Number(month) : months.findIndex((name) => name.startsWith(month)) + 1;
  const date = new Date(Date.UTC(Number(year), monthNumber - 1, Number(day)));
  const exists =
    monthNumber > 0 && date.getUTCFullYear() === Number(year) && date.getUTCMonth() === monthNumber - 1 && date.getUTCDate() === Number(day); // prettier-ignore
  return exists ? date.toISOString().slice(0, 10) : null;
}

const dateOfBirth = z
  .string()
  .max(40, reason('too-long'))
  .transform((value, context): string => {
    const refuse = (why: FieldReason): never => {
      context.issues.push({ code: 'custom', message: why, input: undefined });
      return z.NEVER;
    };
    const iso = readUkDate(value);
    if (iso === null) return refuse('not-a-date');
    if (iso > new Date().toISOString().slice(0, 10)) return refuse('in-the-future');
    // Nobody has lived past 122: an earlier year is a misread one.
    if (Number(iso.slice(0, 4)) < new Date().getUTCFullYear() - 122) return refuse('too-long-ago');
    return iso;
  });

const postcode = z
  .string()
  .trim()
  .toUpperCase()
  .max(10, reason('too-long'))
  .regex(postcodePattern, reason('not-a-postcode'))
  .transform((value) => value.replace(postcodePattern, '$1 $2'));

/** A field left out is absent; an unknown field is refused. */
export const intakeFieldsSchema = z.strictObject({
  fullName: personName,
  dateOfBirth,
  address: text(400).exactOptional(),
  postcode: postcode.exactOptional(),
  phone: phone.exactOptional(),
  email: email.exactOptional(),
  nhsNumber: nhsNumber.exactOptional(),
  emergencyContact: text(200).exactOptional(),
  allergies: text(1000).exactOptional(),
  medication: text(1000).exactOptional(),
  medicalHistory: text(2000).exactOptional(),
  reasonForVisit: text(1000).exactOptional(),
  notes: text(2000).exactOptional(),
});

/** Validated: dates are `yyyy-mm-dd`, telephone and NHS numbers compact digits, e-mail in lower case. */
export type IntakeFields = z.output<typeof intakeFieldsSchema>;
