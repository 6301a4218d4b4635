import { describe, expect, it } from 'vitest';
import { decodeEntryBundle, encodeEntryBundle, readEntryBundle } from '../../index.ts';
import { asyncRefusal, buildSampleLog, flipBit, refusalCode, sampleEntry } from '../../testing/sample-log.ts';

const entries = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, index) => sampleEntry(index));
const hexes = (hashes: readonly Uint8Array[]): string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('hex'));

describe('entry bundles', () => {
  const bundle = encodeEntryBundle([Buffer.from('one'), Buffer.alloc(0), Buffer.from('three')]);

  it('hold entries with their lengths before them', () => {
    expect(Buffer.from(bundle).toString('hex')).toBe(
      `0003${hexes([Buffer.from('one')])[0] ?? ''}00000005${hexes([Buffer.from('three')])[0] ?? ''}`,
    );
    expect(decodeEntryBundle(bundle, 3).map((entry) => Buffer.from(entry).toString())).toEqual([
      'one',
      '',
      'three',
    ]);
  });

  it('are refused with the byte when cut short anywhere or followed by more', () => {
    for (let length = 0; length < bundle.length; length += 1) {
      expect(refusalCode(() => decodeEntryBundle(bundle.subarray(0, length), 3))).toBe('bundle-malformed');
    }
    expect(() => decodeEntryBundle(Buffer.concat([bundle, Buffer.of(0)]), 3, 'tile/entries/000')).toThrow(
      '[tile/entries/000, byte 14]',
    );
  });

  it('are refused when empty, too many, or of too large entries', () => {
    expect(refusalCode(() => encodeEntryBundle([]))).toBe('bundle-malformed');
    expect(refusalCode(() => encodeEntryBundle(entries(257)))).toBe('bundle-malformed');
    expect(refusalCode(() => encodeEntryBundle([Buffer.alloc(65_536)]))).toBe('entry-too-large');
  });

  it('are checked entry by entry against the tree', async () => {
    const log = buildSampleLog(300);
    const full = encodeEntryBundle(entries(256));
    const partial = encodeEntryBundle(entries(300).slice(256));
    const good = log.reader(
      new Map([
        ['tile/entries/000', full],
        ['tile/entries/001.p/44', partial],
      ]),
    );
    expect(await readEntryBundle(good, 0)).toHaveLength(256);
    expect((await readEntryBundle(good, 1)).map((entry) => Buffer.from(entry).toString())[43]).toBe(
      'entry 299',
    );
    expect((await asyncRefusal(readEntryBundle(good, 2))).code).toBe('index-out-of-range');

    const changed = log.reader(new Map([['tile/entries/001.p/44', flipBit(partial, partial.length - 1)]]));
    const error = await asyncRefusal(readEntryBundle(changed, 1));
    expect(error.code).toBe('bundle-entry-changed');
    expect(error.place).toEqual({ source: 'tile/entries/001.p/44', byte: 43 * 11 });
    expect((await asyncRefusal(readEntryBundle(log.reader(), 1))).code).toBe('tile-missing');
  });

  it('are taken from the full bundle where the partial one was deleted', async () => {
    const log = buildSampleLog(300);
    const reader = log.reader(new Map([['tile/entries/001', encodeEntryBundle(entries(512).slice(256))]]));
    expect(await readEntryBundle(reader, 1)).toHaveLength(44);
  });
});
