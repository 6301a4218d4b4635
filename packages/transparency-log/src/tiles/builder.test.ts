import { describe, expect, it, vi } from 'vitest';
import { TileBuilder, hashLeaf } from '../../index.ts';
import { ReferenceTree } from '../../testing/reference-tree.ts';
import { asyncRefusal, buildSampleLog, flipBit, refusalCode, sampleEntry } from '../../testing/sample-log.ts';

// Many cases; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const entries = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, index) => sampleEntry(index));
const reference = new ReferenceTree(entries(700));

describe('a tile builder', () => {
  it('publishes a tree of 70,000 as the specification describes it', () => {
    const { files } = buildSampleLog(70_000);
    const paths = [...files.keys()];
    expect(paths.filter((path) => /^tile\/0\/\d{3}$/.test(path))).toHaveLength(273);
    expect(paths.filter((path) => path.includes('.p/')).sort()).toEqual([
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect(paths).toContain('tile/1/000');
    expect(paths).toHaveLength(273 + 1 + 3);
  });

  it('publishes a tree of 256 as one full tile and a partial one above it', () => {
    expect([...buildSampleLog(256).files.keys()]).toEqual(['tile/0/000', 'tile/1/000.p/1']);
  });

  it('has the root that RFC 6962 defines at every size to 64, and around the tile edges', () => {
    for (const size of [...Array(65).keys(), 255, 256, 257, 511, 512, 513, 700]) {
      expect(reference.root(size).equals(buildSampleLog(size).root)).toBe(true);
    }
  });

  it('publishes only what is new', () => {
    const builder = new TileBuilder();
    builder.append(hashLeaf(sampleEntry(0)));
    expect(builder.drain().map(({ path }) => path)).toEqual(['tile/0/000.p/1']);
    expect(builder.drain()).toEqual([]);
  });

  it('goes on from published tiles as if it had never stopped', async () => {
    for (const stop of [0, 1, 200, 256, 300, 512]) {
      const builder = await TileBuilder.resume(buildSampleLog(stop).reader());
      expect(builder.drain()).toEqual([]);
      for (let index = stop; index < 600; index += 1) builder.append(hashLeaf(sampleEntry(index)));
      expect(builder.size).toBe(600);
      expect(reference.root(600).equals(builder.root())).toBe(true);
    }
  });

  it('does not go on from tiles that were changed', async () => {
    const log = buildSampleLog(300);
    const tile = log.files.get('tile/0/001.p/44') ?? new Uint8Array();
    const reader = log.reader(new Map([['tile/0/001.p/44', flipBit(tile, 40)]]));
    expect((await asyncRefusal(TileBuilder.resume(reader))).code).toBe('tile-damaged');
  });

  it('refuses a leaf that is not a hash', () => {
    expect(
      refusalCode(() => {
        new TileBuilder().append(Buffer.alloc(31));
      }),
    ).toBe('hash-invalid');
  });
});
