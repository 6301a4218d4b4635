import { TransparencyLogError } from '../error.ts';
import { assertHash, hashNode, hashesEqual } from './hash.ts';
import { assertIndex } from './subtree.ts';

export interface InclusionClaim {
  /** Zero-based. */
  readonly index: number;
  readonly leafHash: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  /** Sibling hashes, from the leaf's up to the root's child. */
  readonly proof: readonly Uint8Array[];
}

/**
 * Returns when the proof shows that the leaf stands at that index of that tree.
 * @throws TransparencyLogError `tree-empty`, `index-out-of-range`, `hash-invalid`, `proof-length-wrong` or
 *   `inclusion-unproven`.
 * @see RFC 9162, section 2.1.3.2 (the algorithm for RFC 6962 trees)
 */
export function verifyInclusion(claim: InclusionClaim): void {
  const { index, size, leafHash, proof, root } = claim;
  assertIndex(index, size);
  assertHash(leafHash);
  assertHash(root);
  const expected = inclusionProofLength(index, size);
  if (proof.length !== expected) {
    throw new TransparencyLogError('proof-length-wrong', {
      detail: `entry ${index} of ${size} needs ${expected} hashes, got ${proof.length}`,
    });
  }
  let position = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (position % 2 === 1 || position === last) {
      hash = hashNode(sibling, hash);
      // At the right edge a node without a right sibling moves up unchanged.
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  if (!hashesEqual(hash, root)) {
    throw new TransparencyLogError('inclusion-unproven', { detail: `entry ${index} of ${size}` });
  }
}

/** How many hashes an inclusion proof has: one for each level below which the leaf has a sibling. */
export function inclusionProofLength(index: number, size: number): number {
  assertIndex(index, size);
  let position = index;
  let last = size - 1;
  let length = 0;
  while (last > 0) {
    if (position % 2 === 1 || position < last) length += 1;
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return length;
}
