import { describe, expect, test } from 'vitest';
import { readCorrections } from './corrections.ts';
import { IntakeReadingError } from './errors.ts';

function refusal(text: string): IntakeReadingError {
  try {
    readCorrections(text);
  } catch (error) {
    if (error instanceof IntakeReadingError) return error;
  }
  throw new Error('The corrections were taken.');
}

describe('corrections', () => {
  test('are texts by field', () => {
    expect([...readCorrections('{"fullName":"Amira Holloway","notes":""}')]).toEqual([
      ['fullName', 'Amira Holloway'],
      ['notes', ''],
    ]);
    expect(readCorrections(undefined).size).toBe(0);
  });

  test.each([
    ['cut short', '{"notes":"x', 'notes', 'malformed'],
    ['a field that is none', '{"cardNumber":"x"}', 'corrections', 'unknown-field'],
    ['a number', '{"phone":7700900123}', 'phone', 'wrong-type'],
    ['an object', '{"phone":{"$ne":null}}', 'phone', 'wrong-type'],
    ['a list', '["phone"]', 'corrections', 'wrong-type'],
    ['the same field twice', '{"phone":"1","phone":"2"}', 'phone', 'duplicate-key'],
    ['a prototype', '{"__proto__":{"fullName":"x"}}', '__proto__', 'forbidden-key'],
    ['many levels', `{"notes":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'notes', 'too-deep'],
    ['a long text', JSON.stringify({ notes: 'x'.repeat(6_000) }), 'notes', 'too-long'],
    ['a text of megabytes', JSON.stringify({ notes: 'x'.repeat(10_000_000) }), 'corrections', 'too-long'],
  ])('are refused with the field named: %s', (_what, text, field, reason) => {
    expect(refusal(text)).toMatchObject({
      code: 'intake-corrections-malformed',
      status: 422,
      fields: [{ field, reason }],
    });
  });

  test('that are refused are not quoted', () => {
    const error = refusal('{"Canary Value":"x"}');
    expect(JSON.stringify(error.fields)).not.toMatch(/canary/i);
  });
});
