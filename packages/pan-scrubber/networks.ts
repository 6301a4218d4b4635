/**
 * Which lengths the card networks issue behind which prefixes.
 * Sources: ISO/IEC 7812-1 (12–19 digits), the networks' published ranges, and the list that Wikipedia keeps under
 * "Payment card number". Six-digit ranges are widened to their first four digits: a scrubber would rather take a
 * neighbouring range along than miss a new one.
 */
interface NetworkRange {
  readonly name: string;
  /** First and last prefix, both of the same number of digits (at most four). */
  readonly prefixes: readonly (readonly [from: string, to: string])[];
  /** Lengths that everyday cards of the network have. */
  readonly common: readonly number[];
  /** Lengths that exist but are seldom seen; such windows need a stronger shape. */
  readonly rare: readonly number[];
}

const networkRanges: readonly NetworkRange[] = [
  { name: 'Visa', prefixes: [['4', '4']], common: [16], rare: [13, 19] },
  {
    name: 'Mastercard',
    prefixes: [
      ['51', '55'],
      ['2221', '2720'],
    ],
    common: [16],
    rare: [],
  },
  {
    name: 'American Express',
    prefixes: [
      ['34', '34'],
      ['37', '37'],
    ],
    common: [15],
    rare: [],
  },
  {
    name: 'Diners Club',
    prefixes: [
      ['300', '305'],
      ['3095', '3095'],
      ['36', '36'],
      ['38', '39'],
    ],
    common: [14],
    rare: [15, 16, 17, 18, 19],
  },
  { name: 'JCB', prefixes: [['3528', '3589']], common: [16], rare: [17, 18, 19] },
  { name: 'UnionPay', prefixes: [['62', '62']], common: [16, 19], rare: [17, 18] },
  { name: 'UnionPay and RuPay', prefixes: [['81', '82']], common: [], rare: [16, 17, 18, 19] },
  // Discover, RuPay, Troy and the Maestro ranges share the sixes; Maestro alone may have 12 to 19 digits.
  {
    name: 'Discover, Maestro',
    prefixes: [
      ['50', '50'],
      ['56', '69'],
    ],
    common: [16],
    rare: [12, 13, 14, 15, 17, 18, 19],
  },
  { name: 'Mir', prefixes: [['2200', '2205']], common: [16], rare: [17, 18, 19] },
  {
    name: 'Troy, Napas',
    prefixes: [
      ['9704', '9704'],
      ['9792', '9792'],
    ],
    common: [],
    rare: [16, 19],
  },
  {
    name: 'UzCard, Humo',
    prefixes: [
      ['8600', '8600'],
      ['9860', '9860'],
    ],
    common: [],
    rare: [16],
  },
];

export const SHORTEST = 12;
export const LONGEST = 19;

/** Index: the first four digits. Low byte: common lengths, high byte: rare lengths; bit 0 stands for 12 digits. */
const lengthsByPrefix = buildLengths();

function buildLengths(): Uint16Array {
  const table = new Uint16Array(10_000);
  for (const range of networkRanges) {
    const bits = lengthBits(range.common) | (lengthBits(range.rare) << 8);
    for (const [from, to] of range.prefixes) {
      const last = Number(to.padEnd(4, '9'));
      for (let prefix = Number(from.padEnd(4, '0')); prefix <= last; prefix++) {
        table[prefix] = (table[prefix] ?? 0) | bits;
      }
    }
  }
  return table;
}

function lengthBits(lengths: readonly number[]): number {
  return lengths.reduce((bits, length) => bits | (1 << (length - SHORTEST)), 0);
}

/** The lengths that exist behind the first four digits, as bits; 0 where no network issues. */
export function lengthsBehind(firstFour: number): number {
  return lengthsByPrefix[firstFour] ?? 0;
}

/** How usual a length is, given the answer of {@link lengthsBehind}. */
export function rankLength(lengths: number, length: number): 'common' | 'rare' | 'none' {
  const bit = length - SHORTEST;
  if (((lengths >> bit) & 1) === 1) return 'common';
  return ((lengths >> (bit + 8)) & 1) === 1 ? 'rare' : 'none';
}
