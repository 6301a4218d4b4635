import { TransparencyLogError } from '../error.ts';
import { assertCount } from '../merkle/subtree.ts';

/** Hashes in a full tile, entries in a full bundle. C2SP tlog-tiles, "Merkle Tree". */
export const TILE_WIDTH = 256;

const MAX_TILE_LEVEL = 63;

export interface TileAddress {
  /** 0 holds leaf hashes; each hash of a higher level is the root of a full tile below it. */
  readonly level: number;
  readonly index: number;
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number;
}

export interface BundleAddress {
  readonly index: number;
  readonly width: number;
}

/** The path of a tile below the log's prefix, such as `tile/1/x001/234.p/17`. */
export function formatTilePath(tile: TileAddress): string {
  if (!Number.isInteger(tile.level) || tile.level < 0 || tile.level > MAX_TILE_LEVEL) {
    throw new TransparencyLogError('tile-path-invalid', { detail: `level ${tile.level}` });
  }
  return `tile/${tile.level}/${formatIndex(tile.index)}${formatWidth(tile.width)}`;
}

/** The path of an entry bundle below the log's prefix, such as `tile/entries/x001/234`. */
export function formatBundlePath(bundle: BundleAddress): string {
  return `tile/entries/${formatIndex(bundle.index)}${formatWidth(bundle.width)}`;
}

/**
 * Reads a tile or bundle path; for whoever serves tiles and must not turn a stranger's path into a file name.
 * Only the one canonical spelling is accepted.
 * @throws TransparencyLogError `tile-path-invalid`
 */
export function parseTilePath(
  path: string,
): ({ readonly kind: 'tile' } & TileAddress) | ({ readonly kind: 'entries' } & BundleAddress) {
  if (path.length <= MAX_PATH_LENGTH) {
    const [root, level, ...rest] = path.split('/');
    const width = rest.at(-2)?.endsWith('.p') === true ? Number(rest.pop()) : TILE_WIDTH;
    const index = Number(rest.map((part) => part.replace(/^x|\.p$/g, '')).join(''));
    if (root === 'tile' && rest.length > 0 && Number.isSafeInteger(index) && isWidth(width)) {
      // Spelling the address anew and comparing refuses every other spelling of it.
      if (level === 'entries' && formatBundlePath({ index, width }) === path)
        return { kind: 'entries', index, width };
      const number = Number(level);
      if (Number.isInteger(number) && number >= 0 && number <= MAX_TILE_LEVEL) {
        const tile = { level: number, index, width };
        if (formatTilePath(tile) === path) return { kind: 'tile', ...tile };
      }
    }
  }
  throw new TransparencyLogError('tile-path-invalid');
}

/** tile/63/x009/x007/x199/x254/x740/991.p/255 is the longest there can be. */
const MAX_PATH_LENGTH = 48;

function formatIndex(index: number): string {
  assertCount(index, 'tile index');
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, position) => (position === groups.length - 1 ? group : `x${group}`)).join('/');
}

function formatWidth(width: number): string {
  if (!isWidth(width)) throw new TransparencyLogError('tile-path-invalid', { detail: `width ${width}` });
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}

function isWidth(width: number): boolean {
  return Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH;
}
