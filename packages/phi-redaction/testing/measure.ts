import type { Finding } from '../index.ts';
import type { Labelled } from './corpus.ts';
import { LABEL_TYPES, type LabelType } from './slots.ts';

export type Range = Pick<Finding, 'start' | 'end'>;
export type Search = (message: Labelled) => readonly Range[];

export interface Count {
  readonly right: number;
  readonly all: number;
}

/** How a detector did on a corpus. */
export interface Measured {
  readonly knownRecall: ReadonlyMap<LabelType, Count>;
  readonly unknownRecall: ReadonlyMap<LabelType, Count>;
  /** Findings that lie on a label, of all findings. */
  readonly precision: Count;
  /** The same in letters and digits: a finding that takes words along with a name is half right. */
  readonly characterPrecision: Count;
  readonly precisionByKind: ReadonlyMap<string, Count>;
}

/** A label counts as found when no letter and no digit of it is left. */
export function measure(messages: readonly Labelled[], search: Search): Measured {
  const known = new Map<LabelType, Count>(LABEL_TYPES.map((type) => [type, { right: 0, all: 0 }]));
  const unknown = new Map(known);
  const byKind = new Map<string, Count>();
  let characterPrecision: Count = { right: 0, all: 0 };
  for (const message of messages) {
    const findings = search(message);
    const covered = cover(message.text.length, findings);
    for (const label of message.labels)
      count(label.known ? known : unknown, label.type, isGone(message.text, label, covered));
    for (const finding of findings)
      count(
        byKind,
        'kind' in finding ? String(finding.kind) : 'any',
        message.labels.some(({ start, end }) => start < finding.end && finding.start < end),
      );
    const meant = cover(message.text.length, message.labels);
    for (let at = 0; at < covered.length; at += 1)
      if (covered[at] === 1 && SIGNIFICANT.test(message.text.charAt(at)))
        characterPrecision = add(characterPrecision, meant[at] === 1);
  }
  return {
    knownRecall: known,
    unknownRecall: unknown,
    precision: sumOf(byKind),
    characterPrecision,
    precisionByKind: byKind,
  };
}

const SIGNIFICANT = /[\p{L}\p{N}]/u;

export function isGone(text: string, { start, end }: Range, covered: Uint8Array): boolean {
  for (let at = start; at < end; at += 1)
    if (covered[at] !== 1 && SIGNIFICANT.test(text.charAt(at))) return false;
  return true;
}

export function cover(length: number, ranges: readonly Range[]): Uint8Array {
  const covered = new Uint8Array(length);
  for (const { start, end } of ranges) covered.fill(1, start, end);
  return covered;
}

function add({ right, all }: Count, isRight: boolean): Count {
  return { right: right + Number(isRight), all: all + 1 };
}

function count<Key>(counts: Map<Key, Count>, key: Key, isRight: boolean): void {
  counts.set(key, add(counts.get(key) ?? { right: 0, all: 0 }, isRight));
}

export function sumOf(counts: ReadonlyMap<string, Count>, only?: readonly string[]): Count {
  let sum: Count = { right: 0, all: 0 };
  for (const [key, { right, all }] of counts)
    if (only === undefined || only.includes(key)) sum = { right: sum.right + right, all: sum.all + all };
  return sum;
}

export function shareOf({ right, all }: Count): number {
  return all === 0 ? 1 : right / all;
}
