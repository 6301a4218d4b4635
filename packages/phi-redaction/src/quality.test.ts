import { describe, expect, it } from 'vitest';
import { compileKnown, findIdentifiers, type Finding } from '../index.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { makeCorpus, type Label, type Labelled } from '../testing/corpus.ts';
import { FAMILY, GIVEN } from '../testing/word-lists.ts';
import { fold } from './fold.ts';
import { isOrdinaryWord } from './ordinary-words.ts';

const searched = makeCorpus(2500, 20_261_122).map((message) => ({
  ...message,
  findings: findIdentifiers(
    message.text,
    message.record === undefined ? undefined : compileKnown([message.record]),
  ),
}));
type Searched = Labelled & { readonly findings: readonly Finding[] };

/** Nothing of it that is a letter or a digit is left. */
function isGone({ text, findings }: Searched, { start, end }: Label): boolean {
  for (let at = start; at < end; at += 1)
    if (/[\p{L}\p{N}]/u.test(text.charAt(at)) && !findings.some((each) => at >= each.start && at < each.end))
      return false;
  return true;
}

function recallOf(messages: readonly Searched[], counts: (label: Label) => boolean): number {
  const all = messages.flatMap((message) =>
    message.labels.filter(counts).map((label) => isGone(message, label)),
  );
  expect(all.length).toBeGreaterThan(100);
  return all.filter(Boolean).length / all.length;
}

const ofPatients = searched.filter(({ record }) => record !== undefined);
const ofStrangers = searched.filter(({ record }) => record === undefined);

describe('of 2,500 synthetic messages', () => {
  it('finds 99 % of what a known record tells', () => {
    expect(recallOf(ofPatients, () => true)).toBeGreaterThanOrEqual(0.99);
  });

  it('finds 99 % of the numbers, contacts, dates and places of strangers', () => {
    expect(recallOf(ofStrangers, ({ kind }) => kind !== 'person')).toBeGreaterThanOrEqual(0.99);
  });

  it('finds 80 % of the names of strangers', () => {
    expect(recallOf(ofStrangers, ({ kind }) => kind === 'person')).toBeGreaterThanOrEqual(0.8);
  });

  it('is right in 95 % of what it finds', () => {
    const right = searched.flatMap(({ findings, labels }) =>
      findings.map((finding) => labels.some(({ start, end }) => start < finding.end && finding.start < end)),
    );
    expect(right.filter(Boolean).length / right.length).toBeGreaterThanOrEqual(0.95);
  });

  it('is made of names that the detector has in no list', () => {
    for (const name of [...GIVEN, ...FAMILY]) {
      expect(GIVEN_NAMES.has(fold(name)), name).toBe(false);
      expect(isOrdinaryWord(fold(name)), name).toBe(false);
    }
  });
});
