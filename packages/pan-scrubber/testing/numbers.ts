import { passesLuhn } from '../luhn.ts';

/** Returns numbers from 0 (included) to 1, the same for the same seed (mulberry32). */
export type Random = () => number;

export function seedRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function pick<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

export function randomInteger(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/**
 * Test numbers that the networks and their processors publish (Visa, Mastercard, American Express, Discover, Diners,
 * JCB, UnionPay, Maestro); none belongs to anybody.
 */
export const publishedNumbers: readonly [string, ...string[]] = [
  '4111111111111111',
  '4012888888881881',
  '4242424242424242',
  '4000056655665556',
  '5555555555554444',
  '5105105105105100',
  '2223003122003222',
  '5200828282828210',
  '378282246310005',
  '371449635398431',
  '6011111111111117',
  '6011000990139424',
  '30569309025904',
  '38520000023237',
  '3530111333300000',
  '3566002020360505',
  '6200000000000005',
  '6759649826438453',
];

/** Prefix and length of each kind of card, weighted by nothing. */
const kinds: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['4', 16],
  ['4', 13],
  ['4', 19],
  ['51', 16],
  ['55', 16],
  ['2221', 16],
  ['34', 15],
  ['37', 15],
  ['6011', 16],
  ['65', 16],
  ['36', 14],
  ['3528', 16],
  ['62', 16],
  ['62', 19],
  ['6759', 12],
  ['6304', 18],
  ['2200', 16],
];

/** A number that a network could issue: prefix, length, check digit. */
export function makeNumber(random: Random): string {
  const [prefix, length] = pick(random, kinds);
  let digits = prefix;
  while (digits.length < length - 1) digits += String(randomInteger(random, 0, 9));
  return completeNumber(digits);
}

function completeNumber(digits: string): string {
  for (let check = 0; check < 10; check++) {
    if (passesLuhn(digits + String(check))) return digits + String(check);
  }
  return digits;
}

/** The numbers of which every everyday length is made: what people hold in their hands. */
export function makeEverydayNumber(random: Random): string {
  const [prefix, length] = pick<readonly [string, number]>(random, [
    ['4', 16],
    ['5', 16],
    ['2221', 16],
    ['37', 15],
    ['6011', 16],
  ]);
  let digits = prefix === '5' ? `5${randomInteger(random, 1, 5)}` : prefix;
  while (digits.length < length - 1) digits += String(randomInteger(random, 0, 9));
  return completeNumber(digits);
}
