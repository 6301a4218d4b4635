import { TransparencyLogError } from '../error.ts';
import { assertCount, assertIndex, consistencyRanges, inclusionRanges } from '../merkle/subtree.ts';
import { type TileReader } from './reader.ts';

export interface ProvenLeaf {
  readonly index: number;
  /** The leaf's hash as the log has it; compare it with the hash of the entry you hold. */
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Makes an inclusion proof from verified tiles.
 * @param size of the tree to prove in; the reader's own, or that of an older checkpoint.
 * @throws TransparencyLogError as TileReader.node does, and `tree-empty` or `index-out-of-range`.
 */
export async function proveInclusion(
  reader: TileReader,
  index: number,
  size = reader.size,
): Promise<ProvenLeaf> {
  assertIndex(index, size);
  assertWithin(reader, size);
  const [leafHash, ...proof] = await Promise.all([
    reader.node({ level: 0, index }),
    ...inclusionRanges(index, size).map((range) => reader.subtree(range)),
  ]);
  return { index, leafHash, proof };
}

/**
 * Makes a proof that the tree of `newSize` begins with the tree of `oldSize`.
 * @throws TransparencyLogError as TileReader.node does, and `tree-empty`, `sizes-out-of-order` or `index-out-of-range`.
 */
export async function proveConsistency(
  reader: TileReader,
  oldSize: number,
  newSize = reader.size,
): Promise<Uint8Array[]> {
  assertCount(oldSize, 'older tree size');
  assertCount(newSize, 'newer tree size');
  if (oldSize === 0 || newSize === 0) throw new TransparencyLogError('tree-empty');
  if (oldSize > newSize) {
    throw new TransparencyLogError('sizes-out-of-order', { detail: `sizes ${oldSize} and ${newSize}` });
  }
  assertWithin(reader, newSize);
  return Promise.all(consistencyRanges(oldSize, newSize).map((range) => reader.subtree(range)));
}

/** The root of an older size of the same log, from verified tiles. */
export async function rootAtSize(reader: TileReader, size: number): Promise<Uint8Array> {
  assertCount(size, 'tree size');
  assertWithin(reader, size);
  return reader.subtree({ start: 0, end: size });
}

function assertWithin(reader: TileReader, size: number): void {
  if (size > reader.size) {
    throw new TransparencyLogError('index-out-of-range', {
      detail: `size ${size} was asked of a tree of ${reader.size}`,
    });
  }
}
