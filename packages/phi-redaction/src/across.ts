import { mergeFindings, type Finding } from './finding.ts';
import type { KnownIdentifiers } from './known.ts';
import { findIdentifiers, searchView } from './redact.ts';
import { groupSeams, joinTexts, type Seamed } from './seamed-text.ts';
import { READ, readCutWord, readSeam } from './seam-words.ts';
import { isTorn, listShares, type Torn } from './torn-findings.ts';
import { findTornNumbers } from './torn-numbers.ts';
import { openView } from './view.ts';

/** One of several texts that are read one after another. */
export interface Passage {
  readonly text: string;
  /** Whose words they are: what somebody says goes on where they say the next, whatever another says between. */
  readonly voice: string;
}

/**
 * What `findIdentifiers` finds in each text, and what stands in several of them, a piece in each: a number that the next message ends, a
 * name that is cut in two. Each piece is a finding in its own text.
 * @throws {PhiRedactionError} `text-too-long` for a text beyond 200,000 UTF-16 units
 */
export function findAcross(passages: readonly Passage[], known?: KnownIdentifiers): Finding[][] {
  const alone = passages.map(({ text }) => findIdentifiers(text, known));
  if (passages.length < 2) return alone;
  const texts = passages.map(({ text }) => text);
  const found = alone.map((each) => [...each]);
  for (const order of listOrders(passages)) {
    const howAt = (place: number): number => readSeam(openSeam(texts, alone, order, place), known);
    for (const group of groupSeams(texts, order, howAt))
      for (const joint of ['glued', 'spaced'] as const) {
        if ((group.how & READ[joint]) === 0) continue;
        const seamed = joinTexts(texts, order, group, joint);
        const torn = searchSeams(seamed, (group.how & READ.names) !== 0, known);
        if (joint === 'spaced') torn.push(...findTornNumbers(seamed).map((each): Torn => ({ ...each, source: 'form', isJudged: true })));
        for (const each of torn) {
          const shares = listShares(seamed, each, texts, alone);
          if (!isTorn(seamed, each, shares, joint, known)) continue;
          // A piece of a name is none that could be looked for elsewhere.
          const source = shares.length > 1 && each.source === 'context' ? 'form' : each.source;
          for (const { index, start, end } of shares) found[index]?.push({ start, end, kind: each.kind, source });
        }
      }
  }
  return found.map(mergeFindings);
} // prettier-ignore

/** The indices of all texts as they follow each other, and then of each voice's, where there are several voices. */
export function listOrders(passages: readonly Passage[]): number[][] {
  const voices = new Map<string, number[]>();
  passages.forEach(({ voice }, index) => {
    const own = voices.get(voice);
    if (own === undefined) voices.set(voice, [index]);
    else own.push(index);
  });
  const all = passages.map((_, index) => index);
  return [all, ...(voices.size > 1 ? [...voices.values()].filter(({ length }) => length > 1) : [])];
}

function openSeam(
  texts: readonly string[],
  alone: readonly (readonly Finding[])[],
  order: readonly number[],
  place: number,
): Parameters<typeof readSeam>[0] {
  const [first, second] = [order[place] ?? -1, order[place + 1] ?? -1];
  const [before, behind] = [texts[first] ?? '', texts[second] ?? ''];
  const [last, next] = [alone[first]?.at(-1), alone[second]?.at(0)];
  return {
    before,
    behind,
    cutWord: readCutWord(texts, order, place),
    endsName: last?.kind === 'person' && last.end === before.length,
    beginsName: next?.kind === 'person' && next.start === 0,
  };
}

function searchSeams({ text }: Seamed, forNames: boolean, known: KnownIdentifiers | undefined): Torn[] {
  const view = openView(text);
  return searchView(view, known, forNames).map((each) => ({ ...each, ...view.locate(each.start, each.end) }));
}
