import { describe, expect, test } from 'vitest';
import { editDistance, findLabel } from './form-labels.ts';

const meaning = (text: string): string | null => findLabel(text.split(' '))?.meaning ?? null;

describe('labels', () => {
  test.each([
    ['Full name:', 'fullName'],
    ['FULL NAME', 'fullName'],
    ['Fu11 name:', 'fullName'],
    ['Date of birth', 'dateOfBirth'],
    ['Date ofbirth:', 'dateOfBirth'],
    ['Dale of birlh', 'dateOfBirth'],
    ['Addres5:', 'address'],
    ['E-mail', 'email'],
    ['NHS nunber', 'nhsNumber'],
    ['Emergency contact', 'emergencyContact'],
    ['Reason for visit:', 'reasonForVisit'],
    ['Date:', 'elsewhere'],
  ])('%s begins %s', (text, field) => {
    expect(meaning(text)).toBe(field);
  });

  test('the label ends where the value begins', () => {
    expect(findLabel(['Full', 'name:', 'Amira', 'Holloway'])).toEqual({ meaning: 'fullName', words: 2 });
    expect(findLabel(['Phone:', '07700'])).toEqual({ meaning: 'phone', words: 1 });
    expect(findLabel(['Phone', 'number:', '07700'])).toEqual({ meaning: 'phone', words: 2 });
  });

  test.each([
    'Name of the drug unknown',
    'Amira Holloway',
    'Address unknown since May',
    'Nom et prénom:',
    'Domicile:',
    '',
    'Notable pain',
  ])('%s begins nothing', (text) => {
    expect(meaning(text)).toBeNull();
  });
});

test('the distance counts insertions, deletions and changes', () => {
  expect([editDistance('', 'abc'), editDistance('kitten', 'sitting'), editDistance('same', 'same')]).toEqual([
    3, 3, 0,
  ]);
});
