import { TransparencyLogError } from '../error.ts';
import { HASH_BYTES, assertHash, emptyRoot, hashesEqual } from '../merkle/hash.ts';
import {
  type LeafRange,
  type NodeAddress,
  assertCount,
  foldSubtrees,
  perfectSubtrees,
} from '../merkle/subtree.ts';
import { TILE_WIDTH, formatTilePath } from './path.ts';
import { HashedTile, TILE_HEIGHT, tileCount } from './tile.ts';

/** Fetches a tile or bundle by its path below the log's prefix; undefined when there is none. */
export type ReadTile = (path: string) => Promise<Uint8Array | undefined>;

export interface TileReaderOptions {
  /** Size and root of a checkpoint whose signature has been verified: the reader's root of trust. */
  readonly size: number;
  readonly root: Uint8Array;
  readonly readTile: ReadTile;
  /** Tiles kept in memory once verified, 16 KiB each. Default 512. */
  readonly cachedTiles?: number | undefined;
}

/**
 * Reads hashes of a published log. Nothing it returns comes from a tile that was not first tied to the root:
 * the unfinished tiles at the right edge must fold to the root, and each full tile must hash to the value that
 * its parent tile, verified before, holds for it.
 */
export class TileReader {
  readonly size: number;
  readonly readTile: ReadTile;
  readonly #root: Uint8Array;
  readonly #cachedTiles: number;
  readonly #cache = new Map<string, Promise<HashedTile>>();
  #edge: Promise<Map<number, HashedTile>> | undefined;

  constructor(options: TileReaderOptions) {
    assertCount(options.size, 'tree size');
    assertHash(options.root);
    if (options.size === 0 && !hashesEqual(options.root, emptyRoot())) {
      throw new TransparencyLogError('checkpoint-malformed', {
        detail: 'an empty tree with a root of its own',
      });
    }
    this.size = options.size;
    this.#root = Uint8Array.from(options.root);
    this.readTile = options.readTile;
    this.#cachedTiles = options.cachedTiles ?? 512;
  }

  /**
   * The hash of a perfect subtree.
   * @throws TransparencyLogError `index-out-of-range`, `tile-missing`, `tile-length-wrong` or `tile-damaged`, the last
   *   three with the tile's path as `place.source`; and whatever `readTile` throws.
   */
  async node(address: NodeAddress): Promise<Uint8Array> {
    assertCount(address.level, 'node level');
    assertCount(address.index, 'node index');
    if ((address.index + 1) * 2 ** address.level > this.size) {
      throw new TransparencyLogError('index-out-of-range', {
        detail: `node ${address.index} of level ${address.level}, tree size ${this.size}`,
      });
    }
    const height = address.level % TILE_HEIGHT;
    const row = 2 ** (TILE_HEIGHT - height);
    const tile = await this.#tile((address.level - height) / TILE_HEIGHT, Math.floor(address.index / row));
    return tile.node(height, address.index % row);
  }

  /** The hash of a subtree that need not be perfect, such as the right edge of the tree. */
  async subtree(range: LeafRange): Promise<Uint8Array> {
    return foldSubtrees(await Promise.all(perfectSubtrees(range).map((node) => this.node(node))));
  }

  #tile(level: number, index: number): Promise<HashedTile> {
    if (index === Math.floor(tileCount(this.size, level) / TILE_WIDTH)) return this.#edgeTile(level);
    const path = formatTilePath({ level, index, width: TILE_WIDTH });
    const known = this.#cache.get(path);
    // Deleting first moves a used tile to the end: the map keeps the order of use, and the front is dropped.
    this.#cache.delete(path);
    const tile = known ?? this.#readFullTile(level, index, path);
    this.#cache.set(path, tile);
    if (known === undefined) {
      tile.catch(() => this.#cache.delete(path));
      for (const oldest of this.#cache.keys()) {
        if (this.#cache.size <= this.#cachedTiles) break;
        this.#cache.delete(oldest);
      }
    }
    return tile;
  }

  async #readFullTile(level: number, index: number, path: string): Promise<HashedTile> {
    const column = index % TILE_WIDTH;
    const parentIndex = (index - column) / TILE_WIDTH;
    const [bytes, parent] = await Promise.all([this.readTile(path), this.#tile(level + 1, parentIndex)]);
    if (bytes === undefined) throw new TransparencyLogError('tile-missing', { place: { source: path } });
    assertLength(bytes, TILE_WIDTH, path);
    const tile = new HashedTile(bytes, TILE_WIDTH);
    if (!hashesEqual(tile.node(TILE_HEIGHT, 0), parent.node(0, column))) {
      const above = formatTilePath({ level: level + 1, index: parentIndex, width: parent.width });
      throw new TransparencyLogError('tile-damaged', {
        place: { source: path, byte: 0 },
        detail: `its hash is not the one at byte ${column * HASH_BYTES} of ${above}`,
      });
    }
    return tile;
  }

  async #edgeTile(level: number): Promise<HashedTile> {
    if (this.#edge === undefined) {
      this.#edge = this.#readEdge();
      this.#edge.catch(() => (this.#edge = undefined));
    }
    const tile = (await this.#edge).get(level);
    if (tile === undefined)
      throw new TransparencyLogError('index-out-of-range', { detail: `tile level ${level}` });
    return tile;
  }

  /** Reads the unfinished tile of each level; together they hold the perfect subtrees that make up the root. */
  async #readEdge(): Promise<Map<number, HashedTile>> {
    const addresses = [];
    for (let level = 0; tileCount(this.size, level) > 0; level += 1) {
      const count = tileCount(this.size, level);
      const width = count % TILE_WIDTH;
      if (width > 0) addresses.push({ level, index: (count - width) / TILE_WIDTH, width });
    }
    const tiles = await Promise.all(
      addresses.map(async (address) => [address.level, await this.#readPartialTile(address)] as const),
    );
    const edge = new Map(tiles);
    const subtrees = perfectSubtrees({ start: 0, end: this.size }).map(({ level, index }) => {
      const height = level % TILE_HEIGHT;
      const tile = edge.get((level - height) / TILE_HEIGHT);
      if (tile === undefined)
        throw new TransparencyLogError('size-invalid', { detail: `no tile for level ${level}` });
      return tile.node(height, index % 2 ** (TILE_HEIGHT - height));
    });
    if (!hashesEqual(foldSubtrees(subtrees), this.#root)) {
      const paths = addresses.map((address) => formatTilePath(address));
      throw new TransparencyLogError('tile-damaged', {
        place: { source: paths.join(' or '), byte: 0 },
        detail: `the tiles at the right edge do not give the root of size ${this.size}`,
      });
    }
    return edge;
  }

  async #readPartialTile(address: { level: number; index: number; width: number }): Promise<HashedTile> {
    const path = formatTilePath(address);
    const partial = await this.readTile(path);
    if (partial !== undefined) {
      assertLength(partial, address.width, path);
      return new HashedTile(partial, address.width);
    }
    // A log may delete a partial tile once the full one is there. C2SP tlog-tiles, "Partial Tiles".
    const fullPath = formatTilePath({ ...address, width: TILE_WIDTH });
    const full = await this.readTile(fullPath);
    if (full === undefined) throw new TransparencyLogError('tile-missing', { place: { source: path } });
    assertLength(full, TILE_WIDTH, fullPath);
    return new HashedTile(full, address.width);
  }
}

function assertLength(bytes: Uint8Array, width: number, path: string): void {
  const expected = width * HASH_BYTES;
  if (bytes.length !== expected) {
    throw new TransparencyLogError('tile-length-wrong', {
      place: { source: path, byte: Math.min(bytes.length, expected) },
      detail: `expected ${expected} bytes, got ${bytes.length}`,
    });
  }
}
