import { TransparencyLogError } from '../error.ts';
import { hashLeaf, hashesEqual } from '../merkle/hash.ts';
import { assertIndex } from '../merkle/subtree.ts';
import { TILE_WIDTH, formatBundlePath } from './path.ts';
import { type TileReader } from './reader.ts';

const LENGTH_BYTES = 2;
export const MAX_ENTRY_BYTES = 0xffff;

/**
 * Packs up to 256 entries: each with its length in two bytes, big-endian, before it. C2SP tlog-tiles, "Log entries".
 * @throws TransparencyLogError `entry-too-large` or `bundle-malformed` (none, or more than 256)
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH) {
    throw new TransparencyLogError('bundle-malformed', { detail: `${entries.length} entries` });
  }
  const parts = entries.flatMap((entry) => {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new TransparencyLogError('entry-too-large', { detail: `${entry.length} bytes` });
    }
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(entry.length);
    return [length, entry];
  });
  return Buffer.concat(parts);
}

/**
 * Unpacks a bundle. The entries are not verified yet; readEntryBundle does both.
 * @param width how many entries the bundle must hold, 1 to 256
 * @throws TransparencyLogError `bundle-malformed` with the byte at which it ends early or goes on too long
 */
export function decodeEntryBundle(bytes: Uint8Array, width: number, source?: string): Uint8Array[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const start = at + LENGTH_BYTES;
    const end = start <= view.length ? start + view.readUInt16BE(at) : start;
    if (end > view.length)
      throw bundleError(source, view.length, `entry ${entries.length} starts at byte ${at}`);
    entries.push(Uint8Array.from(view.subarray(start, end)));
    at = end;
  }
  if (at !== view.length) throw bundleError(source, at, `${width} entries end here`);
  return entries;
}

/**
 * Reads the bundle with that index and checks each entry against its leaf in the tree.
 * @throws TransparencyLogError `tile-missing`, `bundle-malformed`, `bundle-entry-changed` (with the entry's byte), and
 *   as TileReader.node does.
 */
export async function readEntryBundle(reader: TileReader, index: number): Promise<Uint8Array[]> {
  const first = index * TILE_WIDTH;
  assertIndex(first, reader.size);
  const width = Math.min(TILE_WIDTH, reader.size - first);
  const { path, bytes, held } = await fetchBundle(reader, index, width);
  const entries = decodeEntryBundle(bytes, held, path).slice(0, width);
  let at = 0;
  for (const [column, entry] of entries.entries()) {
    if (!hashesEqual(hashLeaf(entry), await reader.node({ level: 0, index: first + column }))) {
      throw new TransparencyLogError('bundle-entry-changed', {
        place: { source: path, byte: at },
        detail: `entry ${first + column}`,
      });
    }
    at += LENGTH_BYTES + entry.length;
  }
  return entries;
}

/** The partial bundle, or the full one that has replaced it. */
async function fetchBundle(
  reader: TileReader,
  index: number,
  width: number,
): Promise<{ path: string; bytes: Uint8Array; held: number }> {
  for (const held of new Set([width, TILE_WIDTH])) {
    const path = formatBundlePath({ index, width: held });
    const bytes = await reader.readTile(path);
    if (bytes !== undefined) return { path, bytes, held };
  }
  throw new TransparencyLogError('tile-missing', { place: { source: formatBundlePath({ index, width }) } });
}

function bundleError(source: string | undefined, byte: number, detail: string): TransparencyLogError {
  return new TransparencyLogError('bundle-malformed', { place: { source, byte }, detail });
}
