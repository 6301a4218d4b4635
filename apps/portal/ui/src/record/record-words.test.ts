import { describe, expect, it } from 'vitest';
import { describeProfile, sayRedactions } from './record-words.ts';

describe('a patient’s own record', () => {
  it('is told in words, and says what is missing', () => {
    const groups = describeProfile({
      fullName: 'Amelia Okafor',
      dateOfBirth: '1960-01-10',
      phone: ' ',
      email: null,
      address: 'Card [REDACTED-PAN], 14 Quay Road',
      nhsNumber: '9434765919',
      emergencyContact: null,
    });
    const lines = new Map(groups.flatMap((group) => group.lines).map(({ name, value }) => [name, value]));
    expect(Object.fromEntries(lines)).toEqual({
      Name: 'Amelia Okafor',
      'Date of birth': '10 January 1960',
      'NHS number': '943 476 5919',
      Phone: null,
      Email: null,
      Address: 'Card [card number removed], 14 Quay Road',
      'In an emergency, we call': null,
    });
  });

  it('names every removed card number', () => {
    expect(sayRedactions('[REDACTED-PAN] and [REDACTED-PAN]')).toBe(
      '[card number removed] and [card number removed]',
    );
  });
});
