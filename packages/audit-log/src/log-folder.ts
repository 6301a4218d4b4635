import { open, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatTilePath, TILE_WIDTH, type ReadTile } from '@cordon/transparency-log';

/** A published log: tiles and checkpoint by the paths of C2SP tlog-tiles, earlier checkpoints beside them. */
export interface LogPlace {
  /** For messages; holds no credential. */
  readonly name: string;
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The file appears whole or not at all. `durable`: it has reached the disk, or what stands in for it. */
  write(path: string, bytes: Uint8Array | string, durable: boolean): Promise<void>;
}

/** Where the newest checkpoint stands (C2SP tlog-tiles). */
export const checkpointPath = 'checkpoint';

/** Where the checkpoint of that size is kept for good. */
export function keptCheckpointPath(size: number): string {
  return `checkpoints/${String(size).padStart(16, '0')}`;
}

/** A log in a folder. Files appear by rename, so a copy that is made meanwhile holds whole files. Throws what the file system does. */
export function openLogFolder(folder: string): LogPlace {
  const made = new Set<string>();
  return {
    name: folder,
    async read(path) {
      try {
        return await readFile(join(folder, path));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async write(path, bytes, durable) {
      const file = join(folder, path);
      if (!made.has(dirname(file))) await mkdir(dirname(file), { recursive: true });
      made.add(dirname(file));
      const draft = `${file}.${process.pid}.draft`;
      const handle = await open(draft, 'w', 0o644);
      try {
        await handle.writeFile(bytes);
        if (durable) await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    },
  };
}

/** For a `TileReader` of transparency-log. */
export function tileReaderOf(place: Pick<LogPlace, 'read'>): ReadTile {
  return (path) => place.read(path);
}

/** The kept checkpoints of a folder, smallest tree first, each with its file's name; none where there is no such folder. Nothing is verified. */
export async function readKeptCheckpoints(folder: string): Promise<{ source: string; note: Uint8Array }[]> {
  const names = await readdir(join(folder, 'checkpoints')).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const kept = names.filter((name) => /^\d{16}$/.test(name)).sort();
  return Promise.all(
    kept.map(async (name) => {
      const source = join(folder, 'checkpoints', name);
      return { source, note: await readFile(source) };
    }),
  );
}

/** Paths of all tiles that a log of `size` has and one of `oldSize` has not, or has in part. */
export function tilePathsBetween(oldSize: number, size: number): string[] {
  const paths: string[] = [];
  for (let level = 0, count = size, oldCount = oldSize; count > 0; level += 1) {
    for (let index = Math.floor(oldCount / TILE_WIDTH); index * TILE_WIDTH < count; index += 1)
      paths.push(formatTilePath({ level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) }));
    count = Math.floor(count / TILE_WIDTH);
    oldCount = Math.floor(oldCount / TILE_WIDTH);
  }
  return paths;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
