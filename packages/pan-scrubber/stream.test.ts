import { describe, expect, it } from 'vitest';
import { openScrubStream, PanScrubberError, scrub } from './index.ts';
import { MAX_HELD } from './stream.ts';

function scrubInPieces(text: string, size: number): string {
  const stream = openScrubStream();
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += size) parts.push(stream.push(text.slice(at, at + size)).value);
  parts.push(stream.finish().value);
  return parts.join('');
}

describe('a scrubbing stream', () => {
  it('holds prose back by a word', () => {
    const stream = openScrubStream();
    expect(stream.push('Please take two tab').value).toBe('Please take');
    expect(stream.push('lets a day with').value).toBe(' two tablets a day');
    expect(stream.finish().value).toBe(' with');
  });

  it('gives offsets from the start of the stream', () => {
    const stream = openScrubStream();
    const findings = [
      ...stream.push('the number is 4111 1111').findings,
      ...stream.push(' 1111 1111 and that was').findings,
      ...stream.finish().findings,
    ];
    expect(findings).toEqual([{ start: 14, end: 33, reason: 'network-number' }]);
  });

  it.each(['4111 1111 1111 1111 ', '4111111111111112', '%34%31', 'Part: 41111111\n', '4111\n'])(
    'scrubs endless %j as the whole text, and holds no more than it promises',
    (unit) => {
      const text = unit.repeat(Math.ceil((3 * MAX_HELD) / unit.length));
      expect(scrubInPieces(text, 1000)).toBe(scrub(text).value);
      const stream = openScrubStream();
      let held = 0;
      for (let at = 0; at < text.length; at += 1000) {
        const piece = text.slice(at, at + 1000);
        const { value, findings } = stream.push(piece);
        const replaced = findings.reduce(
          (sum, { start, end }) => sum + end - start - '[REDACTED-PAN]'.length,
          0,
        );
        held += piece.length - value.length - replaced;
        expect(held).toBeLessThanOrEqual(1.5 * MAX_HELD + 1000);
      }
    },
  );

  it.each([
    ['a tag', '4111<span class="some words in it">1111 1111 1111</span> end'],
    [
      'a form',
      'first part: 4111\nand then the second part of it: 1111\nthird: 1111\nlast: 1111\n\nthank you',
    ],
    ['base64', 'see NDExMTExMTExMTExMTExMSA= end'],
    ['an escape', 'see 4111&nbsp;1111&nbsp;1111%C2%A01111 end'],
    ['misread digits', 'see SSSS 5555 5555 4444 end'],
  ])('waits for the end of %s', (_name, text) => {
    const { value } = scrub(text);
    expect(value).toContain('[REDACTED-PAN]');
    for (let size = 1; size < 12; size++) expect(scrubInPieces(text, size)).toBe(value);
  });

  it('refuses pieces after its end', () => {
    const stream = openScrubStream();
    stream.finish();
    for (const use of [() => stream.push('x'), () => stream.finish()]) {
      expect(use).toThrow(expect.objectContaining({ code: 'stream-finished' }));
      expect(use).toThrow(PanScrubberError);
    }
  });
});
