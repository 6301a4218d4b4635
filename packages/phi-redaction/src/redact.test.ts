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

const robert = compileKnown([
  {
    names: ['Robert James O’Shaughnessy-Holloway', 'Elizabeth Marsh'],
    dates: ['1985-04-03'],
    emails: ['rob.holloway@example.com'],
    numbers: ['07700 900123', '999 476 5919'],
    addresses: ['12 Orchard Road, Reading, LS6 3HN'],
  },
]);

describe('the ways in which people write what a record knows', () => {
  it.each([
    'Bob', 'bobby', 'Liz', 'beth marsh', 'MARSH, Elizabeth', 'HOLLOWAY, Robert', 'R. J. Holloway', 'Hollowya', 'Holoway', 'Róbert', 'Роберт', 'Robert_Holloway', 'RobertHolloway', 'rholloway',
    '3/4/85', '03041985', '3rd of April 1985', '1985-04-03', 'april the third', 'third of april nineteen eighty five', '3 Apr 85', '3 Apr ’85', '3.4.1985', '03APR1985',
    '07700-900-123', '+44 (0)7700 900123', '07700.900.123', '0044 7700 900 123', 'oh seven seven double oh nine oh oh one two three', '0 7 7 0 0 9 0 0 1 2 3',
    '999.476.5919', '9994765919', '999 - 476 - 5919', '12 Orchard Rd', 'orchard rd', '12a Orchard Road', 'Flat 3, 12 Orchard Road', 'ls63hn', 'LS6  3HN',
    'rob dot holloway at example dot com', 'rob.holloway [at] example.com', 'ROB.HOLLOWAY@EXAMPLE.COM',
  ])('are found: %s', (written) => {
    expect(letters(left(`we have ${written}, thank you`, robert))).toBe('wehavethankyou');
  }); // prettier-ignore
});

describe('a writer who hides what is written', () => {
  it.each([
    ['a zero-width space', 'Rob\u200bert'],
    ['a soft hyphen', 'Hollo\u00adway'],
    ['marks of direction', '\u202eRobert\u202c'],
    ['a variation selector', 'Robert\ufe0f'],
    ['full-width letters', 'Ｒｏｂｅｒｔ'],
    ['mathematical letters', '𝐑𝐨𝐛𝐞𝐫𝐭'],
    ['a Cyrillic letter among Latin ones', 'R\u043ebert'],
    ['an HTML entity', 'Rob&#101;rt'],
    ['a hexadecimal entity', 'Rob&#x65;rt'],
    ['percent-encoding', 'R%6fbert'],
    ['percent-encoding of an address’s sign', 'rob.holloway%40example.com'],
    ['an entity for an address’s sign', 'rob.holloway&commat;example.com'],
    ['tags', 'Ro<b>bert</b>'],
    ['emphasis', 'Ro**bert**'],
    ['a line’s end in a word', 'Hollo-\nway'],
    ['a line’s end in a number', '07700\n900123'],
    ['digits of another script', '٠٧٧٠٠٩٠٠١٢٣'],
    ['digits of two scripts', '0７700 ９００１２３'],
    ['figures for letters', 'H0ll0way'],
    ['figures behind the name', 'holloway1985'],
    ['single letters', 'R-o-b-e-r-t'],
    ['base64', 'cm9iLmhvbGxvd2F5QGV4YW1wbGUuY29t'],
    ['a link', 'https://example.org/?q=Robert%20Holloway'],
  ])('is read all the same: %s', (_how, written) => {
    expect(letters(left(`we have ${written} here`, robert))).toMatch(/^wehaveb?here$/u);
  });

  it.each(['trebor', 'he of the orchard', 'Y20wNWFreHA9'])('is not seen through in “%s”', (written) => {
    // The limits that README.md names.
    expect(findIdentifiers(written, robert)).toEqual([]);
  });

  it('finds base64 without anybody in it as it is', () => {
    expect(findIdentifiers('aGVyZSBpcyBub2JvZHkgYXQgYWxs is a string')).toEqual([]);
  });
});

/** What of a text is left when all findings are out. */
function left(text: string, record = known): string {
  let rest = '';
  let from = 0;
  for (const { start, end } of findIdentifiers(text, record)) {
    rest += text.slice(from, start);
    from = end;
  }
  return rest + text.slice(from);
}

const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '');

describe('a text that is too long', () => {
  it('is refused, for what was not searched must not go on', () => {
    const search = (): unknown => findIdentifiers('a'.repeat(MAX_TEXT_LENGTH + 1));
    expect(search).toThrow(PhiRedactionError);
    expect(search).toThrow(expect.objectContaining({ code: 'text-too-long' }) as Error);
  });
});
