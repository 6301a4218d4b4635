import { TransparencyLogError } from '../error.ts';
import { HASH_BYTES, assertHash } from '../merkle/hash.ts';
import { MAX_TREE_SIZE, foldSubtrees, perfectSubtrees } from '../merkle/subtree.ts';
import { TILE_WIDTH, formatTilePath } from './path.ts';
import { type TileReader } from './reader.ts';
import { HashedTile, TILE_HEIGHT, tileCount } from './tile.ts';

/** A file to publish below the log's prefix. */
export interface TileFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * An append-only Merkle tree that writes the tiles from which others make proofs. It keeps one unfinished tile a
 * level in memory, and finished ones until they are drained.
 */
export class TileBuilder {
  #size = 0;
  /** The unfinished tile of each level. */
  readonly #edge: Buffer[] = [];
  #finished: TileFile[] = [];
  #drainedSize = 0;

  /** Continues a log from its published tiles; the reader checks them against the tree's root. */
  static async resume(reader: TileReader): Promise<TileBuilder> {
    const builder = new TileBuilder();
    builder.#size = reader.size;
    builder.#drainedSize = reader.size;
    for (let level = 0; tileCount(reader.size, level) > 0; level += 1) {
      const edge = Buffer.alloc(TILE_WIDTH * HASH_BYTES);
      const count = tileCount(reader.size, level);
      const width = count % TILE_WIDTH;
      for (let column = 0; column < width; column += 1) {
        const node = { level: level * TILE_HEIGHT, index: count - width + column };
        edge.set(await reader.node(node), column * HASH_BYTES);
      }
      builder.#edge.push(edge);
    }
    return builder;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds one leaf by its hash (see hashLeaf). */
  append(leafHash: Uint8Array): void {
    assertHash(leafHash);
    if (this.#size >= MAX_TREE_SIZE) throw new TransparencyLogError('size-invalid');
    let hash = leafHash;
    for (let level = 0; ; level += 1) {
      const edge = (this.#edge[level] ??= Buffer.alloc(TILE_WIDTH * HASH_BYTES));
      const position = tileCount(this.#size, level);
      const column = position % TILE_WIDTH;
      edge.set(hash, column * HASH_BYTES);
      if (column < TILE_WIDTH - 1) break;
      const index = (position - column) / TILE_WIDTH;
      this.#finished.push({
        path: formatTilePath({ level, index, width: TILE_WIDTH }),
        bytes: Uint8Array.from(edge),
      });
      hash = new HashedTile(edge, TILE_WIDTH).node(TILE_HEIGHT, 0);
    }
    this.#size += 1;
  }

  root(): Uint8Array {
    const tiles = this.#edge.map(
      (edge, level) => new HashedTile(edge, tileCount(this.#size, level) % TILE_WIDTH),
    );
    const subtrees = perfectSubtrees({ start: 0, end: this.#size }).map((node) => {
      const level = Math.floor(node.level / TILE_HEIGHT);
      const height = node.level % TILE_HEIGHT;
      const tile = tiles[level];
      if (tile === undefined)
        throw new TransparencyLogError('size-invalid', { detail: `no tile at level ${level}` });
      return tile.node(height, node.index % 2 ** (TILE_HEIGHT - height));
    });
    return foldSubtrees(subtrees);
  }

  /**
   * Takes the tiles to publish before a checkpoint of the current size: those finished since the last call, and the
   * partial ones of this size. They must be stored before the checkpoint is shown to anybody.
   */
  drain(): TileFile[] {
    const files = this.#finished;
    this.#finished = [];
    this.#edge.forEach((edge, level) => {
      const count = tileCount(this.#size, level);
      const width = count % TILE_WIDTH;
      if (width === 0 || count === tileCount(this.#drainedSize, level)) return;
      files.push({
        path: formatTilePath({ level, index: (count - width) / TILE_WIDTH, width }),
        bytes: Uint8Array.from(edge.subarray(0, width * HASH_BYTES)),
      });
    });
    this.#drainedSize = this.#size;
    return files;
  }
}
