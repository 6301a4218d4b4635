import { describe, expect, it } from 'vitest';
import { formatBundlePath, formatTilePath, parseTilePath } from '../../index.ts';
import { refusalCode } from '../../testing/sample-log.ts';

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
