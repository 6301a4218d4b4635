import { describe, expect, it, vi } from 'vitest';
import { TileReader, hashLeaf, proveInclusion, verifyInclusion } from '../../index.ts';
import { asyncRefusal, buildSampleLog, flipBit, sampleEntry } from '../../testing/sample-log.ts';

// Many cases; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const hexes = (hashes: readonly Uint8Array[]): string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('hex'));

describe('a tile reader', () => {
  const log = buildSampleLog(70_000);

  it('names the full tile in which a bit was changed, and the place above that says so', async () => {
    const path = 'tile/0/017';
    const reader = log.reader(new Map([[path, flipBit(log.files.get(path) ?? new Uint8Array(), 5000)]]));
    const error = await asyncRefusal(proveInclusion(reader, 17 * 256));
    expect(error.code).toBe('tile-damaged');
    expect(error.place).toEqual({ source: path, byte: 0 });
    expect(error.detail).toBe('its hash is not the one at byte 544 of tile/1/000');
    expect(error.message).toContain('[tile/0/017, byte 0]');
    await expect(proveInclusion(reader, 20 * 256)).resolves.toBeDefined();
  });

  it('notices a change in every tile that a proof needs', async () => {
    for (const path of [
      'tile/0/017',
      'tile/1/000',
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]) {
      const reader = log.reader(new Map([[path, flipBit(log.files.get(path) ?? new Uint8Array(), 1)]]));
      const error = await asyncRefusal(proveInclusion(reader, 17 * 256 + 3));
      expect(error.code).toBe('tile-damaged');
      expect(error.place?.source).toContain(path);
    }
  });

  it('refuses a tile that belongs to another place of the same log', async () => {
    const reader = log.reader(new Map([['tile/0/017', log.files.get('tile/0/018')]]));
    expect((await asyncRefusal(proveInclusion(reader, 17 * 256))).code).toBe('tile-damaged');
  });

  it('refuses tiles of a whole other log', async () => {
    const reader = new TileReader({
      size: 70_000,
      root: Buffer.alloc(32, 9),
      readTile: (path) => Promise.resolve(log.files.get(path)),
    });
    expect((await asyncRefusal(proveInclusion(reader, 0))).code).toBe('tile-damaged');
  });

  it('names the byte at which a tile ends early or goes on too long', async () => {
    const tile = log.files.get('tile/0/017') ?? new Uint8Array();
    for (const [bytes, byte] of [
      [tile.subarray(0, 8191), 8191],
      [Buffer.concat([tile, tile]), 8192],
      [new Uint8Array(), 0],
    ] as const) {
      const error = await asyncRefusal(
        proveInclusion(log.reader(new Map([['tile/0/017', bytes]])), 17 * 256),
      );
      expect(error.code).toBe('tile-length-wrong');
      expect(error.place).toEqual({ source: 'tile/0/017', byte });
    }
  });

  it('names a missing tile', async () => {
    for (const path of ['tile/0/017', 'tile/1/001.p/17']) {
      const error = await asyncRefusal(proveInclusion(log.reader(new Map([[path, undefined]])), 17 * 256));
      expect(error.code).toBe('tile-missing');
      expect(error.place).toEqual({ source: path });
    }
  });

  it('takes the full tile where the partial one was deleted', async () => {
    const later = buildSampleLog(600);
    const early = buildSampleLog(300);
    const reader = new TileReader({
      size: 300,
      root: early.root,
      readTile: (path) =>
        Promise.resolve(
          later.files.get(path) ?? (path.startsWith('tile/1') ? early.files.get(path) : undefined),
        ),
    });
    const { proof } = await proveInclusion(reader, 299);
    verifyInclusion({ index: 299, size: 300, root: early.root, leafHash: hashLeaf(sampleEntry(299)), proof });
  });

  it('reads each tile once, drops the least used, and tries again after a failure', async () => {
    const reads: string[] = [];
    let down = true;
    const reader = new TileReader({
      size: log.size,
      root: log.root,
      cachedTiles: 2,
      readTile: (path) => {
        reads.push(path);
        return down ? Promise.reject(new Error('store is away')) : Promise.resolve(log.files.get(path));
      },
    });
    await expect(proveInclusion(reader, 0)).rejects.toThrow('store is away');
    down = false;
    await proveInclusion(reader, 0);
    reads.length = 0;
    await Promise.all([proveInclusion(reader, 1), proveInclusion(reader, 2)]);
    expect(reads).toEqual([]);
    await proveInclusion(reader, 256);
    await proveInclusion(reader, 512);
    reads.length = 0;
    await proveInclusion(reader, 0);
    expect(reads).toContain('tile/0/000');
  });

  it('keeps its own copy of what it was given', async () => {
    const served = Uint8Array.from(log.files.get('tile/0/017') ?? []);
    const reader = log.reader(new Map([['tile/0/017', served]]));
    await proveInclusion(reader, 17 * 256);
    served.fill(0);
    (await reader.node({ level: 0, index: 17 * 256 })).fill(0);
    const { leafHash } = await proveInclusion(reader, 17 * 256);
    expect(hexes([leafHash])).toEqual(hexes([hashLeaf(sampleEntry(17 * 256))]));
  });
});
