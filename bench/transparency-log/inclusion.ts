import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TileBuilder, TileReader, hashLeaf, proveInclusion, verifyInclusion } from '@cordon/transparency-log';
import { type BenchRow, formatCount } from '../row.ts';

const COLD_PROOFS = 100;
const WARM_PROOFS = 1000;
/** About what a reader has to hash: a full tile at each of two levels, and three partial ones at the edge. */
const NODES_OF_FOUR_TILES = 4 * 255;

/** Proofs from a log published as tile files. CPU time is that of all threads of the process, and includes the reads. */
export async function measureInclusion(folder: string, size: number): Promise<BenchRow[]> {
  const root = publishLog(folder, size);
  const readTile = (path: string): Promise<Uint8Array> => Promise.resolve(readFileSync(join(folder, path)));
  const indexAt = (turn: number): number => Math.floor((turn * 0.618_033_988_749_895 * size) % size);
  const prove = async (reader: TileReader, turn: number): Promise<void> => {
    const index = indexAt(turn);
    const { proof } = await proveInclusion(reader, index);
    verifyInclusion({ index, size, root, leafHash: hashLeaf(entryAt(index)), proof });
  };
  const cold = await cpuMilliseconds(COLD_PROOFS, (turn) =>
    prove(new TileReader({ size, root, readTile }), turn),
  );
  const reader = new TileReader({ size, root, readTile });
  const warm = await cpuMilliseconds(WARM_PROOFS, (turn) => prove(reader, turn));
  const pair = Buffer.alloc(65, 1);
  const bare = await cpuMilliseconds(COLD_PROOFS, () => {
    for (let node = 0; node < NODES_OF_FOUR_TILES; node += 1) createHash('sha256').update(pair).digest();
    return Promise.resolve();
  });
  const baseline = `SHA-256 of the ${NODES_OF_FOUR_TILES} nodes of four tiles by createHash, ${bare.toFixed(3)} ms CPU`;
  const of = `of ${formatCount(size)} entries, verified`;
  const unit = 'ms CPU';
  return [
    { name: `inclusion proof ${of}, nothing cached`, value: cold, unit, baseline, ratio: cold / bare },
    {
      name: `inclusion proof ${of}, upper tiles cached`,
      value: warm,
      unit,
      baseline,
      ratio: warm / bare,
    },
  ];
}

function publishLog(folder: string, size: number): Uint8Array {
  const builder = new TileBuilder();
  const folders = new Set<string>();
  const publish = (): void => {
    for (const { path, bytes } of builder.drain()) {
      // Partial tiles of passing sizes would be deleted by a log in use; only those of the last size are kept.
      if (path.includes('.p/') && builder.size < size) continue;
      const file = join(folder, path);
      if (!folders.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
      folders.add(dirname(file));
      writeFileSync(file, bytes);
    }
  };
  for (let index = 0; index < size; index += 1) {
    builder.append(hashLeaf(entryAt(index)));
    if (builder.size % 100_000 === 0) publish();
  }
  publish();
  return builder.root();
}

function entryAt(index: number): Uint8Array {
  return Buffer.from(`entry ${index}`);
}

async function cpuMilliseconds(turns: number, work: (turn: number) => Promise<void>): Promise<number> {
  await work(0);
  const start = process.cpuUsage();
  for (let turn = 1; turn <= turns; turn += 1) await work(turn);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / turns;
}
