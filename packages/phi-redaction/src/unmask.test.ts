import { describe, expect, it } from 'vitest';
import { compileKnown, findIdentifiers } from '../index.ts';
import { unmask } from './unmask.ts';

const known = compileKnown([
  {
    names: ['Robert O’Shaughnessy-Holloway'],
    dates: ['1985-04-03'],
    numbers: ['07700 900123', '999 476 5919'],
    addresses: ['12 Orchard Road, LS6 3HN'],
  },
]);

/** Letters and figures that are left when all findings are out. */
function left(written: string): string {
  const text = `we have ${written}, and more`;
  let rest = '';
  let from = 0;
  for (const { start, end } of findIdentifiers(text, known)) {
    rest += text.slice(from, start);
    from = end;
  }
  return (rest + text.slice(from)).replaceAll(/[^\p{L}\p{N}]/gu, '');
}

const divide = (text: string, sign: string): string => Array.from(text).join(sign);
const escape = (text: string, write: (code: string) => string): string =>
  Array.from(text, (letter) => write(letter.charCodeAt(0).toString(16).padStart(2, '0'))).join('');

describe('a mask', () => {
  it.each([
    ['JSON’s escapes', escape('Robert', (code) => `\\u00${code}`)],
    ['escapes that were escaped', escape('Robert', (code) => `\\\\\\\\u00${code}`)],
    ['one escape', '\\u0052obert'],
    ['escapes with brackets', escape('Holloway', (code) => `\\u{${code}}`)],
    ['escapes of bytes', escape('Holloway', (code) => `\\x${code}`)],
    ['octal escapes', Array.from('Holloway', (letter) => `\\${letter.charCodeAt(0).toString(8)}`).join('')],
    ['code points', escape('Holloway', (code) => `U+00${code} `)],
    ['quoted-printable', escape('07700 900123', (code) => `=${code}`)],
    ['a soft line break of mail', 'Hollo=\nway'],
    ['bytes in hexadecimal', escape('Holloway', (code) => `0x${code} `)],
    ['hexadecimal with colons', escape('Robert Holloway', (code) => `${code}:`).slice(0, -1)],
    ['entities that were escaped', Array.from('Robert', (letter) => `&amp;#${letter.charCodeAt(0)};`).join('')],
    ['percent signs that were escaped', escape('Holloway', (code) => `%25${code}`)],
    ['small capitals', 'ʀᴏʙᴇʀᴛ'],
    ['letters in boxes', '🅷🅾🅻🅻🅾🆆🅰🆈'],
    ['letters in brackets', '⒭⒪⒝⒠⒭⒯'],
    ['letters of flags', '🇷🇴🇧🇪🇷🇹'],
    ['figures in circles', '0❼❼00 ❾00❶❷❸'],
    ['mathematical figures', '𝟘𝟟𝟟𝟘𝟘 𝟡𝟘𝟘𝟙𝟚𝟛'],
    ['figures that are struck out', divide('07700900123', '\u0336')],
    ['figures as keys', divide('07700900123', '\ufe0f\u20e3')],
    ['base64 of letters beyond ASCII', Buffer.from('Róbert O’Shaughnessy').toString('base64')],
    ['base64 of base64', Buffer.from(Buffer.from('Robert Holloway').toString('base64')).toString('base64')],
    ['base64 of UTF-16', Buffer.from('Robert Holloway', 'utf16le').toString('base64')],
    ['an O for a zero', 'O77OO 9OO123'],
  ])('of %s hides nobody', (_how, written) => {
    expect(left(written)).toBe('wehaveandmore');
  }); // prettier-ignore

  it('is not looked for where there is none, and says where things stand where there is one', () => {
    expect(unmask('Ibuprofen 400 mg = 2 tablets, 3 x a day for £5 & no more than 100 %')).toBeNull();
    const { text, locate } = unmask('a \\u0042 c') ?? { text: '', locate: () => null };
    expect(text).toBe('a B c');
    expect([locate(2, 3), locate(4, 5)]).toEqual([
      { start: 2, end: 8 },
      { start: 9, end: 10 },
    ]);
  });
});

describe('signs between the parts', () => {
  const signs = ['_', '/', '|', '+', '=', '\\', ';', ', ', ' • ', '\n', '\t', '👍', '<!-- -->', '" + "'];
  it.each(signs)('hide nobody: %j', (sign) => {
    for (const each of ['Robert', 'Holloway', '07700900123', '9994765919', '03041985'])
      expect(left(divide(each, sign)), each).toBe('wehaveandmore');
    expect(left(`LS6${sign}3HN`)).toBe('wehaveandmore');
  });

  it.each([
    'Hollo way', 'Hol-lo-way', 'Hollo" + "way', '12-Orchard-Road', '12orchardroad', 'one, nine, eight, five, zero, four, zero, three', 'three April one nine eight five',
    'O_S_H_A_U_G_N_E_S_S_Y',
  ])('hide nobody: %s', (written) => {
    expect(left(written)).toBe('wehaveandmore');
  }); // prettier-ignore

  it.each(['A, B, C, D, E', 'options a/b/c/d/e', 'so be rt of it', 'hollow ways'])(
    'make nobody of %s',
    (written) => {
      expect(findIdentifiers(`we have ${written}, and more`, known)).toEqual([]);
    },
  );
});
