import { describe, expect, it } from 'vitest';
import { CompactRange, commit, MAX_TREE_SIZE, emptyRoot, hashLeaf, hashNode } from '../../index.ts';
import { ctLeaves, ctRoots } from '../../testing/merkle-vectors.ts';
import {
  consistencyRefusalCode,
  flipBit,
  inclusionRefusalCode,
  refusalCode,
} from '../../testing/sample-log.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const ctRoot = (size: number): Buffer => hex(ctRoots[size - 1] ?? '');
const ctLeafHash = (index: number): Uint8Array => hashLeaf(hex(ctLeaves[index] ?? ''));

describe('the verifiers refuse', () => {
  const hash = Buffer.alloc(32, 1);

  it('any proof about an empty tree', () => {
    expect(inclusionRefusalCode({ index: 0, size: 0, leafHash: hash, root: emptyRoot(), proof: [] })).toBe(
      'tree-empty',
    );
    for (const [oldSize, newSize] of [
      [0, 0],
      [0, 5],
      [5, 0],
    ] as const) {
      expect(
        consistencyRefusalCode({ oldSize, newSize, oldRoot: emptyRoot(), newRoot: emptyRoot(), proof: [] }),
      ).toBe('tree-empty');
    }
  });

  it('text where bytes are due, as plain JavaScript may pass it', () => {
    const text = 'x'.repeat(32) as unknown as Uint8Array;
    const range = new CompactRange();
    expect(refusalCode(() => hashLeaf(text))).toBe('entry-invalid');
    expect(refusalCode(() => hashNode(text, hash))).toBe('hash-invalid');
    expect(refusalCode(() => commit(text, 'a'))).toBe('salt-invalid');
    expect(refusalCode(() => commit(hash, 5 as unknown as string))).toBe('entry-invalid');
    expect(
      refusalCode(() => {
        range.append(text);
      }),
    ).toBe('hash-invalid');
    expect(
      refusalCode(() => {
        range.appendMany(text);
      }),
    ).toBe('entry-invalid');
  });

  it('an index at or past the end', () => {
    expect(inclusionRefusalCode({ index: 5, size: 5, leafHash: hash, root: hash, proof: [] })).toBe(
      'index-out-of-range',
    );
  });

  it('sizes that are negative, fractional or not exact', () => {
    for (const size of [-1, 1.5, Number.NaN, MAX_TREE_SIZE + 1, Infinity]) {
      expect(inclusionRefusalCode({ index: 0, size, leafHash: hash, root: hash, proof: [] })).toBe(
        'size-invalid',
      );
      expect(
        consistencyRefusalCode({ oldSize: 1, newSize: size, oldRoot: hash, newRoot: hash, proof: [] }),
      ).toBe('size-invalid');
    }
  });

  it('hashes that are not 32 bytes', () => {
    const short = Buffer.alloc(31);
    expect(inclusionRefusalCode({ index: 0, size: 1, leafHash: short, root: short, proof: [] })).toBe(
      'hash-invalid',
    );
    expect(inclusionRefusalCode({ index: 0, size: 2, leafHash: hash, root: hash, proof: [short] })).toBe(
      'hash-invalid',
    );
    expect(
      consistencyRefusalCode({ oldSize: 1, newSize: 1, oldRoot: short, newRoot: short, proof: [] }),
    ).toBe('hash-invalid');
    expect(refusalCode(() => hashNode(short, hash))).toBe('hash-invalid');
  });

  it('a newer tree that is smaller, as a rollback', () => {
    expect(consistencyRefusalCode({ oldSize: 3, newSize: 2, oldRoot: hash, newRoot: hash, proof: [] })).toBe(
      'sizes-out-of-order',
    );
  });

  it('two roots for one size, as a fork', () => {
    expect(
      consistencyRefusalCode({ oldSize: 3, newSize: 3, oldRoot: hash, newRoot: flipBit(hash, 0), proof: [] }),
    ).toBe('fork-detected');
  });

  it('an inner node passed off as a leaf', () => {
    const inner = hashNode(ctLeafHash(0), ctLeafHash(1));
    const children = Buffer.concat([ctLeafHash(0), ctLeafHash(1)]);
    expect(Buffer.from(hashLeaf(children)).equals(inner)).toBe(false);
    const claim = {
      index: 0,
      size: 4,
      leafHash: inner,
      root: ctRoot(4),
      proof: [hashNode(ctLeafHash(2), ctLeafHash(3))],
    };
    expect(inclusionRefusalCode(claim)).toBe('proof-length-wrong');
  });
});
