import { describe, expect, it } from 'vitest';
import {
  describeProfile,
  keepPostcodes,
  sayDate,
  sayDuration,
  sayNhsNumber,
  sayRedactions,
} from './record-words.ts';

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

  it.each(['', '1960-13-01', '1960-02-30', '10/01/1960'])('shows the date %j as it is', (text) => {
    expect(sayDate(text)).toBe(text);
  });

  it('leaves an NHS number of another length alone', () => {
    expect(sayNhsNumber('12345')).toBe('12345');
  });

  it('names every removed card number', () => {
    expect(sayRedactions('[REDACTED-PAN] and [REDACTED-PAN]')).toBe(
      '[card number removed] and [card number removed]',
    );
  });

  it.each([
    [0, '0 seconds'],
    [61, '1 minute 1 second'],
    [120, '2 minutes'],
  ])('says %i seconds as %j', (seconds, text) => {
    expect(sayDuration(seconds)).toBe(text);
  });

  it('a postcode stays on one line of an address, and nothing else is joined', () => {
    expect(keepPostcodes('14 Quay Road, Leeds LS1 4AP')).toBe('14 Quay Road, Leeds LS1\u{a0}4AP');
    expect(keepPostcodes('Flat 2, ec1a 1bb')).toBe('Flat 2, ec1a\u{a0}1bb');
    expect(keepPostcodes('Unit 4 12 Mill Lane')).toBe('Unit 4 12 Mill Lane');
  });
});
