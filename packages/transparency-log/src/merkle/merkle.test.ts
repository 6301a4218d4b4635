import { describe, expect, it } from 'vitest';
import {
  CompactRange,
  MAX_TREE_SIZE,
  emptyRoot,
  hashLeaf,
  hashNode,
  inclusionProofLength,
  verifyConsistency,
  verifyInclusion,
} from '../../index.ts';
import {
  argon2020,
  ctConsistencyProofs,
  ctInclusionProofs,
  ctLeaves,
  ctRoots,
} from '../../testing/merkle-vectors.ts';
import { referencePath, referenceProof, referenceRoot } from '../../testing/reference-tree.ts';
import { flipBit, refusal, refusalCode, sampleEntry } from '../../testing/sample-log.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const base64 = (text: string): Buffer => Buffer.from(text, 'base64');
const ctRoot = (size: number): Buffer => hex(ctRoots[size - 1] ?? '');
const ctLeafHash = (index: number): Uint8Array => hashLeaf(hex(ctLeaves[index] ?? ''));

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
      refusalCode(() => {
        verifyInclusion({ index: index + 1, size, root, leafHash: base64(argon2020.leafHash), proof: path });
      }),
    ).toBe('inclusion-unproven');
  });
});

const leaves = Array.from({ length: 64 }, (_, index) => sampleEntry(index));
const roots = Array.from({ length: 65 }, (_, size) => referenceRoot(leaves.slice(0, size)));
const rootOf = (size: number): Buffer => roots[size] ?? Buffer.alloc(0);

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
        const proof = referencePath(index, leaves.slice(0, size));
        const claim = { index, size, leafHash: hashLeaf(sampleEntry(index)), root: rootOf(size), proof };
        verifyInclusion(claim);
        expect(inclusionProofLength(index, size)).toBe(proof.length);
        for (let other = 0; other < size; other += 1) {
          if (other !== index)
            refusal(() => {
              verifyInclusion({ ...claim, index: other });
            });
        }
        refusal(() => {
          verifyInclusion({ ...claim, leafHash: hashLeaf(sampleEntry(index + 1)) });
        });
        refusal(() => {
          verifyInclusion({ ...claim, root: rootOf(size - 1) });
        });
        for (const [position, hash] of proof.entries()) {
          refusal(() => {
            verifyInclusion({ ...claim, proof: proof.with(position, Buffer.from(flipBit(hash, 7))) });
          });
          refusal(() => {
            verifyInclusion({ ...claim, proof: proof.toSpliced(position, 1) });
          });
        }
        refusal(() => {
          verifyInclusion({ ...claim, proof: [...proof, rootOf(size)] });
        });
      }
    }
  });

  it('accepts the RFC 6962 consistency proof from each older size, and no other', () => {
    for (let newSize = 1; newSize <= 64; newSize += 1) {
      for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
        const proof = referenceProof(oldSize, leaves.slice(0, newSize));
        const claim = { oldSize, newSize, oldRoot: rootOf(oldSize), newRoot: rootOf(newSize), proof };
        verifyConsistency(claim);
        refusal(() => {
          verifyConsistency({ ...claim, oldRoot: flipBit(claim.oldRoot, 0) });
        });
        refusal(() => {
          verifyConsistency({ ...claim, newRoot: flipBit(claim.newRoot, 31) });
        });
        refusal(() => {
          verifyConsistency({ ...claim, proof: [...proof, rootOf(newSize)] });
        });
        refusal(() => {
          verifyConsistency({ ...claim, proof: [rootOf(oldSize), ...proof] });
        });
        for (const [position, hash] of proof.entries()) {
          refusal(() => {
            verifyConsistency({ ...claim, proof: proof.with(position, Buffer.from(flipBit(hash, 3))) });
          });
          refusal(() => {
            verifyConsistency({ ...claim, proof: proof.toSpliced(position, 1) });
          });
        }
      }
    }
  });
});

describe('the verifiers refuse', () => {
  const hash = Buffer.alloc(32, 1);

  it('any proof about an empty tree', () => {
    expect(
      refusalCode(() => {
        verifyInclusion({ index: 0, size: 0, leafHash: hash, root: emptyRoot(), proof: [] });
      }),
    ).toBe('tree-empty');
    for (const [oldSize, newSize] of [
      [0, 0],
      [0, 5],
      [5, 0],
    ] as const) {
      expect(
        refusalCode(() => {
          verifyConsistency({ oldSize, newSize, oldRoot: emptyRoot(), newRoot: emptyRoot(), proof: [] });
        }),
      ).toBe('tree-empty');
    }
  });

  it('an index at or past the end', () => {
    expect(
      refusalCode(() => {
        verifyInclusion({ index: 5, size: 5, leafHash: hash, root: hash, proof: [] });
      }),
    ).toBe('index-out-of-range');
  });

  it('sizes that are negative, fractional or not exact', () => {
    for (const size of [-1, 1.5, Number.NaN, MAX_TREE_SIZE + 1, Infinity]) {
      expect(
        refusalCode(() => {
          verifyInclusion({ index: 0, size, leafHash: hash, root: hash, proof: [] });
        }),
      ).toBe('size-invalid');
      expect(
        refusalCode(() => {
          verifyConsistency({ oldSize: 1, newSize: size, oldRoot: hash, newRoot: hash, proof: [] });
        }),
      ).toBe('size-invalid');
    }
  });

  it('hashes that are not 32 bytes', () => {
    const short = Buffer.alloc(31);
    expect(
      refusalCode(() => {
        verifyInclusion({ index: 0, size: 1, leafHash: short, root: short, proof: [] });
      }),
    ).toBe('hash-invalid');
    expect(
      refusalCode(() => {
        verifyInclusion({ index: 0, size: 2, leafHash: hash, root: hash, proof: [short] });
      }),
    ).toBe('hash-invalid');
    expect(
      refusalCode(() => {
        verifyConsistency({ oldSize: 1, newSize: 1, oldRoot: short, newRoot: short, proof: [] });
      }),
    ).toBe('hash-invalid');
    expect(refusalCode(() => hashNode(short, hash))).toBe('hash-invalid');
  });

  it('a newer tree that is smaller, as a rollback', () => {
    expect(
      refusalCode(() => {
        verifyConsistency({ oldSize: 3, newSize: 2, oldRoot: hash, newRoot: hash, proof: [] });
      }),
    ).toBe('sizes-out-of-order');
  });

  it('two roots for one size, as a fork', () => {
    expect(
      refusalCode(() => {
        verifyConsistency({ oldSize: 3, newSize: 3, oldRoot: hash, newRoot: flipBit(hash, 0), proof: [] });
      }),
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
    expect(
      refusalCode(() => {
        verifyInclusion(claim);
      }),
    ).toBe('proof-length-wrong');
  });
});

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
      expect(Buffer.from(hashLeaf(entry)).equals(referenceRoot([entry]))).toBe(true);
    }
  });
});
