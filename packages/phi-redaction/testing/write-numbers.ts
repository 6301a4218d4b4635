import type { Random } from './random.ts';
import type { Country } from './write-dates.ts';

/**
 * Numbers of the right form that nobody has: telephone numbers kept for drama (Ofcom’s guidance on numbers for use in TV and radio
 * drama; 555-01xx in North America), the NHS’s test range 999, social security numbers that begin with 9, national insurance
 * prefixes that are not given out, published test cards, documentation addresses (RFC 5737, RFC 3849).
 */
const UK_RANGES = ['07700 900', '020 7946 0', '0113 496 0', '0121 496 0', '0151 496 0', '0161 496 0', '01632 960', '03069 990']; // prettier-ignore
const CARDS = [
  '4111111111111111',
  '5555555555554444',
  '378282246310005',
  '6011111111111117',
  '4012888888881881',
];
const NI_PREFIXES = ['TN', 'NT', 'KN', 'ZZ', 'GB', 'BG', 'NK'];
const DIGIT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const group = (digits: string, sizes: readonly number[], joint: string): string => {
  let at = 0;
  return sizes.map((size) => digits.slice(at, (at += size))).join(joint);
};

/** As a record holds it. */
export function drawPhone(country: Country, random: Random): string {
  if (country === 'uk') return `${random.pick(UK_RANGES)}${random.digits(3)}`;
  return `(${String(201 + random.below(780))}) 555-01${random.digits(2)}`;
}

export function writePhone(phone: string, country: Country, random: Random): string {
  const digits = phone.replace(/\D/gu, '');
  if (country === 'us')
    return random.pick([
      phone,
      group(digits, [3, 3, 4], '-'),
      group(digits, [3, 3, 4], '.'),
      group(digits, [3, 3, 4], ' '),
      `+1 ${group(digits, [3, 3, 4], ' ')}`,
      `1-${group(digits, [3, 3, 4], '-')}`,
      `+1${digits}`,
      digits,
    ]);
  const core = digits.slice(1);
  return random.pick([
    phone,
    digits,
    group(digits, [5, 3, 3], ' '),
    group(digits, [5, 6], ' '),
    group(digits, [5, 3, 3], '-'),
    group(digits, [4, 3, 4], '.'),
    `+44 ${group(core, [4, 6], ' ')}`,
    `+44${core}`,
    `+44 (0)${group(core, [4, 3, 3], ' ')}`,
    `0044 ${core}`,
    `(${digits.slice(0, 5)}) ${digits.slice(5)}`,
  ]);
}

/** “oh seven seven double oh nine”. */
export function speakPhone(phone: string, random: Random): string {
  const zero = random.pick(['oh', 'zero', 'o']);
  const digits = phone.replace(/\D/gu, '');
  const words: string[] = [];
  for (let at = 0; at < digits.length; at += 1) {
    const word = digits[at] === '0' ? zero : (DIGIT_WORDS[Number(digits[at])] ?? '');
    const twice = digits[at + 1] === digits[at] && random.chance(0.4);
    words.push(twice ? `double ${word}` : word);
    if (twice) at += 1;
  }
  return words.join(' ');
}

/** Ten digits of the NHS’s test range, the last checking the rest (modulus 11, NHS Data Dictionary). */
export function drawNhsNumber(random: Random): string {
  for (;;) {
    const nine = `999${random.digits(6)}`;
    const sum = Array.from(nine, (digit, at) => Number(digit) * (10 - at)).reduce((a, b) => a + b, 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return nine + String(check);
  }
}

export function drawSsn(random: Random): string {
  return `9${random.digits(2)}${String(10 + random.below(39))}${random.digits(4)}`;
}

export function writeInGroups(digits: string, sizes: readonly number[], random: Random): string {
  return random.pick([digits, group(digits, sizes, ' '), group(digits, sizes, '-')]);
}

const letters = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.letter('ABCDEFGHJKLMNPRSTUVWXY')).join('');

/** Numbers that no record of ours knows. */
export const DRAW_NUMBER: Readonly<Record<string, (random: Random) => string>> = {
  nino: (random) => {
    const digits = random.digits(6);
    return random.pick([
      `${random.pick(NI_PREFIXES)} ${group(digits, [2, 2, 2], ' ')} ${random.letter('ABCD')}`,
      `${random.pick(NI_PREFIXES)}${digits}${random.letter('ABCD')}`,
    ]);
  },
  mrn: (random) => random.pick([random.digits(8), `MR${random.digits(7)}`, `H${random.digits(7)}`, `00${random.digits(6)}`]),
  policy: (random) =>
    random.pick([
      `${letters(random, 3)}${random.digits(8)}`,
      `W${random.digits(9)}`,
      `${letters(random, 2)}-${random.digits(4)}-${random.digits(4)}`,
      random.digits(9),
      `${random.digits(6)}-${random.digits(2)}`,
    ]),
  reference: (random) => `${random.pick(['', 'P', 'HX-', 'INV', 'C/', 'REF-'])}${random.digits(6 + random.below(3))}`,
  card: (random) => {
    const card = random.pick(CARDS);
    return card.length === 16 ? random.pick([card, group(card, [4, 4, 4, 4], ' '), group(card, [4, 4, 4, 4], '-')]) : card;
  },
  sortcode: (random) => group(random.digits(6), [2, 2, 2], '-'),
  account: (random) => random.digits(8),
  iban: (random) => `GB${random.digits(2)} TEST ${group(random.digits(14), [4, 4, 4, 2], ' ')}`,
  passport: (random) => random.pick([random.digits(9), `${letters(random, 1)}${random.digits(8)}`]),
  licence: (random) =>
    random.pick([
      `${letters(random, 5)}${random.digits(6)}${letters(random, 2)}${random.digits(1)}${letters(random, 2)}`,
      `${letters(random, 1)}${random.digits(7)}`,
    ]),
  gdc: (random) => random.digits(6),
  plate: (random) => `${letters(random, 2)}${random.digits(2)} ${letters(random, 3)}`,
  ip: (random) => random.pick([`203.0.113.${String(random.below(255))}`, `198.51.100.${String(random.below(255))}`, `2001:db8::${random.digits(3)}:${random.digits(2)}`]),
}; // prettier-ignore
