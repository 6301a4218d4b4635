import type { IdentifierKind, KnownPerson } from '../index.ts';
import { drawPerson, WRITE_NAME, type Person } from './people.ts';
import type { Random } from './random.ts';
import {
  DRAW_NUMBER,
  drawNhsNumber,
  drawPhone,
  drawSsn,
  speakPhone,
  writeInGroups,
  writePhone,
} from './write-numbers.ts';
import { drawDay, MONTHS, speakDate, toIso, writeDate, writeShortDate, type Country } from './write-dates.ts';
import { halfOf, readFillers, STREETS, TOWNS, type CorpusPart } from './words.ts'; // prettier-ignore

/** What a label tells, finer than the kinds of findings. */
export const LABEL_TYPES = [
  'name', 'date', 'age over 89', 'telephone', 'e-mail', 'postcode', 'health or social number', 'other number', 'bank and card', 'vehicle', 'online', 'street', 'town',
] as const; // prettier-ignore
export type LabelType = (typeof LABEL_TYPES)[number];

export interface Piece {
  readonly text: string;
  readonly type?: LabelType;
  /** The record of the person whom the message is about has it. */
  readonly known?: boolean;
}

export type WriteSlot = (slot: string) => Piece[];

export const KIND_OF: Readonly<Record<LabelType, IdentifierKind>> = {
  name: 'person', date: 'date', 'age over 89': 'date', telephone: 'phone', 'e-mail': 'email', postcode: 'postcode',
  'health or social number': 'number', 'other number': 'number', 'bank and card': 'number', vehicle: 'number', online: 'link', street: 'address', town: 'address',
}; // prettier-ignore

const UK_ONLY = /\{(?:nhs|nino|sortcode|iban|postcode|otherPostcode|gdc|plate)\}/u;
const US_ONLY = /\{(?:ssn|usZip|mrn|licence)\}/u;
const BANK = new Set(['card', 'sortcode', 'account', 'iban']);

export function chooseCountry(template: string, random: Random): Country {
  if (UK_ONLY.test(template)) return 'uk';
  if (US_ONLY.test(template)) return 'us';
  return random.pick(['uk', 'us']);
}

/** The people of one message, what a record would know of the first, and how to write what a slot asks for. */
export function drawCast(
  part: CorpusPart,
  country: Country,
  random: Random,
): { readonly record: KnownPerson; readonly write: WriteSlot } {
  const [subject, other, third] = [0, 1, 2].map(() => drawDetails(part, country, random)) as [
    Details,
    Details,
    Details,
  ];
  const fillers = readFillers(part);
  const write: WriteSlot = (slot) => {
    const filled = writeFiller(slot, fillers, random);
    if (filled !== undefined) return filled;
    if (slot === 'otherGivenTwo') return writeDetail('Given', third, random, false);
    if (slot.startsWith('other')) return writeDetail(slot.slice('other'.length), other, random, false);
    if (slot.startsWith('third')) return writeDetail(slot.slice('third'.length), third, random, false);
    return writeDetail(slot.charAt(0).toUpperCase() + slot.slice(1), subject, random, true);
  };
  const { given, family } = subject.person;
  return {
    record: {
      names: [`${given} ${family}`],
      dates: [toIso(subject.born)],
      emails: [subject.email],
      numbers: [subject.phone, country === 'uk' ? subject.nhs : subject.ssn],
      addresses: [`${subject.street}, ${subject.town}, ${subject.postcode}`],
    },
    write,
  };
}

interface Details {
  readonly part: CorpusPart;
  readonly country: Country;
  readonly person: Person;
  readonly born: ReturnType<typeof drawDay>;
  readonly phone: string;
  readonly email: string;
  readonly nhs: string;
  readonly ssn: string;
  readonly street: string;
  readonly town: string;
  readonly postcode: string;
}

const asciiOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll('ł', 'l')
    .replaceAll(/[^A-Za-z]/gu, '')
    .toLowerCase();

function drawDetails(part: CorpusPart, country: Country, random: Random): Details {
  const person = drawPerson(part, random);
  const [given, family] = [asciiOf(person.given), asciiOf(person.family)];
  const local = random.pick([`${given}.${family}`, `${given.slice(0, 1)}${family}${random.digits(2)}`, `${family}_${given}`, `${given}${random.digits(4)}`, `the${family}s`]); // prettier-ignore
  const host = random.pick(['example.com', 'example.org', 'example.net', 'mail.example', 'post.example', 'example.co.uk', 'my-isp.test']); // prettier-ignore
  return {
    part,
    country,
    person,
    born: drawDay(random, 1935, 80),
    phone: drawPhone(country, random),
    email: `${local}@${host}`,
    nhs: drawNhsNumber(random),
    ssn: drawSsn(random),
    street: drawStreet(part, country, random),
    town: random.pick(halfOf(TOWNS, part)),
    postcode: country === 'uk' ? drawPostcode(random) : drawZip(random),
  };
}

const UK_STREET_KINDS = ['Road', 'Rd', 'Street', 'St', 'Lane', 'Avenue', 'Ave', 'Close', 'Crescent', 'Gardens', 'Terrace', 'Way', 'Grove', 'Drive', 'Court', 'Place', 'Mews', 'Hill']; // prettier-ignore
const US_STREET_KINDS = ['Street', 'St', 'St.', 'Avenue', 'Ave', 'Blvd', 'Drive', 'Dr', 'Road', 'Rd', 'Lane', 'Ln', 'Court', 'Ct', 'Parkway', 'Way', 'Place', 'Trail', 'Circle']; // prettier-ignore

function drawStreet(part: CorpusPart, country: Country, random: Random): string {
  const name = random.pick(halfOf(STREETS, part));
  const number = String(1 + random.below(country === 'uk' ? 240 : 9800));
  if (country === 'us') {
    const side = random.chance(0.2) ? `${random.pick(['N', 'S', 'E', 'West'])} ` : '';
    const flat = random.chance(0.2) ? random.pick([' Apt 4B', ', Apt. 12', ' #305', ' Unit 2']) : '';
    return `${number} ${side}${name} ${random.pick(US_STREET_KINDS)}${flat}`;
  }
  const house = random.chance(0.12)
    ? random.pick(['Flat 2, ', 'Flat 3b, ', 'Apartment 14, ', 'Unit 5 '])
    : '';
  return `${house}${number}${random.chance(0.1) ? 'a' : ''} ${name} ${random.pick(UK_STREET_KINDS)}`;
}

/** Of the form of BS 7666; whether the post office uses it is left to chance. */
function drawPostcode(random: Random): string {
  const area = random.pick(['LS', 'YO', 'M', 'SW', 'EC', 'B', 'CR', 'DN', 'G', 'EH', 'CF', 'BT', 'NE', 'PL', 'N', 'W', 'TR', 'IV']); // prettier-ignore
  const district = area === 'EC' ? '1A' : String(1 + random.below(area.length === 1 ? 40 : 20));
  const unit = `${String(random.below(10))}${random.letter('ABDEFGHJLNPQRSTUWXYZ')}${random.letter('ABDEFGHJLNPQRSTUWXYZ')}`;
  return `${area}${district} ${unit}`;
}

const STATES = ['CA', 'TX', 'OH', 'NY', 'WA', 'FL', 'GA', 'MN', 'CO', 'NC', 'PA', 'AZ', 'OR'];

function drawZip(random: Random): string {
  return `${random.pick(STATES)} ${String(10000 + random.below(89999))}`;
}

function writeDetail(slot: string, details: Details, random: Random, known: boolean): Piece[] {
  const { country, person, born, phone, email, nhs, ssn } = details;
  const one = (type: LabelType, text: string, ofRecord = known): Piece[] => [{ text, type, known: ofRecord }];
  const writeName = WRITE_NAME[slot];
  if (writeName !== undefined)
    return writeName(person, random).map(({ text, name }) =>
      name ? { text, type: 'name', known } : { text },
    );
  switch (slot) {
    case 'Born':
      return one('date', known && random.chance(0.05) ? toIso(born).replaceAll('-', '').replace(/(\d{4})(\d\d)(\d\d)/u, country === 'uk' ? '$3$2$1' : '$2$3$1') : writeDate(born, country, random)); // prettier-ignore
    case 'Date':
    case 'Date2': {
      const day = drawDay(random, 2023, 4);
      const text = random.chance(0.4) ? writeShortDate(day, random) : writeDate(day, country, random);
      // A day of the week or an article before it tells nothing.
      const before = /^(?:the|\w+day,?) /u.exec(text)?.[0] ?? '';
      return [{ text: before }, ...one('date', text.slice(before.length), false)];
    }
    case 'SpokenDate':
      return one('date', speakDate(born, random), false);
    case 'Age90':
      return one('age over 89', String(90 + random.below(12)), false);
    case 'Phone':
      return one('telephone', writePhone(phone, country, random));
    case 'SpokenPhone':
      return one(
        'telephone',
        random.chance(0.6) ? speakPhone(phone, random) : writePhone(phone, country, random),
      );
    case 'Email':
      return one('e-mail', random.chance(0.1) ? writeAround(email, random) : email);
    case 'SpokenEmail':
      return one('e-mail', random.chance(0.6) ? email.replaceAll('.', ' dot ').replace('@', ' at ').replaceAll('_', ' underscore ') : email); // prettier-ignore
    case 'Street':
      return one('street', details.street);
    case 'Town':
      return one('town', details.town);
    case 'Postcode':
    case 'UsZip':
      return one('postcode', random.chance(0.2) && country === 'uk' ? details.postcode.replace(' ', '') : details.postcode); // prettier-ignore
    case 'Nhs':
      return one('health or social number', writeInGroups(nhs, [3, 3, 4], random));
    case 'Ssn':
      return one('health or social number', writeInGroups(ssn, [3, 2, 4], random));
    case 'Url':
      return one('online', `${random.pick(['https://', 'http://', 'www.', 'https://www.'])}${random.pick(['photos.example/a/', 'example.org/p?id=', 'scan.example.com/'])}${asciiOf(person.family)}${random.digits(3)}`, false); // prettier-ignore
    case 'Handle':
      return one('online', `@${asciiOf(person.given)}_${random.digits(2)}`, false);
    default: {
      const draw = DRAW_NUMBER[slot.toLowerCase()];
      if (draw === undefined) throw new Error(`no such slot: ${slot}`);
      return one(typeOfNumber(slot.toLowerCase()), draw(random), false);
    }
  }
}

function typeOfNumber(slot: string): LabelType {
  if (slot === 'ip') return 'online';
  if (slot === 'plate') return 'vehicle';
  if (slot === 'nino') return 'health or social number';
  return BANK.has(slot) ? 'bank and card' : 'other number';
}

function writeAround(email: string, random: Random): string {
  return random.pick([
    email.replace('@', ' (at) '),
    email.replace('@', '[at]'),
    email.replace('@', ' @ '),
    email.replace('@', ' at ').replaceAll('.', ' dot '),
    email.toUpperCase(),
  ]);
}

const TEETH = [
  'UR6',
  'LL8',
  '36',
  '46',
  'UL1',
  '21',
  '14',
  'LR7',
  '#30',
  '#19',
  'lower right 6',
  'UL E',
  '11',
];
const SPANS = [
  'three days',
  '2 weeks',
  'a month',
  '10 days',
  'about 6 hours',
  '48 hours',
  '9 months',
  '20 minutes',
];
const TIMES = ['9:15', '10am', '2.30 pm', '14:45', 'half past four', '11:05', '8.50', 'noon'];
const PRICES = [
  '£299',
  '$1,250.00',
  '£62.50',
  '£1,950',
  '$180',
  '45 pounds',
  '£23.80',
  '€400',
  '1200 dollars',
];
const DOSES = ['400 mg', '500mg', '2.2 ml', '5 mg', '10mg/ml', '75 mg', '1 g', '100 micrograms'];

/** Numbers and words that tell of nobody, and a month, which does so with its year alone. */
function writeFiller(
  slot: string,
  fillers: ReadonlyMap<string, readonly string[]>,
  random: Random,
): Piece[] | undefined {
  const words =
    fillers.get(slot) ??
    { tooth: TEETH, span: SPANS, time: TIMES, price: PRICES, dose: DOSES, age: ['34', '7', '61', '45', '82', '19', '12'] }[slot]; // prettier-ignore
  if (words !== undefined) return [{ text: random.pick(words) }];
  if (slot !== 'month') return undefined;
  const month = random.pick(MONTHS);
  return random.chance(0.5)
    ? [{ text: month }]
    : [{ text: `${month} ${String(2019 + random.below(7))}`, type: 'date', known: false }];
}
