import { compileKnown, findAcross, findIdentifiers, type Finding, type Passage } from '../index.ts';
import { makeCorpus, type Label, type Labelled } from './corpus.ts';
import { cover, isGone, type Count } from './measure.ts';
import { seedRandom, type Random } from './random.ts';
import type { CorpusPart } from './words.ts';

/** A message of the corpus in two, cut inside one of its identifiers, as two parts, messages or turns. */
interface TornMessage {
  readonly message: Labelled;
  readonly label: Label;
  readonly passages: readonly Passage[];
  /** Of each passage, where it begins in the message; null of what another said between. */
  readonly starts: readonly (number | null)[];
}

/** Where identifiers are cut: between two groups or words, as people do, or anywhere. */
export type Cut = 'between groups' | 'anywhere';

const BETWEEN = ['Thank you.', 'Please go on.', 'And the rest?', 'I see. Could you tell me more, please?'];
const SHORTEST = 5;

function makeTorn(part: CorpusPart, count: number, seed: number, cut: Cut): TornMessage[] {
  const random = seedRandom(seed);
  return makeCorpus(part, count, seed).flatMap((message): TornMessage[] => {
    const long = message.labels.filter(({ start, end }) => end - start >= SHORTEST);
    const label = long[random.below(Math.max(1, long.length))];
    const at = label === undefined ? undefined : choosePlace(message.text, label, cut, random);
    return label === undefined || at === undefined ? [] : [tear(message, label, at, random)];
  });
} // prettier-ignore

function choosePlace(text: string, { start, end }: Label, cut: Cut, random: Random): number | undefined {
  if (cut === 'anywhere') return start + 2 + random.below(end - start - 3);
  const gaps = Array.from(
    text.slice(start + 1, end - 1).matchAll(/[ -]/gu),
    ({ index }) => start + index + 2,
  );
  return gaps.length === 0 ? undefined : random.pick(gaps);
}

function tear(message: Labelled, label: Label, at: number, random: Random): TornMessage {
  const { text } = message;
  const way = random.below(3);
  const rest = text.slice(at);
  const head = { text: way === 0 ? text.slice(0, at) : text.slice(0, at).trimEnd(), voice: 'user' };
  const tail = { text: way === 0 ? rest : rest.trimStart(), voice: 'user' };
  const start = text.length - tail.text.length;
  if (way < 2) return { message, label, passages: [head, tail], starts: [0, start] };
  const between = { text: random.pick(BETWEEN), voice: 'assistant' };
  return { message, label, passages: [head, between, tail], starts: [0, null, start] };
}

/** How many identifiers of some types are gone from both texts that hold a part of them. */
export function measureTorn(
  part: CorpusPart,
  seed: number,
  {
    cut,
    types,
    count,
  }: { readonly cut: Cut; readonly types: (label: Label) => boolean; readonly count: number },
): { readonly alone: Count; readonly across: Count } {
  let [all, alone, across] = [0, 0, 0];
  for (const { message, label, passages, starts } of makeTorn(part, count, seed, cut)) {
    if (!types(label)) continue;
    const known = message.record === undefined ? undefined : compileKnown([message.record]);
    const isCovered = (found: readonly (readonly Finding[])[]): boolean => {
      const inMessage = found.flatMap((each, index) => {
        const from = starts[index] ?? null;
        return from === null ? [] : each.map(({ start, end }) => ({ start: from + start, end: from + end }));
      });
      return isGone(message.text, label, cover(message.text.length, inMessage));
    };
    all += 1;
    if (isCovered(passages.map(({ text }) => findIdentifiers(text, known)))) alone += 1;
    if (isCovered(findAcross(passages, known))) across += 1;
  }
  return { alone: { right: alone, all }, across: { right: across, all } };
}

const TURNS = 8;

/** Whole messages as turns of one conversation, which have nothing to do with each other: what is found over their seams besides is wrong. */
export function measureJoins(part: CorpusPart, seed: number, count: number): Count {
  const messages = makeCorpus(part, count, seed);
  let [all, wrong] = [0, 0];
  for (let from = 0; from + TURNS <= messages.length; from += TURNS) {
    const turns = messages.slice(from, from + TURNS);
    const record = turns.find((each) => each.record !== undefined)?.record;
    const known = record === undefined ? undefined : compileKnown([record]);
    const found = findAcross(turns.map(({ text }) => ({ text, voice: 'user' })), known);
    turns.forEach((turn, index) => {
      const alone = cover(turn.text.length, findIdentifiers(turn.text, known));
      const meant = cover(turn.text.length, turn.labels);
      for (const { start, end } of found[index] ?? []) {
        all += 1;
        const isNew = !isGone(turn.text, { start, end }, alone);
        if (isNew && !meant.slice(start, end).includes(1)) wrong += 1;
      }
    });
  }
  return { right: all - wrong, all };
} // prettier-ignore
