import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeFindings, openRestoreStream, Pseudonyms, type Finding } from '../index.ts';

const newConversation = (): Pseudonyms => {
  const key = randomBytes(32);
  return new Pseudonyms((words) => createHmac('sha256', key).update(words).digest());
};

const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.lorem({ maxCount: 40 }));
const textAndFindings = text.chain((value) =>
  fc
    .array(
      fc.tuple(fc.nat(value.length), fc.nat(value.length), fc.constantFrom('person', 'date', 'number')),
      {
        maxLength: 8,
      },
    )
    .map((ranges) => ({
      value,
      findings: mergeFindings(
        ranges
          .filter(([a, b]) => a !== b)
          .map(([a, b, kind]): Finding => ({
            start: Math.min(a, b),
            end: Math.max(a, b),
            kind,
            source: 'record',
          })),
      ),
    })),
);

describe('pseudonyms', () => {
  it('turn back into exactly what was replaced, whatever the text, in whatever pieces', () => {
    fc.assert(
      fc.property(textAndFindings, fc.array(fc.nat(220), { maxLength: 30 }), ({ value, findings }, cuts) => {
        const spaced = spaceOut(value, findings);
        const conversation = newConversation();
        const replaced = conversation.replace(spaced.value, spaced.findings);
        expect(conversation.restore(replaced)).toBe(spaced.value);
        const stream = openRestoreStream(conversation);
        const edges = [
          0,
          ...cuts.map((cut) => Math.min(cut, replaced.length)).toSorted((a, b) => a - b),
          replaced.length,
        ];
        const pieces = edges.slice(1).map((edge, at) => stream.push(replaced.slice(edges[at], edge)));
        expect(pieces.join('') + stream.finish()).toBe(spaced.value);
      }),
    );
  });

  it('hold back no more than the longest of them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 50 })), (pieces) => {
        const stream = openRestoreStream(newConversation());
        let given = 0;
        let taken = 0;
        for (const piece of pieces) {
          given += piece.length;
          taken += stream.push(piece).length;
          expect(given - taken).toBeLessThanOrEqual('postcode'.length + 3 + 8);
        }
      }),
    );
  });
});

/** Puts a space on both sides of each finding: detectors find whole words. */
function spaceOut(value: string, findings: readonly Finding[]): { value: string; findings: Finding[] } {
  let out = '';
  let from = 0;
  const moved: Finding[] = [];
  for (const finding of findings) {
    out += `${value.slice(from, finding.start)} `;
    const start = out.length;
    out += value.slice(finding.start, finding.end);
    moved.push({ ...finding, start, end: out.length });
    out += ' ';
    from = finding.end;
  }
  return { value: out + value.slice(from), findings: moved };
}
