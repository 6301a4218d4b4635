import { checkpointPath, keptCheckpointPath, tilePathsBetween, type LogPlace } from '@cordon/audit-log';
import {
  CompactRange,
  openCheckpoint,
  signCheckpoint,
  TileBuilder,
  TileReader,
  TransparencyLogError,
  type Checkpoint,
  type SigningKey,
} from '@cordon/transparency-log';
import { SequencerError } from './error.ts';
import type { Cosign } from './witnesses.ts';

/** Reads leaf hashes from `from` on, at most `count`. */
export type ReadLeaves = (from: number, count: number) => Promise<readonly Uint8Array[]>;

/** The log as others see it. Tiles are written before the checkpoint that promises them. */
export interface PublishedLog {
  readonly builder: TileBuilder;
  /**
   * Writes tiles, signs, writes the checkpoint, all of the leaves that there are when it is called; `keep`: also under the name that is never overwritten, and with the
   * cosignatures of witnesses.
   */
  publish(keep: boolean, cosign?: Cosign): Promise<string>;
}

const readAtOnce = 20_000;

/**
 * Takes up the published log, or begins one, and brings it to the store's leaves. The store may be ahead of what is
 * published (a sequencer was killed between the two), never behind.
 * @throws SequencerError `log-rolled-back`, `log-forked`
 */
export async function takeUpLog(
  place: LogPlace,
  key: SigningKey,
  leafCount: number,
  readLeaves: ReadLeaves,
): Promise<PublishedLog> {
  const published = await readHead(place, key);
  if (published !== undefined && published.size > leafCount)
    throw new SequencerError('log-rolled-back', `${leafCount} leaves, ${published.size} signed`);
  const builder =
    published === undefined || published.size === 0
      ? new TileBuilder()
      : await resume(place, published, readLeaves);
  while (builder.size < leafCount) {
    const hashes = await readLeaves(builder.size, Math.min(readAtOnce, leafCount - builder.size));
    if (hashes.length === 0) throw new SequencerError('log-forked', 'leaves are missing');
    for (const hash of hashes) builder.append(hash);
  }
  return {
    builder,
    async publish(keep, cosign) {
      // Taken before the first wait: leaves may be appended meanwhile.
      const tiles = builder.drain();
      const { size } = builder;
      const root = builder.root();
      for (const tile of tiles) await place.write(tile.path, tile.bytes, false);
      const { name: origin } = key.verifierKey;
      const signed = signCheckpoint({ origin, size, root, extensions: [] }, [key]);
      const note = keep && cosign !== undefined ? await cosign({ note: signed, size, root }) : signed;
      if (keep) await place.write(keptCheckpointPath(size), note, true);
      // A sequencer that slept through another's work must not put its older head over the newer one.
      const head = await readHead(place, key);
      if (head === undefined || head.size <= size) await place.write(checkpointPath, note, true);
      return note;
    },
  };
}

async function readHead(place: LogPlace, key: SigningKey): Promise<Checkpoint | undefined> {
  const note = await place.read(checkpointPath);
  if (note === undefined) return undefined;
  const trust = { origin: key.verifierKey.name, logKeys: [key.verifierKey] };
  return openCheckpoint(note, trust, { source: `${place.name}/${checkpointPath}` }).checkpoint;
}

/** Tiles are a copy of the leaves: when one is lost or damaged all are made again, and must give the signed root. */
async function resume(place: LogPlace, head: Checkpoint, readLeaves: ReadLeaves): Promise<TileBuilder> {
  try {
    const reader = new TileReader({ size: head.size, root: head.root, readTile: (path) => place.read(path) });
    const builder = await TileBuilder.resume(reader);
    await assertLastLeaf(reader, head.size, readLeaves);
    return builder;
  } catch (error) {
    if (!(error instanceof TransparencyLogError)) throw error;
    return rebuild(place, head, readLeaves);
  }
}

async function assertLastLeaf(reader: TileReader, size: number, readLeaves: ReadLeaves): Promise<void> {
  const [stored] = await readLeaves(size - 1, 1);
  const published = await reader.node({ level: 0, index: size - 1 });
  if (stored === undefined || Buffer.compare(stored, published) !== 0)
    throw new SequencerError('log-forked', `leaf ${size - 1}`);
}

async function rebuild(place: LogPlace, head: Checkpoint, readLeaves: ReadLeaves): Promise<TileBuilder> {
  const builder = new TileBuilder();
  const check = new CompactRange();
  const tiles = [];
  while (builder.size < head.size) {
    const hashes = await readLeaves(builder.size, Math.min(readAtOnce, head.size - builder.size));
    if (hashes.length === 0) throw new SequencerError('log-forked', 'leaves are missing');
    for (const hash of hashes) {
      builder.append(hash);
      check.append(hash);
    }
    tiles.push(...builder.drain().filter(({ path }) => !path.includes('.p/') || builder.size === head.size));
  }
  if (Buffer.compare(check.root(), head.root) !== 0)
    throw new SequencerError('log-forked', `the leaves up to ${head.size} do not give the signed root`);
  for (const tile of tiles) await place.write(tile.path, tile.bytes, false);
  return builder;
}

/** Brings a copy up to date: the tiles it lacks, then the checkpoint. A copy that was away catches up by itself. */
export async function bringCopyUpToDate(
  from: LogPlace,
  copy: LogPlace,
  size: number,
  note: string,
  keep: boolean,
  key: SigningKey,
): Promise<void> {
  const held = await readHead(copy, key);
  if (held !== undefined && held.size > size)
    throw new SequencerError('log-rolled-back', `${copy.name} holds a checkpoint of size ${held.size}`);
  for (const path of tilePathsBetween(held?.size ?? 0, size)) {
    const bytes = await from.read(path);
    if (bytes !== undefined) await copy.write(path, bytes, false);
  }
  if (keep) await copy.write(keptCheckpointPath(size), note, true);
  await copy.write(checkpointPath, note, true);
}
