import type { Random } from './random.ts';
import {
  FAMILY,
  GIVEN,
  halfOf,
  IRREGULAR_NICKNAMES,
  makeSlip,
  NATIVE_NAMES,
  WORDLY_FAMILY,
  type CorpusPart,
} from './words.ts';

/** Somebody who does not exist. */
export interface Person {
  readonly given: string;
  readonly family: string;
  /** The whole name as its bearer writes it, where that is in another alphabet. */
  readonly native?: string;
}

const PARTICLES = ['van der', 'de', 'van', 'von', 'da', 'al-', 'de la', 'bin'];

export function drawPerson(part: CorpusPart, random: Random): Person {
  if (random.chance(0.06)) {
    const { latin, written } = random.pick(halfOf(NATIVE_NAMES, part));
    const [given = '', family = ''] = latin.split(' ');
    return { given, family, native: written };
  }
  return { given: random.pick(halfOf(GIVEN, part)), family: drawFamily(part, random) };
}

function drawFamily(part: CorpusPart, random: Random): string {
  const families = halfOf(FAMILY, part);
  const chance = random.next();
  if (chance < 0.06) return `${random.pick(families)}-${random.pick(families)}`;
  if (chance < 0.09) {
    const particle = random.pick(PARTICLES);
    return `${particle}${particle.endsWith('-') ? '' : ' '}${random.pick(families)}`;
  }
  if (chance < 0.15) return random.pick(halfOf(WORDLY_FAMILY, part));
  return random.pick(families);
}

/** A piece of a message; `name` where it tells who somebody is. */
export interface NamePiece {
  readonly text: string;
  readonly name?: true;
}

type WriteName = (person: Person, random: Random) => NamePiece[];

const name = (text: string): NamePiece => ({ text, name: true });
const rest = (text: string): NamePiece => ({ text });

/** The ways in which people write each other’s names. */
export const WRITE_NAME: Readonly<Record<string, WriteName>> = {
  Name: ({ given, family }, random) => {
    const chance = random.next();
    if (chance < 0.05) return [name(`${given} ${random.letter('ABDEJKMRST')}. ${family}`)];
    if (chance < 0.08) return [name(`${given} ${family.toUpperCase()}`)];
    return [name(`${given} ${family}`)];
  },
  Given: ({ given }) => [name(given)],
  Family: ({ family }) => [name(family)],
  Formal: ({ given, family }, random) =>
    [
      [name(`${family}, ${given}`)],
      [name(`${family.toUpperCase()}, ${given}`)],
      [name(`${family.toUpperCase()} ${given}`)],
      [name(`${family}, ${given.slice(0, 1)}.`)],
    ][random.below(4)] ?? [],
  FormalCsv: ({ given, family }) => [name(given), rest(' '), name(family)],
  Initialled: ({ given, family }, random) => [
    name(`${given.slice(0, 1)}${random.pick(['. ', ' ', '.'])}${family}`),
  ],
  Slip: ({ given }, random) => [name(makeSlip(given, random))],
  Pet: ({ given }, random) => {
    const known = IRREGULAR_NICKNAMES.get(given);
    if (known !== undefined && random.chance(0.5)) return [name(known)];
    return [name(`${given.slice(0, Math.min(4, given.length - 1))}${random.pick(['', 'y', 'ie', 'o'])}`)];
  },
  Native: ({ given, family, native }) => [name(native ?? `${given} ${family}`)],
  Possessive: ({ given }) => [name(given), rest(given.endsWith('s') ? "'" : "'s")],
  Spelled: ({ family }, random) => [
    name(
      Array.from(family.replaceAll(/[^\p{L}]/gu, '').toUpperCase()).join(random.pick(['-', ' ', '. '])),
    ),
  ],
  TitleName: ({ given, family }, random) => [
    rest(`${random.pick(['Mr', 'Mrs', 'Ms', 'Miss', 'Mr.', 'Mrs.'])} `),
    name(random.chance(0.25) ? `${given.slice(0, 1)} ${family}` : random.chance(0.2) ? `${given} ${family}` : family),
  ],
}; // prettier-ignore
