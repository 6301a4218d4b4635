import { describe, expect, it } from 'vitest';
import { CompactRange, MAX_TREE_SIZE, emptyRoot, hashLeaf } from '../../index.ts';
import { ReferenceTree } from '../../testing/reference-tree.ts';
import { refusalCode, sampleEntry } from '../../testing/sample-log.ts';

const leaves = Array.from({ length: 64 }, (_, index) => sampleEntry(index));
const reference = new ReferenceTree(leaves);
const rootOf = (size: number): Buffer => reference.root(size);

describe('a compact range', () => {
  it('goes on from its saved state as if it had never stopped', () => {
    for (let stop = 0; stop <= 40; stop += 1) {
      const first = new CompactRange();
      for (const entry of leaves.slice(0, stop)) first.append(hashLeaf(entry));
      const second = CompactRange.from(first.size, first.hashes());
      for (const entry of leaves.slice(stop)) second.append(hashLeaf(entry));
      expect(Buffer.from(second.root()).equals(rootOf(64))).toBe(true);
      expect(second.size).toBe(64);
    }
  });

  it('adds a batch as it adds single leaves', () => {
    const range = new CompactRange();
    range.appendMany(Buffer.concat(leaves.slice(0, 5).map(hashLeaf)));
    range.appendMany(Buffer.concat(leaves.slice(5).map(hashLeaf)));
    expect(Buffer.from(range.root()).equals(rootOf(64))).toBe(true);
  });

  it('adds nothing of a batch that is cut short', () => {
    const range = new CompactRange();
    expect(
      refusalCode(() => {
        range.appendMany(Buffer.alloc(63));
      }),
    ).toBe('hash-invalid');
    expect(
      refusalCode(() => {
        range.append(Buffer.alloc(33));
      }),
    ).toBe('hash-invalid');
    expect(range.size).toBe(0);
  });

  it('refuses a saved state that does not fit its size', () => {
    expect(refusalCode(() => CompactRange.from(3, [Buffer.alloc(32)]))).toBe('compact-range-invalid');
    expect(refusalCode(() => CompactRange.from(1, [Buffer.alloc(31)]))).toBe('hash-invalid');
    expect(refusalCode(() => CompactRange.from(-1, []))).toBe('size-invalid');
  });

  it('gives copies, so that a caller cannot change the tree', () => {
    const range = new CompactRange();
    range.append(hashLeaf(sampleEntry(0)));
    range.hashes()[0]?.fill(0);
    range.root().fill(0);
    expect(Buffer.from(range.root()).equals(rootOf(1))).toBe(true);
    new CompactRange().root().fill(0);
    expect(rootOf(0).equals(emptyRoot())).toBe(true);
  });

  it('stops at the largest size that can be counted exactly', () => {
    const full = CompactRange.from(
      MAX_TREE_SIZE,
      Array.from({ length: 53 }, () => Buffer.alloc(32)),
    );
    expect(
      refusalCode(() => {
        full.append(Buffer.alloc(32));
      }),
    ).toBe('size-invalid');
    expect(
      refusalCode(() => {
        full.appendMany(Buffer.alloc(32));
      }),
    ).toBe('size-invalid');
  });

  it('hashes entries of any length', () => {
    for (const length of [0, 1, 4095, 4096, 4097, 65_536]) {
      const entry = Buffer.alloc(length, 7);
      expect(Buffer.from(hashLeaf(entry)).equals(new ReferenceTree([entry]).root(1))).toBe(true);
    }
  });
});
