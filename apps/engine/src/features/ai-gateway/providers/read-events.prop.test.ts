import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents } from './read-events.ts';

async function* cutAt(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (const [at, edge] of edges.entries()) {
    await Promise.resolve();
    yield bytes.subarray(edges[at - 1] ?? 0, edge);
  }
}

async function read(bytes: Buffer, cuts: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { data } of readEvents(cutAt(bytes, cuts))) found.push(data);
  return found;
}

const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
/** What may stand between the lines of an event and has no part in its data. */
const beside = fc.oneof(
  line.map((text) => `:${text}`),
  fc.constantFrom(
    'event: delta',
    'event',
    'id: 7',
    'id',
    'retry: 10',
    'retry: soon',
    'unknown: x',
    'no colon',
  ),
);
const event = fc.record({
  before: fc.array(beside, { maxLength: 3 }),
  data: fc.array(line, { minLength: 1, maxLength: 4 }),
  spaced: fc.boolean(),
});
const stream = fc.record({
  events: fc.array(event, { maxLength: 6 }),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  mark: fc.constantFrom('', '\u{feff}'),
  cuts: fc.array(fc.nat(2_000), { maxLength: 40 }),
});

describe('an event stream as the standard allows it', () => {
  it('is read whatever its line ends, comments and fields, wherever its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(stream, async ({ events, lineEnd, mark, cuts }) => {
        const lines = events.flatMap(({ before, data, spaced }) => [
          ...before,
          // One space behind the colon is not part of the data.
          ...data.map((text) => (spaced || text.startsWith(' ') ? `data: ${text}` : `data:${text}`)),
          '',
        ]);
        const bytes = Buffer.from(mark + lines.map((each) => each + lineEnd).join(''));
        expect(await read(bytes, cuts)).toEqual(events.map(({ data }) => data.join('\n')));
      }),
    );
  });

  it('is read when each byte comes by itself', async () => {
    const bytes = Buffer.from('\u{feff}: hello\r\ndata: grüß\r\ndata: dich 🦷\r\n\r\nevent: x\rdata: 二\r\rdata: [DONE]\n\n');
    const every = Array.from(bytes, (_byte, at) => at);
    expect(await read(bytes, every)).toEqual(['grüß\ndich 🦷', '二', '[DONE]']);
  });

  it('has no event that does not end with a blank line', async () => {
    expect(await read(Buffer.from('data: a\n\ndata: b\n'), [])).toEqual(['a']);
  });

  it.each([
    ['one line without an end', 'data: ', 'x'.repeat(65_536)],
    ['one event of ever more lines', '', `data: ${'x'.repeat(1_000)}\n`],
  ])('ends where an event is beyond every size: %s', async (_what, first, piece) => {
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from(first);
      for (;;) {
        await Promise.resolve();
        given += piece.length;
        yield Buffer.from(piece);
      }
    }
    const all = async (): Promise<void> => {
      for await (const found of readEvents(endless())) expect(found).toBeUndefined();
    };
    await expect(all()).rejects.toMatchObject({ code: 'ai-provider-failed' });
    expect(given).toBeLessThan(2_000_000);
  });

  it('that is no UTF-8 is none', async () => {
    await expect(read(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a]), [])).rejects.toMatchObject({
      code: 'ai-provider-failed',
    });
  });
}); // prettier-ignore
