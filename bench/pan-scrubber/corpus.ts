import { disguises } from '../../packages/pan-scrubber/testing/disguises.ts';
import {
  makeEverydayNumber,
  pick,
  randomInteger,
  seedRandom,
  type Random,
} from '../../packages/pan-scrubber/testing/numbers.ts';

/** What stands at one place of the corpus, so that each can be looked for in the result. */
export interface Planted {
  readonly kind: string;
  /** The card number, or the decoy as it is written. */
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

export interface Corpus {
  readonly text: string;
  readonly numbers: readonly Planted[];
  readonly decoys: readonly Planted[];
}

const formats = disguises.slice(0, 22);

const sentences: readonly [string, ...string[]] = [
  'The patient was seen in clinic today and reports feeling well in general.',
  'No known allergies; medication was reviewed and the repeat prescription continued.',
  'Take 500 mg twice a day with food for 7 days, then once a day for 14 days.',
  'Blood pressure was 128/82, pulse 72, temperature 36.8, saturation 98%.',
  'Extraction of the lower left molar went without complication under local anaesthetic.',
  'A follow-up appointment has been offered in 6 weeks at the main site.',
  'She lives with her husband, does not smoke and drinks about 4 units a week.',
  'Radiograph shows no periapical change; the restoration is sound.',
  'Advice given on oral hygiene, and interdental brushes of size 0.6 mm recommended.',
  'The letter of 12/03/2024 from the hospital has been scanned into the record.',
  'Discussed the treatment plan, its risks and its costs, and consent was given.',
  'HbA1c 48, LDL 2.4, eGFR above 90; no change of therapy needed.',
];

function padded(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => String(randomInteger(random, 0, 9))).join('');
}

function hexadecimal(random: Random, length: number): string {
  return Array.from({ length }, () => randomInteger(random, 0, 15).toString(16)).join('');
}

function uuid(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => hexadecimal(random, length)).join('-');
}

function isoDate(random: Random): string {
  const two = (from: number, to: number): string => String(randomInteger(random, from, to)).padStart(2, '0');
  return `${randomInteger(random, 1930, 2026)}-${two(1, 12)}-${two(1, 28)}`;
}

function nhsNumber(random: Random): string {
  for (;;) {
    const digits = padded(random, 9);
    const sum = Array.from(digits, Number).reduce((total, digit, at) => total + digit * (10 - at), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}${check}`;
  }
}

const decoyKinds: readonly [
  readonly [string, (random: Random) => string],
  ...(readonly [string, (random: Random) => string])[],
] = [
  ['NHS number', nhsNumber],
  [
    'NHS number and date',
    (random) => `${nhsNumber(random)} ${isoDate(random).split('-').reverse().join('/')}`,
  ],
  ['mobile', (random) => `07${padded(random, 3)} ${padded(random, 6)}`],
  ['international', (random) => `+44 7${padded(random, 3)} ${padded(random, 6)}`],
  ['landline', (random) => `020 7946 0${padded(random, 3)}`],
  [
    'two phones',
    (random) => `07${padded(random, 3)} ${padded(random, 6)} / 07${padded(random, 3)} ${padded(random, 6)}`,
  ],
  ['ISO time', (random) => `${isoDate(random)}T10:${randomInteger(random, 10, 59)}:00.${padded(random, 3)}Z`],
  ['log time', (random) => `${isoDate(random)} 10:${randomInteger(random, 10, 59)}:00,${padded(random, 3)}`],
  [
    'dates in a row',
    (random) => Array.from({ length: 3 }, () => isoDate(random).split('-').reverse().join('/')).join(' '),
  ],
  ['UUID', (random) => uuid(random)],
  [
    'dose list',
    (random) =>
      `${randomInteger(random, 1, 500)} mg, ${randomInteger(random, 1, 9)}.5 mg, ${randomInteger(random, 10, 99)} ml`,
  ],
  [
    'lab row',
    (random) =>
      Array.from({ length: 8 }, () => `${randomInteger(random, 1, 9)}.${randomInteger(random, 0, 9)}`).join(
        ' ',
      ),
  ],
  [
    'lab row of one decimal and counts',
    (random) =>
      Array.from({ length: 7 }, (_, at) =>
        at % 2 === 0
          ? String(randomInteger(random, 4, 160))
          : `${randomInteger(random, 1, 60)}.${randomInteger(random, 0, 9)}`,
      ).join('  '),
  ],
  [
    'lab column',
    (random) => Array.from({ length: 8 }, () => String(randomInteger(random, 4, 160))).join('\n'),
  ],
  [
    'blood pressures',
    (random) =>
      Array.from(
        { length: 4 },
        () => `${randomInteger(random, 100, 180)}/${randomInteger(random, 55, 99)}`,
      ).join('; '),
  ],
  ['masked number', (random) => `4${padded(random, 3)} **** **** ${padded(random, 4)}`],
  ['masked number, BIN shown', (random) => `4${padded(random, 5)}XXXXXX${padded(random, 4)}`],
  [
    'two masked numbers',
    (random) =>
      `4${padded(random, 3)} **** **** ${padded(random, 4)}, 5${padded(random, 3)} **** **** ${padded(random, 4)}`,
  ],
  ['tracking number', (random) => `4${padded(random, 21)}`],
  [
    'network address',
    (random) => Array.from({ length: 4 }, () => String(randomInteger(random, 1, 254))).join('.'),
  ],
  ['coordinates', (random) => `51.${padded(random, 4)}, -0.${padded(random, 4)}`],
  [
    'price list',
    (random) =>
      Array.from({ length: 5 }, () => `£${randomInteger(random, 10, 99)}.${padded(random, 2)}`).join(', '),
  ],
  [
    'CSV of ages',
    (random) => Array.from({ length: 9 }, () => String(randomInteger(random, 18, 95))).join(','),
  ],
  [
    'sort code and account',
    (random) => `${padded(random, 2)}-${padded(random, 2)}-${padded(random, 2)} a/c ${padded(random, 8)}`,
  ],
  ['digest', (random) => hexadecimal(random, 64)],
];

/** `count` numbers and `count` decoys, evenly strewn over prose of about `size` UTF-16 units. */
export function makeCorpus(size: number, count: number, seed: number): Corpus {
  const random = seedRandom(seed);
  const parts: string[] = [];
  let length = 0;
  const write = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  const numbers: Planted[] = [];
  const decoys: Planted[] = [];
  const stretch = size / (2 * count);
  for (let place = 0; place < 2 * count; place++) {
    while (length < stretch * (place + 0.5)) write(`${pick(random, sentences)} `);
    const start = length + 'Note: '.length;
    const isNumber = place % 2 === 0;
    const [kind, content, written] = isNumber ? writeNumber(random, numbers.length) : writeDecoy(random);
    write(`Note: ${written} . `);
    (isNumber ? numbers : decoys).push({ kind, content, start, end: start + written.length });
  }
  while (length < size) write(`${pick(random, sentences)} `);
  // Through bytes and back: one flat string, as a request body would be.
  return { text: new TextDecoder().decode(new TextEncoder().encode(parts.join(''))), numbers, decoys };
}

function writeNumber(random: Random, index: number): readonly [string, string, string] {
  const digits = makeEverydayNumber(random);
  const format = formats[index % formats.length] ?? disguises[0];
  return [format.name, digits, format.apply(digits, random)];
}

function writeDecoy(random: Random): readonly [string, string, string] {
  const [kind, make] = pick(random, decoyKinds);
  const content = make(random);
  return [kind, content, content];
}

/** Prose of the same kind without planted numbers: no run of digits longer than a date. */
export function makeProse(size: number, seed: number): string {
  return makeCorpus(size, 0, seed).text;
}
