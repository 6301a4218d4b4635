import { describe, expect, it, vi } from 'vitest';
import {
  CompactRange,
  hashLeaf,
  inclusionProofLength,
  verifyConsistency,
  verifyInclusion,
} from '../../index.ts';
import { ReferenceTree } from '../../testing/reference-tree.ts';
import {
  consistencyRefusalCode,
  flipBit,
  inclusionRefusalCode,
  sampleEntry,
} from '../../testing/sample-log.ts';

// Many cases; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const leaves = Array.from({ length: 64 }, (_, index) => sampleEntry(index));
const reference = new ReferenceTree(leaves);
const rootOf = (size: number): Buffer => reference.root(size);

describe('every tree of up to 64 leaves', () => {
  it('has the root that RFC 6962 defines', () => {
    const range = new CompactRange();
    expect(rootOf(0).equals(range.root())).toBe(true);
    leaves.forEach((entry, index) => {
      range.append(hashLeaf(entry));
      expect(Buffer.from(range.root()).equals(rootOf(index + 1))).toBe(true);
    });
  });

  it('accepts the RFC 6962 inclusion proof of each leaf, and none for another index, leaf, root or size', () => {
    for (let size = 1; size <= 64; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = reference.path(index, size);
        const claim = { index, size, leafHash: hashLeaf(sampleEntry(index)), root: rootOf(size), proof };
        verifyInclusion(claim);
        expect(inclusionProofLength(index, size)).toBe(proof.length);
        for (const other of [0, index - 1, index + 1, index ^ 2, size - 1]) {
          if (other !== index) inclusionRefusalCode({ ...claim, index: other });
        }
        inclusionRefusalCode({ ...claim, leafHash: hashLeaf(sampleEntry(index + 1)) });
        inclusionRefusalCode({ ...claim, root: rootOf(size - 1) });
        const position = index % Math.max(proof.length, 1);
        const sibling = proof[position];
        if (sibling !== undefined) {
          inclusionRefusalCode({ ...claim, proof: proof.with(position, Buffer.from(flipBit(sibling, 7))) });
          inclusionRefusalCode({ ...claim, proof: proof.toSpliced(position, 1) });
        }
        inclusionRefusalCode({ ...claim, proof: [...proof, rootOf(size)] });
      }
    }
  });

  it('accepts the RFC 6962 consistency proof from each older size, and no other', () => {
    for (let newSize = 1; newSize <= 64; newSize += 1) {
      for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
        const proof = reference.proof(oldSize, newSize);
        const claim = { oldSize, newSize, oldRoot: rootOf(oldSize), newRoot: rootOf(newSize), proof };
        verifyConsistency(claim);
        consistencyRefusalCode({ ...claim, oldRoot: flipBit(claim.oldRoot, 0) });
        consistencyRefusalCode({ ...claim, newRoot: flipBit(claim.newRoot, 31) });
        consistencyRefusalCode({ ...claim, proof: [...proof, rootOf(newSize)] });
        consistencyRefusalCode({ ...claim, proof: [rootOf(oldSize), ...proof] });
        const position = oldSize % Math.max(proof.length, 1);
        const sibling = proof[position];
        if (sibling === undefined) continue;
        consistencyRefusalCode({ ...claim, proof: proof.with(position, Buffer.from(flipBit(sibling, 3))) });
        consistencyRefusalCode({ ...claim, proof: proof.toSpliced(position, 1) });
      }
    }
  });
});
