import { describe, expect, it } from 'vitest';
import { CompactRange, hashLeaf, verifyConsistency, verifyInclusion } from '../../index.ts';
import {
  argon2020,
  ctConsistencyProofs,
  ctInclusionProofs,
  ctLeaves,
  ctRoots,
} from '../../testing/merkle-vectors.ts';
import { inclusionRefusalCode } from '../../testing/sample-log.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const ctRoot = (size: number): Buffer => hex(ctRoots[size - 1] ?? '');
const ctLeafHash = (index: number): Uint8Array => hashLeaf(hex(ctLeaves[index] ?? ''));
const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

describe('published Certificate Transparency vectors', () => {
  it('give the roots of the reference tree, leaf by leaf', () => {
    const range = new CompactRange();
    ctLeaves.forEach((_, index) => {
      range.append(ctLeafHash(index));
      expect(ctRoot(index + 1).equals(range.root())).toBe(true);
    });
  });

  it('verify as inclusion proofs', () => {
    for (const [index, size, proof] of ctInclusionProofs) {
      verifyInclusion({
        index,
        size,
        leafHash: ctLeafHash(index),
        root: ctRoot(size),
        proof: proof.map(hex),
      });
    }
  });

  it('verify as consistency proofs', () => {
    for (const [oldSize, newSize, proof] of ctConsistencyProofs) {
      verifyConsistency({
        oldSize,
        newSize,
        oldRoot: ctRoot(oldSize),
        newRoot: ctRoot(newSize),
        proof: proof.map(hex),
      });
    }
  });

  it('verify as served by a real log of 961,984,013 entries', () => {
    const { index, size, oldSize } = argon2020;
    const root = base64(argon2020.root);
    const path = [...argon2020.inclusion, ...argon2020.top].map(base64);
    verifyInclusion({ index, size, root, leafHash: base64(argon2020.leafHash), proof: path });
    const proof = [...argon2020.consistency, ...argon2020.top].map(base64);
    verifyConsistency({ oldSize, oldRoot: base64(argon2020.oldRoot), newSize: size, newRoot: root, proof });
    expect(
      inclusionRefusalCode({
        index: index + 1,
        size,
        root,
        leafHash: base64(argon2020.leafHash),
        proof: path,
      }),
    ).toBe('inclusion-unproven');
  });
});
