import type { IdentifierKind, KnownPerson } from '../index.ts';
import type { Random } from './random.ts';
import {
  FAMILY,
  GIVEN,
  OTHER_ALPHABETS,
  UK_POSTCODES,
  UK_STREETS,
  US_STATES,
  US_STREETS,
  WORDLY_FAMILY,
} from './word-lists.ts';

interface Written {
  readonly kind: IdentifierKind;
  readonly written: string;
}

type Spell = (random: Random) => Written;

/** Somebody who does not exist, and the ways in which people write what a record knows of them. */
export interface Person {
  readonly record: KnownPerson;
  readonly spellings: Readonly<
    Record<
      | 'name'
      | 'given'
      | 'family'
      | 'formal'
      | 'slip'
      | 'pet'
      | 'foreign'
      | 'stranger'
      | 'strangerGiven'
      | 'born'
      | 'date'
      | 'phone'
      | 'email'
      | 'street'
      | 'postcode'
      | 'number'
      | 'reference',
      Spell
    >
  >;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export function makePerson(random: Random, country: 'uk' | 'us'): Person {
  const foreign = random.pick(OTHER_ALPHABETS);
  const inOtherAlphabet = random.chance(0.08);
  const given = inOtherAlphabet ? foreign.given : random.pick(GIVEN);
  const family = inOtherAlphabet
    ? foreign.family
    : random.chance(0.1)
      ? random.pick(WORDLY_FAMILY)
      : random.pick(FAMILY);
  const born = { year: 1935 + random.below(80), month: 1 + random.below(12), day: 1 + random.below(28) };
  const phone =
    country === 'uk'
      ? `07${random.digits(9)}`
      : `(${String(200 + random.below(700))}) ${String(200 + random.below(700))}-${random.digits(4)}`;
  const email =
    `${given}.${family}${random.digits(2)}@example.${random.pick(['com', 'co.uk', 'org'])}`.toLowerCase();
  const number =
    country === 'uk' ? random.digits(10) : `${random.digits(3)}-${random.digits(2)}-${random.digits(4)}`;
  const street = `${String(1 + random.below(240))} ${random.pick(country === 'uk' ? UK_STREETS : US_STREETS)}`;
  const postcode = random.pick(country === 'uk' ? UK_POSTCODES : US_STATES);
  const person = (written: string): Written => ({ kind: 'person', written });
  return {
    record: {
      names: [`${given} ${family}`],
      dates: [toIso(born)],
      emails: [email],
      numbers: [phone, number],
      addresses: [`${street}, ${postcode}`],
    },
    spellings: {
      name: () => person(`${given} ${family}`),
      given: () => person(given),
      family: () => person(family),
      formal: () => person(`${family}, ${given}`),
      slip: (from) => person(makeSlip(given, from)),
      pet: () => person(`${given.slice(0, 4)}${random.pick(['', 'y', 'ie'])}`),
      foreign: () => person(inOtherAlphabet ? foreign.written : `${given} ${family}`),
      stranger: (from) => person(`${from.pick(GIVEN)} ${from.pick(FAMILY)}`),
      strangerGiven: (from) => person(from.pick(GIVEN)),
      born: (from) => ({ kind: 'date', written: writeDate(born, country, from) }),
      date: (from) => ({
        kind: 'date',
        written: writeDate(
          { year: 2020 + from.below(7), month: 1 + from.below(12), day: 1 + from.below(28) },
          country,
          from,
        ),
      }),
      phone: (from) => ({ kind: 'phone', written: writePhone(phone, country, from) }),
      email: (from) => ({ kind: 'email', written: from.chance(0.15) ? email.replace('@', ' (at) ') : email }),
      street: () => ({ kind: 'address', written: street }),
      postcode: (from) => ({
        kind: 'postcode',
        written:
          from.chance(0.3) && country === 'uk'
            ? postcode.replace(' ', '')
            : postcode.replace(/^[A-Z]{2} (?=\d{5})/u, '$&'),
      }),
      number: (from) => ({
        kind: 'number',
        written:
          from.chance(0.5) && country === 'uk'
            ? number.replace(/(\d{3})(\d{3})(\d{4})/u, '$1 $2 $3')
            : number,
      }),
      reference: (from) => ({
        kind: 'number',
        written: `${from.pick(['', 'P', 'HX-', 'INV'])}${from.digits(6 + from.below(3))}`,
      }),
    },
  };
}

interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

function toIso({ year, month, day }: CalendarDay): string {
  return `${String(year)}-${two(month)}-${two(day)}`;
}

function writeDate(date: CalendarDay, country: 'uk' | 'us', random: Random): string {
  const { year, month, day } = date;
  const [first, second] = country === 'uk' ? [day, month] : [month, day];
  const name = MONTHS[month - 1] ?? '';
  const short = name.slice(0, 3);
  return random.pick([
    `${two(first)}/${two(second)}/${String(year)}`,
    `${String(first)}/${String(second)}/${two(year % 100)}`,
    `${two(first)}.${two(second)}.${String(year)}`,
    `${String(first)}-${String(second)}-${String(year)}`,
    toIso(date),
    `${String(day)} ${name} ${String(year)}`,
    `${String(day)}${ordinal(day)} of ${name} ${String(year)}`,
    `${name} ${String(day)}, ${String(year)}`,
    `${short} ${String(day)}${ordinal(day)} ${String(year)}`,
    `${two(day)} ${short} ’${two(year % 100)}`,
  ]);
}

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

function writePhone(phone: string, country: 'uk' | 'us', random: Random): string {
  const digits = phone.replace(/\D/gu, '');
  return country === 'uk'
    ? random.pick([
        phone,
        `${digits.slice(0, 5)} ${digits.slice(5)}`,
        `+44 ${digits.slice(1, 5)} ${digits.slice(5)}`,
        `${digits.slice(0, 5)}-${digits.slice(5, 8)}-${digits.slice(8)}`,
      ])
    : random.pick([
        phone,
        `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`,
        `${digits.slice(0, 3)}.${digits.slice(3, 6)}.${digits.slice(6)}`,
        `+1 ${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`,
        digits,
      ]);
}

/** One slip of the hand, not on the first letter. */
function makeSlip(name: string, random: Random): string {
  const at = 1 + random.below(name.length - 2);
  const swapped = `${name.slice(0, at)}${name[at + 1] ?? ''}${name[at] ?? ''}${name.slice(at + 2)}`;
  return random.pick([
    swapped,
    name.slice(0, at) + name.slice(at + 1),
    `${name.slice(0, at)}${name[at] ?? ''}${name.slice(at)}`,
  ]);
}
