import type { IdentifierKind, KnownPerson } from '../index.ts';
import { addNoise, drawNoise } from './noise.ts';
import { seedRandom, type Random } from './random.ts';
import { chooseWording, PLAIN, readShapes, type Shape } from './shapes.ts';
import { chooseCountry, drawCast, KIND_OF, type LabelType, type Piece } from './slots.ts';
import type { CorpusPart } from './words.ts';

/** A synthetic message, with where its identifiers stand. */
export interface Labelled {
  readonly kind: string;
  readonly text: string;
  readonly labels: readonly Label[];
  /** What the record knows of the person the message is about; none for a stranger's message. */
  readonly record?: KnownPerson;
}

export interface Label {
  /** Half-open range of UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly kind: IdentifierKind;
  readonly type: LabelType;
  /** The message's record has it. */
  readonly known: boolean;
}

/**
 * Clinic messages and notes: half of them of patients with a record, a third of strangers, the rest of nobody. The same seed gives the
 * same messages.
 */
export function makeCorpus(part: CorpusPart, count: number, seed: number): Labelled[] {
  const random = seedRandom(seed);
  const shapes = readShapes(part);
  const plain = shapes.filter(({ kind }) => kind === PLAIN);
  const personal = shapes.filter(({ kind }) => kind !== PLAIN);
  return Array.from({ length: count }, (_, index) =>
    index % 6 === 5
      ? makeMessage(plain[Math.floor(index / 6) % plain.length], part, false, random)
      : makeMessage(random.pick(personal), part, index % 6 < 3, random),
  );
}

function makeMessage(shape: Shape | undefined, part: CorpusPart, known: boolean, random: Random): Labelled {
  if (shape === undefined) throw new Error('there are no shapes');
  const template = chooseWording(shape.template, random);
  const { record, write } = drawCast(part, chooseCountry(template, random), random);
  const pieces = addNoise(readPieces(template, write), drawNoise(random), random);
  let text = '';
  const labels: Label[] = [];
  for (const piece of pieces) {
    if (piece.type !== undefined)
      labels.push({
        start: text.length,
        end: text.length + piece.text.length,
        kind: KIND_OF[piece.type],
        type: piece.type,
        known: known && piece.known === true,
      });
    text += piece.text;
  }
  return { kind: shape.kind, text, labels, ...(known && { record }) };
}

function readPieces(template: string, write: (slot: string) => Piece[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of template.matchAll(/\{(\w+)\}/gu)) {
    pieces.push({ text: template.slice(from, match.index) }, ...write(match[1] ?? ''));
    from = match.index + match[0].length;
  }
  return [...pieces, { text: template.slice(from) }];
}
