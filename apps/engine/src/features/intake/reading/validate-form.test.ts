import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { IntakeReadingError } from './errors.ts';
import type { IntakeFieldName } from './form-fields.ts';
import { validateForm, type RawField } from './validate-form.ts';

type Written = Partial<Record<IntakeFieldName, string | Partial<RawField>>>;

const good: Written = { fullName: 'Amira Holloway', dateOfBirth: '17/03/1984', phone: '07700 900123' };

function validate(changes: Written): ReturnType<typeof validateForm> {
  const raw = new Map<IntakeFieldName, RawField>();
  for (const [field, value] of Object.entries({ ...good, ...changes })) {
    const more = typeof value === 'string' ? { text: value } : value;
    raw.set(field as IntakeFieldName, { text: '', confidence: 95, numberRemoved: false, ...more });
  }
  return validateForm(raw);
}

function refusal(changes: Written): IntakeReadingError {
  try {
    validate(changes);
  } catch (error) {
    if (error instanceof IntakeReadingError) return error;
  }
  throw new Error('The form was accepted.');
}

const removed = (text: string): Partial<RawField> => ({ text, numberRemoved: true });

test('a form with a name, a birth date and one way to reach the patient is accepted', () => {
  expect(validate({}).fields).toEqual({
    fullName: 'Amira Holloway',
    dateOfBirth: '1984-03-17',
    phone: '07700900123',
  });
});

describe('refusals name each field and the reason', () => {
  test.each<[string, Written, { field: IntakeFieldName; reason: string }[]]>([
    ['no name', { fullName: '' }, [{ field: 'fullName', reason: 'missing' }]],
    ['no name and a bad date', { fullName: '', dateOfBirth: '31/02/1984' }, [{ field: 'fullName', reason: 'missing' }, { field: 'dateOfBirth', reason: 'not-a-date' }]],
    ['no way to reach the patient', { phone: '' }, [{ field: 'address', reason: 'missing' }, { field: 'phone', reason: 'missing' }, { field: 'email', reason: 'missing' }]],
    ['a card number for a name', { fullName: removed('[REDACTED-PAN]') }, [{ field: 'fullName', reason: 'card-number' }]],
    ['a card number as the only contact', { phone: removed('[REDACTED-PAN]') }, [{ field: 'address', reason: 'missing' }, { field: 'phone', reason: 'card-number' }, { field: 'email', reason: 'missing' }]],
    ['a name read with little confidence', { fullName: { text: 'Amira', confidence: 40 } }, [{ field: 'fullName', reason: 'low-confidence' }]],
    ['a wrong check digit', { nhsNumber: '999 000 0019' }, [{ field: 'nhsNumber', reason: 'bad-check-digit' }]],
    ['markup in a name', { fullName: '<script>' }, [{ field: 'fullName', reason: 'not-a-name' }]],
    ['too long a history', { medicalHistory: 'long '.repeat(500) }, [{ field: 'medicalHistory', reason: 'too-long' }]],
  ])('%s', (_what, changes, fields) => {
    expect(refusal(changes)).toMatchObject({ code: 'intake-form-invalid', status: 422, fields });
  }); // prettier-ignore

  test('a page without the labels of an intake form is unreadable, not invalid', () => {
    expect(() => validateForm(new Map())).toThrow(
      expect.objectContaining({
        code: 'intake-form-unreadable',
        fields: ['fullName', 'dateOfBirth', 'address', 'phone', 'email'].map((field) => ({
          field,
          reason: 'missing',
        })),
      }),
    );
  });

  test('and never quote what was read', () => {
    const error = refusal({ fullName: 'Canary=Value', email: 'canary@value', notes: 'canary\u0007' });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/canary/i);
  });
});

describe('removed card numbers', () => {
  test('leave an optional field absent when they were all it held', () => {
    const { fields, warnings } = validate({
      nhsNumber: removed('[REDACTED-PAN]'),
      notes: removed('[REDACTED-PAN] .'),
    });
    expect(Object.keys(fields)).toEqual(['fullName', 'dateOfBirth', 'phone']);
    expect(warnings).toEqual([
      { field: 'nhsNumber', code: 'card-number-removed' },
      { field: 'notes', code: 'card-number-removed' },
    ]);
  });

  test('leave their mark in free text, and nothing in a field with a format', () => {
    const { fields } = validate({
      phone: removed('07700 900123 [REDACTED-PAN]'),
      notes: removed('pay [REDACTED-PAN] please'),
    });
    expect(fields).toMatchObject({ phone: '07700900123', notes: 'pay [REDACTED-PAN] please' });
  });
});
