import { describe, expect, test } from 'vitest';
import { hasNhsCheckDigit } from '../../../records/contact-schemas.ts';
import { intakeFieldsSchema, readUkDate } from './form-schema.ts';

const good = { fullName: 'Amira Holloway', dateOfBirth: '17/03/1984' };
const reasonsFor = (fields: Record<string, unknown>): string[] =>
  intakeFieldsSchema.safeParse({ ...good, ...fields }).error?.issues.map((issue) => issue.message) ?? [];

describe('dates', () => {
  test.each([
    ['17/03/1984', '1984-03-17'],
    ['7/3/1984', '1984-03-07'],
    ['17-03-1984', '1984-03-17'],
    ['17.03.1984', '1984-03-17'],
    ['17 / 03 / 1984', '1984-03-17'],
    ['17 March 1984', '1984-03-17'],
    ['1st Sept 1984', '1984-09-01'],
    ['29/02/2000', '2000-02-29'],
  ])('%s is read as %s', (written, iso) => {
    expect(readUkDate(written)).toBe(iso);
  });

  test.each([
    '31/02/1984',
    '29/02/1900',
    '17/13/1984',
    '0/1/1984',
    '17/03/84',
    '1984-03-17',
    '17 Marsh 1984',
    'l7/03/1984',
    '',
  ])('%s is no date', (written) => {
    expect(readUkDate(written)).toBeNull();
  });

  test('a birth in the future, one longer ago than anybody lived, and no date at all are told apart', () => {
    expect(reasonsFor({ dateOfBirth: `01/01/${new Date().getUTCFullYear() + 1}` })).toEqual([
      'in-the-future',
    ]);
    expect(reasonsFor({ dateOfBirth: '17/03/1784' })).toEqual(['too-long-ago']);
    expect(reasonsFor({ dateOfBirth: 'spring' })).toEqual(['not-a-date']);
  });
});

describe('formats', () => {
  test('a whole form comes back in one shape', () => {
    expect(
      intakeFieldsSchema.parse({
        ...good,
        postcode: 'wq39tn',
        phone: '+44 (0)7700 900123',
        email: 'Amira.Holloway@Example.com',
        nhsNumber: '999 000 0018',
        allergies: ' Latex ',
      }),
    ).toEqual({
      fullName: 'Amira Holloway',
      dateOfBirth: '1984-03-17',
      postcode: 'WQ3 9TN',
      phone: '+447700900123',
      email: 'amira.holloway@example.com',
      nhsNumber: '9990000018',
      allergies: 'Latex',
    });
  });

  test.each([
    ['fullName', 'a'.repeat(200), 'too-long'],
    ['fullName', '=HYPERLINK(1)', 'not-a-name'],
    ['fullName', '<b>Amira</b>', 'not-a-name'],
    ['fullName', 'Amira\u0000', 'not-allowed-characters'],
    ['fullName', 'Amira 2', 'not-a-name'],
    ['phone', '1234', 'not-a-phone-number'],
    ['phone', '07700 90O123', 'not-a-phone-number'],
    ['phone', '0'.repeat(41), 'too-long'],
    ['email', 'amira@example', 'not-an-email-address'],
    ['email', 'amira@@example.com', 'not-an-email-address'],
    ['email', `a@${'b.'.repeat(130)}com`, 'too-long'],
    ['postcode', 'WQ39 9TNX', 'not-a-postcode'],
    ['nhsNumber', '999 000 0019', 'bad-check-digit'],
    ['nhsNumber', '999 000 001', 'not-an-nhs-number'],
    ['address', 'a'.repeat(400), 'too-long'],
    ['allergies', 'a'.repeat(1000), 'too-long'],
    ['medicalHistory', 'a'.repeat(2000), 'too-long'],
    ['notes', 'line\nbreak', 'not-allowed-characters'],
    ['notes', 'right-to-left \u202e override', 'not-allowed-characters'],
  ])('%s refuses %s with %s', (field, value, reason) => {
    expect(reasonsFor({ [field]: value })).toContain(reason);
  });

  test('names of many kinds are names', () => {
    for (const fullName of ["Siobhán O'Brien-Łukasz", 'J. R. Smith', 'Nguyễn Thị Hoa', 'D’Arcy']) {
      expect(reasonsFor({ fullName })).toEqual([]);
    }
  });

  test('an unknown field and a prototype are refused', () => {
    expect(intakeFieldsSchema.safeParse({ ...good, role: 'admin' }).success).toBe(false);
    expect(
      intakeFieldsSchema.safeParse(JSON.parse('{"fullName":"A","dateOfBirth":"17/03/1984","__proto__":{}}'))
        .success,
    ).toBe(false);
  });

  test('wrong types are refused without being quoted', () => {
    expect(
      JSON.stringify(intakeFieldsSchema.safeParse({ ...good, email: { secret: 'canary' } })),
    ).not.toContain('canary');
  });
});

test('the NHS check digit follows the Data Dictionary', () => {
  expect(['9990000018', '9990123454', '9434765919'].every(hasNhsCheckDigit)).toBe(true);
  expect(['9990000019', '9990123450', '9434765910'].some(hasNhsCheckDigit)).toBe(false);
});
