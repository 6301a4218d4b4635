import { TransparencyLogError } from '../error.ts';
import { assertHash, hashNode, hashesEqual } from './hash.ts';
import { assertCount } from './subtree.ts';

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Returns when the proof shows that the newer tree begins with exactly the older tree's leaves.
 * Size 0 is refused: every tree is consistent with the empty one, so such a proof would say nothing.
 * @throws TransparencyLogError `tree-empty`, `sizes-out-of-order`, `fork-detected` (equal sizes, different roots),
 *   `hash-invalid`, `proof-length-wrong` or `consistency-unproven`.
 * @see RFC 9162, section 2.1.4.2 (the algorithm for RFC 6962 trees)
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  assertCount(oldSize, 'older tree size');
  assertCount(newSize, 'newer tree size');
  assertHash(oldRoot);
  assertHash(newRoot);
  if (oldSize === 0 || newSize === 0) throw new TransparencyLogError('tree-empty');
  const detail = `sizes ${oldSize} and ${newSize}`;
  if (oldSize > newSize) throw new TransparencyLogError('sizes-out-of-order', { detail });
  if (oldSize === newSize) {
    if (proof.length > 0) throw lengthError(detail, 0, proof.length);
    if (!hashesEqual(oldRoot, newRoot)) throw new TransparencyLogError('fork-detected', { detail });
    return;
  }
  const [seed, ...path] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (seed === undefined) throw lengthError(detail, undefined, proof.length);
  let position = oldSize - 1;
  let last = newSize - 1;
  while (position % 2 === 1) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  let oldHash = seed;
  let newHash = seed;
  for (const sibling of path) {
    if (last === 0) throw lengthError(detail, undefined, proof.length);
    if (position % 2 === 1 || position === last) {
      oldHash = hashNode(sibling, oldHash);
      newHash = hashNode(sibling, newHash);
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newHash = hashNode(newHash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw lengthError(detail, undefined, proof.length);
  if (!hashesEqual(oldHash, oldRoot) || !hashesEqual(newHash, newRoot)) {
    throw new TransparencyLogError('consistency-unproven', { detail });
  }
}

function isPowerOfTwo(size: number): boolean {
  let rest = size;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}

function lengthError(sizes: string, expected: number | undefined, found: number): TransparencyLogError {
  const needed = expected === undefined ? 'another number of' : String(expected);
  return new TransparencyLogError('proof-length-wrong', {
    detail: `${sizes} need ${needed} hashes, got ${found}`,
  });
}
