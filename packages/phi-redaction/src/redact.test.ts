import { describe, expect, it } from 'vitest';
import { compileKnown, findIdentifiers, MAX_TEXT_LENGTH, PhiRedactionError } from '../index.ts';

const known = compileKnown([
  {
    names: ['Amira O’Shaughnessy-Holloway'],
    dates: ['1984-03-17'],
    emails: ['amira.h@example.com'],
    numbers: ['07700 900123', '943 476 5919'],
    addresses: ['12 Orchard Lane, Reading, LS6 3HN'],
  },
]);
const found = (text: string, record = known): string[] =>
  findIdentifiers(text, record).map(({ start, end }) => text.slice(start, end));

describe('what a record knows', () => {
  it.each([
    ['AMIRA was here', ['AMIRA']],
    ['a. holloway rang', ['a. holloway']],
    ['Amíra’s tooth', ['Amíra']],
    ['amria and Hollowey', ['amria', 'Hollowey']],
    ['Ami\u200bra said', ['Ami\u200bra']],
    ['oshaughnessy rang', ['oshaughnessy']],
    ['Амира пришла', ['Амира']],
    ['born 17031984', ['17031984']],
    ['on +44 7700 900123', ['+44 7700 900123']],
    ['٠٧٧٠٠٩٠٠١٢٣ is mine', ['٠٧٧٠٠٩٠٠١٢٣']],
    ['lives on orchard ln now', ['orchard ln']],
    ['she came from Reading', ['Reading']],
  ])('is found in “%s”', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each(['she was reading a book', 'I will come in March', 'the plan has 4 visits'])(
    'is not seen in “%s”',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );
});

describe('what form gives away', () => {
  it.each([
    ['mail jo.doe (at) example (dot) co.uk now', 'jo.doe (at) example (dot) co.uk'],
    ['see https://example.org/a?b=c.', 'https://example.org/a?b=c'],
    ['on 17.03.1984 we', '17.03.1984'],
    ['the 17th of March 1984', '17th of March 1984'],
    ['on 1984-03-17 we', '1984-03-17'],
    ['SSN 524-28-1067 given', '524-28-1067'],
    ['NI number AB 12 34 56 C please', 'AB 12 34 56 C'],
    ['she is 94 years old', '94'],
    ['from 4 Willow Creek Road, apt 3', '4 Willow Creek Road, apt 3'],
    ['at EC1A1BB today', 'EC1A1BB'],
  ])('is found in “%s”', (text, expected) => {
    expect(findIdentifiers(text).map(({ start, end }) => text.slice(start, end))).toContain(expected);
  });

  it.each([
    'Ibuprofen 400 mg, 3 times a day for 7 days',
    'BPE 222/212, recall 12 months, size 0.6 mm',
    'it costs £1,250.00 in all',
    'may 2 fillings be done at once?',
    'tooth 46, working length 21 mm',
  ])('is not seen in “%s”', (text) => {
    expect(findIdentifiers(text)).toEqual([]);
  });
});

describe('a text that is too long', () => {
  it('is refused, for what was not searched must not go on', () => {
    const search = (): unknown => findIdentifiers('a'.repeat(MAX_TEXT_LENGTH + 1));
    expect(search).toThrow(PhiRedactionError);
    expect(search).toThrow(expect.objectContaining({ code: 'text-too-long' }) as Error);
  });
});
