import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  formatTlogProof,
  generateSigningKey,
  hashLeaf,
  parseTlogProof,
  proveInclusion,
  signCheckpoint,
  verifyTlogProof,
} from '../../index.ts';
import { c2spCheckpoint } from '../../testing/note-vectors.ts';
import { buildSampleLog, refusal, refusalCode, sampleEntry } from '../../testing/sample-log.ts';

// Many cases; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const origin = 'example.com/log';
const logKey = generateSigningKey(origin);
const trust = { origin, logKeys: [logKey.verifierKey] };
const log = buildSampleLog(300);
const checkpoint = signCheckpoint({ origin, size: 300, root: log.root, extensions: [] }, [logKey]);
const leafHash = hashLeaf(sampleEntry(257));
let file = '';

beforeAll(async () => {
  const { proof } = await proveInclusion(log.reader(), 257);
  file = formatTlogProof({ index: 257, hashes: proof, checkpoint, extra: Buffer.from('opening') });
});

describe('a proof file', () => {
  it('is verified with nothing but the trusted key', () => {
    const verified = verifyTlogProof(Buffer.from(file), { leafHash, trust });
    expect(verified.index).toBe(257);
    expect(verified.checkpoint.size).toBe(300);
    expect(Buffer.from(verified.extra ?? []).toString()).toBe('opening');
  });

  it('reads as it was written', () => {
    expect(formatTlogProof(parseTlogProof(file))).toBe(file);
    expect(file.startsWith('c2sp.org/tlog-proof@v1\nextra b3BlbmluZw==\nindex 257\n')).toBe(true);
    const bare = formatTlogProof({ index: 0, hashes: [], checkpoint: c2spCheckpoint, extra: undefined });
    expect(bare).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${c2spCheckpoint}`);
    expect(parseTlogProof(bare).extra).toBeUndefined();
    expect(parseTlogProof(bare.replace('index', 'extra \nindex')).extra).toHaveLength(0);
  });

  it('is refused when cut short after any byte', () => {
    const bytes = Buffer.from(file);
    for (let length = 0; length < bytes.length; length += 1) {
      const error = refusal(() =>
        verifyTlogProof(bytes.subarray(0, length), { leafHash, trust, source: 'entry.tlog-proof' }),
      );
      expect(error.place?.source).toBe('entry.tlog-proof');
    }
  });

  it('is refused when any bit of any byte was changed, but for the extra data, which nothing vouches for', () => {
    const bytes = Buffer.from(file);
    const free = { from: bytes.indexOf('b3Bl'), to: bytes.indexOf('==') };
    for (let at = 0; at < bytes.length; at += 1) {
      if (at >= free.from && at < free.to) continue;
      for (const bit of [0x01, 0x20]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ bit;
        refusal(() => verifyTlogProof(changed, { leafHash, trust }));
      }
    }
  });

  it('is refused for another entry, naming the line of the claim', () => {
    const error = refusal(() =>
      verifyTlogProof(file, { leafHash: hashLeaf(sampleEntry(258)), trust, source: 'entry.tlog-proof' }),
    );
    expect(error.code).toBe('inclusion-unproven');
    expect(error.place).toEqual({ source: 'entry.tlog-proof', line: 3, byte: file.indexOf('index') });
    expect(error.message).toContain(`[entry.tlog-proof, line 3, byte ${file.indexOf('index')}]`);
  });

  it('is refused for another index, one outside the tree, and in an empty tree', () => {
    expect(
      refusalCode(() => verifyTlogProof(file.replace('index 257', 'index 256'), { leafHash, trust })),
    ).toBe('inclusion-unproven');
    expect(
      refusalCode(() => verifyTlogProof(file.replace('index 257', 'index 300'), { leafHash, trust })),
    ).toBe('index-out-of-range');
    const empty = signCheckpoint({ origin, size: 0, root: buildSampleLog(0).root, extensions: [] }, [logKey]);
    const proof = formatTlogProof({ index: 0, hashes: [], checkpoint: empty, extra: undefined });
    expect(refusalCode(() => verifyTlogProof(proof, { leafHash, trust }))).toBe('tree-empty');
  });

  it('is refused with a hash too few or too many', () => {
    const { hashes, ...rest } = parseTlogProof(file);
    for (const wrong of [hashes.slice(1), [...hashes, Buffer.alloc(32)], []]) {
      const proof = formatTlogProof({ ...rest, hashes: wrong });
      expect(refusalCode(() => verifyTlogProof(proof, { leafHash, trust }))).toBe('proof-length-wrong');
    }
  });

  it('is refused with the checkpoint of another log, a foreign key, or too few witnesses', () => {
    const error = refusal(() =>
      verifyTlogProof(file, { leafHash, trust: { ...trust, origin: 'example.com/other' } }),
    );
    expect(error.code).toBe('checkpoint-origin-wrong');
    expect(error.place?.byte).toBe(file.indexOf('example.com'));
    const logKeys = [generateSigningKey(origin).verifierKey];
    expect(refusalCode(() => verifyTlogProof(file, { leafHash, trust: { origin, logKeys } }))).toBe(
      'note-unsigned',
    );
    const witnessKeys = [generateSigningKey('w', 'cosignature').verifierKey];
    expect(refusalCode(() => verifyTlogProof(file, { leafHash, trust: { ...trust, witnessKeys } }))).toBe(
      'quorum-missing',
    );
  });

  it('is refused with 200 signatures, naming the line', () => {
    const line = `${checkpoint.split('\n').at(-2) ?? ''}\n`;
    const error = refusal(() => parseTlogProof(file + line.repeat(199)));
    expect(error.code).toBe('note-too-many-signatures');
    const before = file.slice(0, -line.length);
    expect(error.place).toMatchObject({
      line: before.split('\n').length + 100,
      byte: Buffer.byteLength(before + line.repeat(100)),
    });
  });

  const hash = Buffer.alloc(32).toString('base64');
  it.each([
    ['a wrong header', `c2sp.org/tlog-proof@v2\nindex 0\n\n${c2spCheckpoint}`, 1, 0],
    ['extra data that is not base64', `c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\n${c2spCheckpoint}`, 2, 23],
    ['no index', `c2sp.org/tlog-proof@v1\n\n${c2spCheckpoint}`, 2, 23],
    ['extra data after the index', `c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\n${c2spCheckpoint}`, 3, 31],
    ['a negative index', `c2sp.org/tlog-proof@v1\nindex -5\n\n${c2spCheckpoint}`, 2, 23],
    ['an index with a leading zero', `c2sp.org/tlog-proof@v1\nindex 05\n\n${c2spCheckpoint}`, 2, 23],
    ['a hash that is not base64', `c2sp.org/tlog-proof@v1\nindex 0\n!!\n\n${c2spCheckpoint}`, 3, 31],
    [
      'a hash of 64 bytes',
      `c2sp.org/tlog-proof@v1\nindex 0\n${Buffer.alloc(64).toString('base64')}\n\n${c2spCheckpoint}`,
      3,
      31,
    ],
    [
      '64 hashes',
      `c2sp.org/tlog-proof@v1\nindex 0\n${`${hash}\n`.repeat(64)}\n${c2spCheckpoint}`,
      66,
      31 + 63 * 45,
    ],
  ])('is refused with %s, naming line and byte', (_, text, line, byte) => {
    const error = refusal(() => parseTlogProof(text));
    expect(error.code).toBe('proof-malformed');
    expect(error.place).toMatchObject({ line, byte });
  });

  it('is refused when it is larger than any proof', () => {
    expect(refusalCode(() => parseTlogProof('x'.repeat(5_000_000)))).toBe('input-too-large');
    expect(
      refusalCode(() => formatTlogProof({ index: 0, hashes: [], checkpoint, extra: Buffer.alloc(262_145) })),
    ).toBe('input-too-large');
  });

  it('cannot be written with a checkpoint, index or hash that it could not hold', () => {
    const proof = { index: 0, hashes: [], checkpoint, extra: undefined };
    expect(refusalCode(() => formatTlogProof({ ...proof, checkpoint: 'text' }))).toBe('note-malformed');
    expect(refusalCode(() => formatTlogProof({ ...proof, index: -1 }))).toBe('size-invalid');
    expect(refusalCode(() => formatTlogProof({ ...proof, hashes: [Buffer.alloc(3)] }))).toBe('hash-invalid');
  });
});
