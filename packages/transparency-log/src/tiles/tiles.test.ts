import { describe, expect, it } from 'vitest';
import {
  TileBuilder,
  TileReader,
  decodeEntryBundle,
  emptyRoot,
  encodeEntryBundle,
  formatBundlePath,
  formatTilePath,
  hashLeaf,
  parseTilePath,
  proveConsistency,
  proveInclusion,
  readEntryBundle,
  rootAtSize,
  verifyConsistency,
  verifyInclusion,
} from '../../index.ts';
import { referencePath, referenceProof, referenceRoot } from '../../testing/reference-tree.ts';
import { asyncRefusal, buildSampleLog, flipBit, refusalCode, sampleEntry } from '../../testing/sample-log.ts';

const entries = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, index) => sampleEntry(index));
const hexes = (hashes: readonly Uint8Array[]): string[] =>
  hashes.map((hash) => Buffer.from(hash).toString('hex'));

describe('tile paths', () => {
  it('are spelled as C2SP tlog-tiles spells them', () => {
    expect(formatTilePath({ level: 0, index: 0, width: 256 })).toBe('tile/0/000');
    expect(formatTilePath({ level: 1, index: 1_234_067, width: 256 })).toBe('tile/1/x001/x234/067');
    expect(formatTilePath({ level: 2, index: 1000, width: 17 })).toBe('tile/2/x001/000.p/17');
    expect(formatBundlePath({ index: 273, width: 112 })).toBe('tile/entries/273.p/112');
  });

  it('are read back to the same address', () => {
    for (const width of [1, 255, 256]) {
      for (const index of [0, 7, 999, 1000, 123_456_078, Number.MAX_SAFE_INTEGER]) {
        for (const level of [0, 7, 63]) {
          expect(parseTilePath(formatTilePath({ level, index, width }))).toEqual({
            kind: 'tile',
            level,
            index,
            width,
          });
        }
        expect(parseTilePath(formatBundlePath({ index, width }))).toEqual({ kind: 'entries', index, width });
      }
    }
  });

  it.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/64/000',
    'tile/-1/000',
    'tile/00/000',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001/x002',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000/5',
    'tile/0/../000',
    'tile/0/000/../../etc/passwd',
    '/tile/0/000',
    'tile/0/000/',
    'tile/data/000',
    'tile/entries/x',
    'tile/0/1e3',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/%30%30%30',
    'checkpoint',
    `tile/0/${'x000/'.repeat(20_000)}000`,
    'tile/0/000\n',
  ])('refuse %j', (path) => {
    expect(refusalCode(() => parseTilePath(path))).toBe('tile-path-invalid');
  });

  it('refuse addresses that cannot be', () => {
    expect(refusalCode(() => formatTilePath({ level: 64, index: 0, width: 1 }))).toBe('tile-path-invalid');
    expect(refusalCode(() => formatTilePath({ level: 0, index: 0, width: 0 }))).toBe('tile-path-invalid');
    expect(refusalCode(() => formatBundlePath({ index: -1, width: 1 }))).toBe('size-invalid');
  });
});

describe('a tile builder', () => {
  it('publishes a tree of 70,000 as the specification describes it', () => {
    const { files } = buildSampleLog(70_000);
    const paths = [...files.keys()];
    expect(paths.filter((path) => /^tile\/0\/\d{3}$/.test(path))).toHaveLength(273);
    expect(paths.filter((path) => path.includes('.p/')).sort()).toEqual([
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect(paths).toContain('tile/1/000');
    expect(paths).toHaveLength(273 + 1 + 3);
  });

  it('publishes a tree of 256 as one full tile and a partial one above it', () => {
    expect([...buildSampleLog(256).files.keys()]).toEqual(['tile/0/000', 'tile/1/000.p/1']);
  });

  it('has the root that RFC 6962 defines at every size to 64, and around the tile edges', () => {
    for (const size of [...Array(65).keys(), 255, 256, 257, 511, 512, 513, 700]) {
      expect(referenceRoot(entries(size)).equals(buildSampleLog(size).root)).toBe(true);
    }
  });

  it('publishes only what is new', () => {
    const builder = new TileBuilder();
    builder.append(hashLeaf(sampleEntry(0)));
    expect(builder.drain().map(({ path }) => path)).toEqual(['tile/0/000.p/1']);
    expect(builder.drain()).toEqual([]);
  });

  it('goes on from published tiles as if it had never stopped', async () => {
    for (const stop of [0, 1, 200, 256, 300, 512]) {
      const builder = await TileBuilder.resume(buildSampleLog(stop).reader());
      expect(builder.drain()).toEqual([]);
      for (let index = stop; index < 600; index += 1) builder.append(hashLeaf(sampleEntry(index)));
      expect(builder.size).toBe(600);
      expect(referenceRoot(entries(600)).equals(builder.root())).toBe(true);
    }
  });

  it('does not go on from tiles that were changed', async () => {
    const log = buildSampleLog(300);
    const tile = log.files.get('tile/0/001.p/44') ?? new Uint8Array();
    const reader = log.reader(new Map([['tile/0/001.p/44', flipBit(tile, 40)]]));
    expect((await asyncRefusal(TileBuilder.resume(reader))).code).toBe('tile-damaged');
  });

  it('refuses a leaf that is not a hash', () => {
    expect(
      refusalCode(() => {
        new TileBuilder().append(Buffer.alloc(31));
      }),
    ).toBe('hash-invalid');
  });
});

describe('proofs from tiles', () => {
  it('are those of RFC 6962 for every leaf and older size of every tree of up to 64', async () => {
    const log = buildSampleLog(64);
    const reader = log.reader();
    for (let size = 1; size <= 64; size += 1) {
      const leaves = entries(size);
      expect(hexes([await rootAtSize(reader, size)])).toEqual(hexes([referenceRoot(leaves)]));
      for (let index = 0; index < size; index += 1) {
        const { leafHash, proof } = await proveInclusion(reader, index, size);
        expect(hexes([leafHash])).toEqual(hexes([hashLeaf(sampleEntry(index))]));
        expect(hexes(proof)).toEqual(hexes(referencePath(index, leaves)));
        expect(hexes(await proveConsistency(reader, index + 1, size))).toEqual(
          hexes(referenceProof(index + 1, leaves)),
        );
      }
    }
  });

  it('verify across tile edges, up to three levels of tiles', async () => {
    const size = 66_000;
    const log = buildSampleLog(size);
    const reader = log.reader();
    const marks = [
      1,
      2,
      255,
      256,
      257,
      511,
      512,
      513,
      4096,
      65_535,
      65_536,
      65_537,
      65_791,
      65_792,
      65_793,
      size,
    ];
    for (const treeSize of marks) {
      const root = await rootAtSize(reader, treeSize);
      for (const mark of marks.filter((each) => each <= treeSize)) {
        const index = mark - 1;
        const { leafHash, proof } = await proveInclusion(reader, index, treeSize);
        verifyInclusion({ index, size: treeSize, root, leafHash: hashLeaf(sampleEntry(index)), proof });
        expect(hexes([leafHash])).toEqual(hexes([hashLeaf(sampleEntry(index))]));
        verifyConsistency({
          oldSize: mark,
          oldRoot: await rootAtSize(reader, mark),
          newSize: treeSize,
          newRoot: root,
          proof: await proveConsistency(reader, mark, treeSize),
        });
      }
    }
  });

  it('are refused for an empty tree, an older size of 0, a leaf outside, a size beyond the reader', async () => {
    const reader = buildSampleLog(10).reader();
    const empty = new TileReader({ size: 0, root: emptyRoot(), readTile: () => Promise.resolve(undefined) });
    expect((await asyncRefusal(proveInclusion(empty, 0))).code).toBe('tree-empty');
    expect((await asyncRefusal(proveConsistency(reader, 0))).code).toBe('tree-empty');
    expect((await asyncRefusal(proveInclusion(reader, 10))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(proveInclusion(reader, 3, 11))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(proveConsistency(reader, 3, 11))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(proveConsistency(reader, 5, 4))).code).toBe('sizes-out-of-order');
    expect((await asyncRefusal(rootAtSize(reader, 11))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(reader.node({ level: 4, index: 0 }))).code).toBe('index-out-of-range');
    expect((await asyncRefusal(reader.node({ level: 0, index: -1 }))).code).toBe('size-invalid');
  });
});

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

describe('entry bundles', () => {
  const bundle = encodeEntryBundle([Buffer.from('one'), Buffer.alloc(0), Buffer.from('three')]);

  it('hold entries with their lengths before them', () => {
    expect(Buffer.from(bundle).toString('hex')).toBe(
      `0003${hexes([Buffer.from('one')])[0] ?? ''}00000005${hexes([Buffer.from('three')])[0] ?? ''}`,
    );
    expect(decodeEntryBundle(bundle, 3).map((entry) => Buffer.from(entry).toString())).toEqual([
      'one',
      '',
      'three',
    ]);
  });

  it('are refused with the byte when cut short anywhere or followed by more', () => {
    for (let length = 0; length < bundle.length; length += 1) {
      expect(refusalCode(() => decodeEntryBundle(bundle.subarray(0, length), 3))).toBe('bundle-malformed');
    }
    expect(() => decodeEntryBundle(Buffer.concat([bundle, Buffer.of(0)]), 3, 'tile/entries/000')).toThrow(
      '[tile/entries/000, byte 14]',
    );
  });

  it('are refused when empty, too many, or of too large entries', () => {
    expect(refusalCode(() => encodeEntryBundle([]))).toBe('bundle-malformed');
    expect(refusalCode(() => encodeEntryBundle(entries(257)))).toBe('bundle-malformed');
    expect(refusalCode(() => encodeEntryBundle([Buffer.alloc(65_536)]))).toBe('entry-too-large');
  });

  it('are checked entry by entry against the tree', async () => {
    const log = buildSampleLog(300);
    const full = encodeEntryBundle(entries(256));
    const partial = encodeEntryBundle(entries(300).slice(256));
    const good = log.reader(
      new Map([
        ['tile/entries/000', full],
        ['tile/entries/001.p/44', partial],
      ]),
    );
    expect(await readEntryBundle(good, 0)).toHaveLength(256);
    expect((await readEntryBundle(good, 1)).map((entry) => Buffer.from(entry).toString())[43]).toBe(
      'entry 299',
    );
    expect((await asyncRefusal(readEntryBundle(good, 2))).code).toBe('index-out-of-range');

    const changed = log.reader(new Map([['tile/entries/001.p/44', flipBit(partial, partial.length - 1)]]));
    const error = await asyncRefusal(readEntryBundle(changed, 1));
    expect(error.code).toBe('bundle-entry-changed');
    expect(error.place).toEqual({ source: 'tile/entries/001.p/44', byte: 43 * 11 });
    expect((await asyncRefusal(readEntryBundle(log.reader(), 1))).code).toBe('tile-missing');
  });

  it('are taken from the full bundle where the partial one was deleted', async () => {
    const log = buildSampleLog(300);
    const reader = log.reader(new Map([['tile/entries/001', encodeEntryBundle(entries(512).slice(256))]]));
    expect(await readEntryBundle(reader, 1)).toHaveLength(44);
  });
});
