import type { IdentifierKind, KnownPerson } from '../index.ts';
import { makePerson, type Person } from './people.ts';
import { seedRandom, type Random } from './random.ts';
import { KNOWN_TEMPLATES, OTHER_TEMPLATES, PLAIN_MESSAGES } from './templates.ts';

/** A synthetic message, with where its identifiers stand. */
export interface Labelled {
  readonly text: string;
  readonly labels: readonly Label[];
  /** What the record knows of the person the message is about; none for a stranger's message. */
  readonly record?: KnownPerson;
}

export interface Label {
  readonly start: number;
  readonly end: number;
  readonly kind: IdentifierKind;
}

type Slot = keyof Person['spellings'];

/** Clinic messages and notes of patients with a record, of strangers, and without anybody in them. */
export function makeCorpus(count: number, seed: number): Labelled[] {
  const random = seedRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const person = makePerson(random, index % 2 === 0 ? 'uk' : 'us');
    if (index % 5 === 4) return { text: random.pick(PLAIN_MESSAGES), labels: [] };
    if (index % 5 === 3) return fill(random.pick(OTHER_TEMPLATES), person, random);
    return { ...fill(random.pick(KNOWN_TEMPLATES), person, random), record: person.record };
  });
}

/** Puts a person's details in the places of `{slot}`, and notes where they came to stand. */
function fill(template: string, person: Person, random: Random): Labelled {
  const lower = random.chance(0.2);
  let text = '';
  const labels: Label[] = [];
  let from = 0;
  for (const match of template.matchAll(/\{(\w+)\}/gu)) {
    text += template.slice(from, match.index);
    const slot = match[1] as Slot;
    const { kind, written } = person.spellings[slot](random);
    labels.push({ start: text.length, end: text.length + written.length, kind });
    text += written;
    from = match.index + match[0].length;
  }
  text += template.slice(from);
  // Lower case keeps the length of every letter that the lists have.
  return { text: lower ? text.toLowerCase() : text, labels };
}
