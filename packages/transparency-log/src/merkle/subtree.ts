import { TransparencyLogError } from '../error.ts';
import { emptyRoot, hashNode } from './hash.ts';

/** The largest tree this library handles. JavaScript counts exactly up to here; at 50,000 leaves/s it lasts 5,700 years. */
export const MAX_TREE_SIZE = Number.MAX_SAFE_INTEGER;

/** A perfect subtree: leaves [index * 2^level, (index + 1) * 2^level). */
export interface NodeAddress {
  readonly level: number;
  readonly index: number;
}

/** Leaves [start, end) of one subtree of the tree, as RFC 6962 splits it. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

export function assertCount(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TransparencyLogError('size-invalid', { detail: `${what}: ${value}` });
  }
}

/** Refuses an index that has no leaf, and the empty tree, in which nothing can be proven. */
export function assertIndex(index: number, size: number): void {
  assertCount(index, 'index');
  assertCount(size, 'tree size');
  if (size === 0) throw new TransparencyLogError('tree-empty');
  if (index >= size) {
    throw new TransparencyLogError('index-out-of-range', { detail: `index ${index}, tree size ${size}` });
  }
}

/** The largest power of two smaller than `size`, which must be at least 2. RFC 6962, section 2.1. */
function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The siblings on the way from a leaf up to the root: PATH(m, D[n]) of RFC 6962, section 2.1.1. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
}

/** The subtrees that tie an older tree to a newer one: PROOF(m, D[n]) of RFC 6962, section 2.1.2. */
export function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = newSize;
  while (end !== oldSize) {
    const middle = start + splitPoint(end - start);
    if (oldSize <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  // The old tree's own root is known to the verifier and left out, unless it is only a part of the old tree.
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}

/**
 * The perfect subtrees that make up a range, from left to right. The range must be one that RFC 6962 splits off:
 * its start is a multiple of the power of two that covers its length.
 */
export function perfectSubtrees(range: LeafRange): NodeAddress[] {
  const nodes: NodeAddress[] = [];
  let start = range.start;
  while (start < range.end) {
    const left = range.end - start;
    let width = 1;
    let level = 0;
    while (width * 2 <= left) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: start / width });
    start += width;
  }
  return nodes;
}

/** The root of a range from the hashes of its perfect subtrees, left to right. RFC 6962, section 2.1. */
export function foldSubtrees(subtrees: readonly Uint8Array[]): Uint8Array {
  const folded = subtrees.reduceRight<Uint8Array | undefined>(
    (right, left) => (right === undefined ? left : hashNode(left, right)),
    undefined,
  );
  return folded ?? emptyRoot();
}
