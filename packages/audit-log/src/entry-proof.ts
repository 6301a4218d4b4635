import {
  formatTlogProof,
  parseCheckpoint,
  parseSignedNote,
  parseTlogProof,
  proveInclusion,
  TileReader,
  verifyTlogProof,
  type LogTrust,
} from '@cordon/transparency-log';
import { readEntryJson, type LoggedEntry } from './entry.ts';
import { AuditLogError } from './error.ts';
import { hashEntry, writeEntry } from './leaf.ts';
import { checkpointPath, tileReaderOf, type LogPlace } from './log-folder.ts';

/** An entry with the salt of its leaf's commitment: 32 bytes. */
export interface SaltedEntry {
  readonly salt: Uint8Array;
  readonly entry: LoggedEntry;
}

/**
 * A `.tlog-proof` file of one entry, under the newest published checkpoint. Its extra data is the salt and the entry:
 * whoever has the file can read the entry. Undefined when no checkpoint covers the leaf yet.
 * @param note another checkpoint of the log to prove it under, such as one that witnesses have cosigned
 * @throws TransparencyLogError `tile-missing`, `tile-damaged` … with the tile's name
 */
export async function writeEntryProof(
  place: LogPlace,
  index: number,
  { salt, entry }: SaltedEntry,
  note?: Uint8Array,
): Promise<string | undefined> {
  const bytes = note ?? (await place.read(checkpointPath));
  if (bytes === undefined) return undefined;
  const source = `${place.name}/${checkpointPath}`;
  const { size, root } = parseCheckpoint(parseSignedNote(bytes, { source }).text, { source });
  if (index >= size) return undefined;
  const reader = new TileReader({ size, root, readTile: tileReaderOf(place) });
  const { proof } = await proveInclusion(reader, index);
  return formatTlogProof({
    index,
    hashes: proof,
    checkpoint: Buffer.from(bytes).toString('utf8'),
    extra: Buffer.from(`{"entry":${writeEntry(entry)},"salt":"${Buffer.from(salt).toString('hex')}"}`),
  });
}

/** What a verified proof shows. */
export interface CheckedProof {
  readonly entry: LoggedEntry;
  /** The number of its leaf, from 0. */
  readonly index: number;
  /** Leaves that the checkpoint covers. */
  readonly size: number;
  /** The log's name, as its checkpoint has it. */
  readonly origin: string;
}

/**
 * Verifies a proof offline, from the entry that the file itself shows: what was proven is what is read.
 * @throws TransparencyLogError with file, line and byte; AuditLogError `entry-malformed` when the file shows no entry
 */
export function checkEntryProof(file: Uint8Array | string, source: string, trust: LogTrust): CheckedProof {
  const { salt, entry } = readShown(parseTlogProof(file, { source }).extra);
  const leafHash = hashEntry(salt, entry);
  const { index, checkpoint } = verifyTlogProof(file, { leafHash, trust, source });
  return { entry, index, size: checkpoint.size, origin: checkpoint.origin };
}

function readShown(extra: Uint8Array | undefined): SaltedEntry {
  let shown: { salt?: unknown; entry?: unknown };
  try {
    shown = JSON.parse(Buffer.from(extra ?? []).toString('utf8')) as typeof shown;
  } catch (cause) {
    throw new AuditLogError('entry-malformed', { detail: 'the proof shows no entry', cause });
  }
  if (typeof shown.salt !== 'string' || !/^[0-9a-f]{64}$/.test(shown.salt))
    throw new AuditLogError('entry-malformed', { detail: 'the proof shows no salt' });
  return { salt: Buffer.from(shown.salt, 'hex'), entry: readEntryJson(shown.entry) };
}
