import { TransparencyLogError } from '../error.ts';
import { HASH_BYTES, assertBytes, assertHash, emptyRoot, foldLeft } from './hash.ts';
import { MAX_TREE_SIZE, assertCount } from './subtree.ts';

const MAX_LEVELS = 53;

/**
 * An append-only Merkle tree that keeps only the hashes of its perfect subtrees (one for each set bit of its
 * size, at most 53): what a sequencer needs to add leaves and to state the root. It cannot prove anything.
 */
export class CompactRange {
  #size = 0;
  /** The perfect subtree of 2^level leaves stands at byte level * 32, and counts when that bit of the size is set. */
  readonly #nodes = Buffer.alloc(MAX_LEVELS * HASH_BYTES);
  readonly #carry = Buffer.alloc(HASH_BYTES);

  /**
   * Takes up a saved state.
   * @param hashes as `hashes()` returned them: the perfect subtrees, largest first.
   * @throws TransparencyLogError `compact-range-invalid` when their number does not fit the size.
   */
  static from(size: number, hashes: readonly Uint8Array[]): CompactRange {
    assertCount(size, 'tree size');
    const range = new CompactRange();
    range.#size = size;
    const levels = setLevels(size).reverse();
    if (levels.length !== hashes.length) {
      throw new TransparencyLogError('compact-range-invalid', {
        detail: `size ${size} needs ${levels.length} hashes, got ${hashes.length}`,
      });
    }
    hashes.forEach((hash, position) => {
      assertHash(hash);
      range.#nodes.set(hash, (levels[position] ?? 0) * HASH_BYTES);
    });
    return range;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds one leaf by its hash (see hashLeaf). */
  append(leafHash: Uint8Array): void {
    assertHash(leafHash);
    this.#appendUnchecked(leafHash);
  }

  /** Adds many leaves: their hashes, 32 bytes each, one after another. Adds none when the length is wrong. */
  appendMany(leafHashes: Uint8Array): void {
    assertBytes(leafHashes);
    if (leafHashes.length % HASH_BYTES !== 0) {
      throw new TransparencyLogError('hash-invalid', { detail: `${leafHashes.length} bytes in a batch` });
    }
    if (this.#size + leafHashes.length / HASH_BYTES > MAX_TREE_SIZE)
      throw new TransparencyLogError('size-invalid');
    for (let at = 0; at < leafHashes.length; at += HASH_BYTES) {
      this.#appendUnchecked(leafHashes.subarray(at, at + HASH_BYTES));
    }
  }

  #appendUnchecked(leafHash: Uint8Array): void {
    if (this.#size >= MAX_TREE_SIZE) throw new TransparencyLogError('size-invalid');
    const carry = this.#carry;
    carry.set(leafHash);
    let rest = this.#size;
    let at = 0;
    while (rest % 2 === 1) {
      foldLeft(this.#nodes, at, carry);
      rest = (rest - 1) / 2;
      at += HASH_BYTES;
    }
    carry.copy(this.#nodes, at);
    this.#size += 1;
  }

  /** The root of the tree as it stands; SHA-256 of nothing when it is empty. RFC 6962, section 2.1. */
  root(): Uint8Array {
    const levels = setLevels(this.#size);
    const lowest = levels.shift();
    if (lowest === undefined) return emptyRoot();
    const root = Buffer.alloc(HASH_BYTES);
    this.#nodes.copy(root, 0, lowest * HASH_BYTES, (lowest + 1) * HASH_BYTES);
    for (const level of levels) foldLeft(this.#nodes, level * HASH_BYTES, root);
    return root;
  }

  /** The state to save, largest subtree first. Copies. */
  hashes(): Uint8Array[] {
    return setLevels(this.#size)
      .reverse()
      .map((level) => Uint8Array.from(this.#nodes.subarray(level * HASH_BYTES, (level + 1) * HASH_BYTES)));
  }
}

/** The levels of the perfect subtrees of a tree, smallest first: the set bits of its size. */
function setLevels(size: number): number[] {
  const levels: number[] = [];
  let rest = size;
  for (let level = 0; rest > 0; level += 1) {
    if (rest % 2 === 1) levels.push(level);
    rest = Math.floor(rest / 2);
  }
  return levels;
}
