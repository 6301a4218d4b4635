import { z } from 'zod';

const namePattern = /^\p{L}[\p{L}\p{M}'’. -]*$/u;

/** What a person is called, in any script. */
export const personName = z
  .string()
  .trim()
  .min(1, 'missing')
  .max(199, 'too-long')
  .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u, 'not-allowed-characters')
  .regex(namePattern, 'not-a-name');

/** A telephone number, without spaces and brackets. */
export const phone = z
  .string()
  .max(40, 'too-long')
  .regex(/^[+\d(][\d ()./-]*$/, 'not-a-phone-number')
  .transform((value) => value.replace(/\(0\)/, '').replace(/[ ()./-]/g, ''))
  // Ofcom, National Telephone Numbering Plan: 0 and nine or ten digits; ITU-T E.164 for the rest of the world.
  .refine(
    (value) => /^0[1-9]\d{8,9}$/.test(value) || /^(?:\+|00)[1-9]\d{7,14}$/.test(value),
    'not-a-phone-number',
  );

/** The shapes people have, not everything RFC 5322 allows; lengths from RFC 5321, 4.5.3.1. */
function isEmailAddress(value: string): boolean {
  const [local = '', domain = '', ...more] = value.split('@');
  const labels = domain.split('.');
  return (
    more.length === 0 &&
    /^[a-z0-9._%+-]{1,64}$/.test(local) &&
    !/^\.|\.\.|\.$/.test(local) &&
    labels.length >= 2 &&
    labels.every((label) => /^[a-z0-9-]{1,63}$/.test(label) && !/^-|-$/.test(label)) &&
    /^[a-z]{2,24}$/.test(labels.at(-1) ?? '')
  );
}

/** An e-mail address in lower case. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'too-long')
  .refine(isEmailAddress, 'not-an-email-address');

/** NHS Data Dictionary, "NHS number": the tenth digit is 11 minus the weighted sum modulo 11; 10 is never issued. */
export function hasNhsCheckDigit(digits: string): boolean {
  const sum = Array.from(digits.slice(0, 9), Number).reduce(
    (total, digit, index) => total + digit * (10 - index),
    0,
  );
  return (11 - (sum % 11)) % 11 === Number(digits[9]);
}

/** Ten digits with a right check digit. */
export const nhsNumber = z
  .string()
  .max(20, 'too-long')
  .transform((value) => value.replace(/[ -]/g, ''))
  .pipe(
    z
      .string()
      .regex(/^\d{10}$/, 'not-an-nhs-number')
      .refine(hasNhsCheckDigit, 'bad-check-digit'),
  );

/** A day of the calendar on which somebody alive can have been born (ISO 8601). Nobody has lived past 122. */
export const dateOfBirth = z.iso
  .date('not-a-date')
  .refine((day) => day <= new Date().toISOString().slice(0, 10), 'in-the-future')
  .refine((day) => Number(day.slice(0, 4)) >= new Date().getUTCFullYear() - 122, 'too-long-ago');
