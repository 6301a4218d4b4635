import { describe, expect, it } from 'vitest';
import { scrub } from './index.ts';
import { disguises } from './testing/disguises.ts';
import { publishedNumbers, seedRandom } from './testing/numbers.ts';

const redacted = (text: string): string => scrub(text).value;

describe('the plain rule', () => {
  it('redacts every match of the pattern that passes Luhn, whichever network it may belong to', () => {
    // 13 to 16 digits, Luhn-valid, behind prefixes that no network issues.
    for (const number of ['1234567890128', '0000000000000000', '7992739871300008', '100000000000009']) {
      expect(redacted(`ref ${number} end`)).toBe('ref [REDACTED-PAN] end');
    }
  });

  it('leaves the separator that the pattern eats behind the number', () => {
    expect(redacted('4111-1111-1111-1111 -x')).toBe('[REDACTED-PAN] -x');
  });

  it('is applied again to digits left standing beside a redaction', () => {
    const once = redacted('1234567890128 411 1111111111111');
    expect(redacted(once)).toBe(once);
  });
});

describe('what the plain rule misses', () => {
  it.each([
    ['a 19-digit number', '6304000000000000000', '[REDACTED-PAN]'],
    ['dots', '4111.1111.1111.1111', '[REDACTED-PAN]'],
    ['mixed invisible and visible separators', '4111\u00a01111\u200b1111\n1111', '[REDACTED-PAN]'],
    ['full-width digits', '４１１１１１１１１１１１１１１１', '[REDACTED-PAN]'],
    ['glued letters', 'CARD4111111111111111', 'CARD[REDACTED-PAN]'],
    ['a glued underscore', 'ref_4111111111111111', 'ref_[REDACTED-PAN]'],
    ['a year before it', '2024 4111 1111 1111 1111', '2024 [REDACTED-PAN]'],
    ['an expiry behind it', '4111 1111 1111 1111 12/26', '[REDACTED-PAN] 12/26'],
    ['OCR confusions', '4lll 11ll 1111 1111', '[REDACTED-PAN]'],
    ['a group of OCR confusions in front', 'SSSS 5555 5555 4444', '[REDACTED-PAN]'],
    ['one digit at a time', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', '[REDACTED-PAN]'],
    ['a minus sign for a dash', '41\u221211111\u2212111\u2212111111', '[REDACTED-PAN]'],
    [
      'digits that every gap parts otherwise, though each pair reads as a range',
      '2 2\u22122 . 1\u22127 8\u20132 8\u20136 5.8\n\n8_6 2\u20138 / 9',
      '[REDACTED-PAN]',
    ],
    ['thousands parted', 'sum 4,111,111,111,111,111.', 'sum [REDACTED-PAN].'],
    ['single digits with a different sign each time', '4,1;1 1|1-1.1/1+1=1"1(1)1:1 1;1', '[REDACTED-PAN]'],
    ['two in a row', '4111 1111 1111 1111 5500 0000 0000 0004', '[REDACTED-PAN] [REDACTED-PAN]'],
    ['zeros in front', '0004111111111111111', '000[REDACTED-PAN]'],
    ['bold groups', '**4111** **1111** **1111** **1111**', '**[REDACTED-PAN]**'],
    ['track data', '%B4111111111111111^DOE/J^2612101?', '%B[REDACTED-PAN]^DOE/J^2612101?'],
    ['cells of a table', '| 4111 | 1111 | 1111 | 1111 |', '| [REDACTED-PAN] |'],
  ])('redacts %s', (_name, text, expected) => {
    expect(redacted(text)).toBe(expected);
  });
});

describe('long text', () => {
  it('hides no number at any place, whatever stands around it', () => {
    const number = `4111${' '.repeat(40)}1111${' '.repeat(40)}1111${' '.repeat(40)}1111`;
    for (const filler of ['word ', 'wört ', '. . . ']) {
      // The borders of the blocks in which text is read fall into the number.
      for (let length = 32_500; length < 32_900; length += 7) {
        const before = filler.repeat(Math.ceil(length / filler.length)).slice(0, length);
        expect(redacted(`${before} ${number} end`)).toBe(`${before} [REDACTED-PAN] end`);
      }
    }
  });
});

describe('the test numbers that the networks publish', () => {
  it.each(disguises.map((disguise) => [disguise.name, disguise] as const))(
    'survive in no disguise: %s',
    (_name, disguise) => {
      const random = seedRandom(7);
      for (const number of publishedNumbers) {
        const text = redacted(`see ${disguise.apply(number, random)} end`);
        expect(text).toContain('[REDACTED-PAN]');
        expect(text.replace(/\D/g, '')).not.toContain(number);
      }
    },
  );
});

describe('look-alikes', () => {
  it.each([
    'NHS 943 476 5919, tel 07700 900123, born 02/03/1984',
    '2024-01-15 10:30:00.000',
    '550e8400-e29b-41d4-a716-446655440000',
    'K 4.5 5.1 3.2 4.2 5.6 3.8 4.1 4.9',
    '**** **** **** 1111 and 411111******1111',
    'IP 10.0.0.1 192.168.1.254, v1.2.3-4.5.6, 51.5074, -0.1278',
    'BP 120/80 118/76 122/84 130/90 pulse 72 98%',
    '07700 900123 / 020 7946 0958 / +44 7700 900123',
    '4111 **** **** 1111, 5500 **** **** 0004',
    '4111 **** 1111 1111 ######## 1111',
    'sort code 12-34-56 account 12345678, 2019, 2020, 2021, 2022',
    'a solid run of 41111111111111111111111111111111 is no card',
  ])('leaves %j as it is', (text) => {
    expect(scrub(text)).toEqual({ value: text, findings: [] });
  });
});

describe('findings', () => {
  it('carry the position in the input and a reason, and no digits', () => {
    expect(scrub('pay 4111 1111 1111 1111 now').findings).toEqual([
      { start: 4, end: 23, reason: 'network-number' },
    ]);
  });
});

it.each(['\ud800', '\udfff', ' \udc00 ', '\ud83d'])(
  'what no encoding holds stands between digits as what it is stored as: %j',
  (half) => {
    const text = ['4111', '1111', '1111', '1111'].join(half);
    expect(scrub(text).value).toBe('[REDACTED-PAN]');
    expect(scrub(`Zoë ${text} 😀`).value).toBe('Zoë [REDACTED-PAN] 😀');
  },
);

describe('the lines of a numbered list', () => {
  it('are searched together', () => {
    expect(redacted('1. 4111\n2. 1111\n3. 1111\n4. 1111')).toBe(
      [1, 2, 3, 4].map((line) => `${line}. [REDACTED-PAN]`).join('\n'),
    );
    expect(redacted('  9. 41111111\n 10. 11111111')).toBe('  9. [REDACTED-PAN]\n 10. [REDACTED-PAN]');
  });

  it('stay where they hold other numbers', () => {
    const list = 'Bloods\n1. 120\n2. 98\n3. 140\n4. 4.1\n';
    expect(redacted(list)).toBe(list);
  });
});
