import { HASH_BYTES, hashPairWithin } from '../merkle/hash.ts';
import { TILE_WIDTH } from './path.ts';

/** Levels of the Merkle tree that one tile spans. */
export const TILE_HEIGHT = 8;

/** How many hashes a tree of that size has at a tile level. C2SP tlog-tiles, "Partial Tiles". */
export function tileCount(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/**
 * A tile with the inner nodes between its hashes and its root, laid out as a binary heap: node 1 is the root,
 * nodes 2n and 2n + 1 are the children of n, and 256 to 511 are the hashes the tile itself holds.
 */
export class HashedTile {
  readonly width: number;
  readonly #nodes: Buffer;

  /** @param hashes `width` times 32 bytes; copied. Nodes whose leaves are not all there stay unset. */
  constructor(hashes: Uint8Array, width: number) {
    this.width = width;
    this.#nodes = Buffer.alloc(2 * TILE_WIDTH * HASH_BYTES);
    this.#nodes.set(hashes.subarray(0, width * HASH_BYTES), TILE_WIDTH * HASH_BYTES);
    let complete = width;
    for (let row = TILE_WIDTH / 2; row >= 1; row /= 2) {
      complete = Math.floor(complete / 2);
      for (let node = row; node < row + complete; node += 1) {
        hashPairWithin(this.#nodes, 2 * node * HASH_BYTES, node * HASH_BYTES);
      }
    }
  }

  /**
   * A copy of one node's hash.
   * @param height above the tile's own hashes, 0 to 8
   * @param index within that row; the caller answers for its leaves being there
   */
  node(height: number, index: number): Uint8Array {
    const at = (2 ** (TILE_HEIGHT - height) + index) * HASH_BYTES;
    return Uint8Array.from(this.#nodes.subarray(at, at + HASH_BYTES));
  }
}
