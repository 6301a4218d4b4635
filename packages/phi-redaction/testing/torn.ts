import type { Passage } from '../index.ts';
import { makeCorpus, type Label, type Labelled } from './corpus.ts';
import { seedRandom, type Random } from './random.ts';
import type { CorpusPart } from './words.ts';

/** A message of the corpus in two, cut inside one of its identifiers, as two parts, messages or turns. */
export interface TornMessage {
  readonly message: Labelled;
  readonly label: Label;
  readonly passages: readonly Passage[];
  /** Of each passage, where it begins in the message; null of what another said between. */
  readonly starts: readonly (number | null)[];
}

const BETWEEN = ['Thank you.', 'Please go on.', 'And the rest?', 'I see. Could you tell me more, please?'];

export function makeTorn(part: CorpusPart, count: number, seed: number): TornMessage[] {
  const random = seedRandom(seed);
  return makeCorpus(part, count, seed).flatMap((message): TornMessage[] => {
    const long = message.labels.filter(({ start, end }) => end - start >= 5);
    if (long.length === 0) return [];
    const label = random.pick(long);
    return [tear(message, label, label.start + 2 + random.below(label.end - label.start - 3), random)];
  });
}

function tear(message: Labelled, label: Label, at: number, random: Random): TornMessage {
  const { text } = message;
  const way = random.below(3);
  const head = { text: way === 0 ? text.slice(0, at) : text.slice(0, at).trimEnd(), voice: 'user' };
  const rest = text.slice(at);
  const tail = { text: way === 0 ? rest : rest.trimStart(), voice: 'user' };
  const start = text.length - tail.text.length;
  if (way < 2) return { message, label, passages: [head, tail], starts: [0, start] };
  const between = { text: random.pick(BETWEEN), voice: 'assistant' };
  return { message, label, passages: [head, between, tail], starts: [0, null, start] };
}

/** Whole messages as turns of one conversation: what a search over their seams finds besides is found by mistake. */
export function makeTurns(part: CorpusPart, count: number, seed: number, each: number): Labelled[][] {
  const messages = makeCorpus(part, count, seed);
  return Array.from({ length: Math.floor(messages.length / each) }, (_, turn) =>
    messages.slice(turn * each, (turn + 1) * each),
  );
}
