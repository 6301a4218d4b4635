import { describe, expect, it, vi } from 'vitest';
import {
  TileReader,
  emptyRoot,
  hashLeaf,
  proveConsistency,
  proveInclusion,
  rootAtSize,
  verifyConsistency,
  verifyInclusion,
} from '../../index.ts';
import { ReferenceTree } from '../../testing/reference-tree.ts';
import { asyncRefusal, buildSampleLog, refusalCode, sampleEntry } from '../../testing/sample-log.ts';

// Many cases; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const entries = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, index) => sampleEntry(index));
const hexes = (hashes: readonly Uint8Array[]): string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('hex'));

describe('proofs from tiles', () => {
  it('are those of RFC 6962 for every leaf and older size of every tree of up to 64', async () => {
    const reader = buildSampleLog(64).reader();
    const reference = new ReferenceTree(entries(64));
    for (let size = 1; size <= 64; size += 1) {
      expect(hexes([await rootAtSize(reader, size)])).toEqual(hexes([reference.root(size)]));
      for (let index = 0; index < size; index += 1) {
        const { leafHash, proof } = await proveInclusion(reader, index, size);
        expect(hexes([leafHash])).toEqual(hexes([hashLeaf(sampleEntry(index))]));
        expect(hexes(proof)).toEqual(hexes(reference.path(index, size)));
        expect(hexes(await proveConsistency(reader, index + 1, size))).toEqual(
          hexes(reference.proof(index + 1, size)),
        );
      }
    }
  });

  it('verify across tile edges, up to three levels of tiles', async () => {
    const size = 66_000;
    const log = buildSampleLog(size);
    const reader = log.reader();
    const marks = [
      1,
      2,
      255,
      256,
      257,
      511,
      512,
      513,
      4096,
      65_535,
      65_536,
      65_537,
      65_791,
      65_792,
      65_793,
      size,
    ];
    for (const treeSize of marks) {
      const root = await rootAtSize(reader, treeSize);
      for (const mark of marks.filter((each) => each <= treeSize)) {
        const index = mark - 1;
        const { leafHash, proof } = await proveInclusion(reader, index, treeSize);
        verifyInclusion({ index, size: treeSize, root, leafHash: hashLeaf(sampleEntry(index)), proof });
        expect(hexes([leafHash])).toEqual(hexes([hashLeaf(sampleEntry(index))]));
        verifyConsistency({
          oldSize: mark,
          oldRoot: await rootAtSize(reader, mark),
          newSize: treeSize,
          newRoot: root,
          proof: await proveConsistency(reader, mark, treeSize),
        });
      }
    }
  });

  it('are refused for an empty tree, an older size of 0, a leaf outside, a size beyond the reader', async () => {
    const reader = buildSampleLog(10).reader();
    const empty = new TileReader({ size: 0, root: emptyRoot(), readTile: () => Promise.resolve(undefined) });
    expect((await asyncRefusal(proveInclusion(empty, 0))).code).toBe('tree-empty');
    expect((await asyncRefusal(proveConsistency(reader, 0))).code).toBe('tree-empty');
    expect((await asyncRefusal(proveInclusion(reader, 10))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(proveInclusion(reader, 3, 11))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(proveConsistency(reader, 3, 11))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(proveConsistency(reader, 5, 4))).code).toBe('sizes-out-of-order');
    expect((await asyncRefusal(rootAtSize(reader, 11))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(reader.node({ level: 4, index: 0 }))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(reader.node({ level: 0, index: -1 }))).code).toBe('size-invalid');
    const readTile = (): Promise<undefined> => Promise.resolve(undefined);
    expect(refusalCode(() => new TileReader({ size: 0, root: Buffer.alloc(32), readTile }))).toBe(
      'checkpoint-malformed',
    );
  });
});
