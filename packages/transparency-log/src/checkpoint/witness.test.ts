import { describe, expect, it, vi } from 'vitest';
import {
  type WitnessRequest,
  addCosignatures,
  cosignCheckpoint,
  formatWitnessRequest,
  generateSigningKey,
  openCheckpoint,
  parseWitnessRequest,
  proveConsistency,
  rootAtSize,
  signCheckpoint,
  signNote,
} from '../../index.ts';
import { c2spWitnessRequest } from '../../testing/note-vectors.ts';
import { buildSampleLog, refusal, refusalCode } from '../../testing/sample-log.ts';

// Many cases; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const origin = 'example.com/log';
const logKey = generateSigningKey(origin);
const key = generateSigningKey('witness.example/w1', 'cosignature');
const log = { origin, logKeys: [logKey.verifierKey] };
const reader = buildSampleLog(40).reader();

async function checkpointAt(size: number): Promise<string> {
  return signCheckpoint({ origin, size, root: await rootAtSize(reader, size), extensions: [] }, [logKey]);
}

async function requestFrom(oldSize: number, size: number): Promise<WitnessRequest> {
  const proof = oldSize === 0 ? [] : await proveConsistency(reader, oldSize, size);
  return { oldSize, proof, checkpoint: await checkpointAt(size) };
}

describe('a witness', () => {
  it('cosigns the first checkpoint it sees, and each one that keeps the last', async () => {
    const first = cosignCheckpoint(await requestFrom(0, 7), { log, latest: undefined, key });
    expect(first.head.size).toBe(7);
    const second = cosignCheckpoint(await requestFrom(7, 40), {
      log,
      latest: first.head,
      key,
      timestamp: 99,
    });
    const note = addCosignatures(await checkpointAt(40), second.line, [key.verifierKey]);
    const opened = openCheckpoint(note, { ...log, witnessKeys: [key.verifierKey] });
    expect(opened.cosignatures.map(({ timestamp }) => timestamp)).toEqual([99]);
    expect(cosignCheckpoint(await requestFrom(40, 40), { log, latest: second.head, key }).head.size).toBe(40);
  });

  it('refuses a rewritten log, another root of the same size, and a rollback', async () => {
    const root = await rootAtSize(reader, 7);
    const latest = { size: 7, root: Buffer.alloc(32, 1) };
    const options = { log, latest, key };
    const forward = await requestFrom(7, 40);
    expect(refusalCode(() => cosignCheckpoint(forward, options))).toBe('consistency-unproven');
    const same = await requestFrom(7, 7);
    expect(refusalCode(() => cosignCheckpoint(same, options))).toBe('fork-detected');
    const back = { ...(await requestFrom(0, 5)), oldSize: 7 };
    expect(refusalCode(() => cosignCheckpoint(back, { ...options, latest: { size: 7, root } }))).toBe(
      'sizes-out-of-order',
    );
  });

  it('refuses a proof that starts elsewhere than it stopped, so that no step is skipped', async () => {
    const latest = { size: 9, root: await rootAtSize(reader, 9) };
    for (const oldSize of [0, 7]) {
      const request = await requestFrom(oldSize, 40);
      expect(refusalCode(() => cosignCheckpoint(request, { log, latest, key }))).toBe('witness-size-stale');
    }
    const fresh = await requestFrom(7, 40);
    expect(refusalCode(() => cosignCheckpoint(fresh, { log, latest: undefined, key }))).toBe(
      'witness-size-stale',
    );
  });

  it('refuses a proof from nothing, a foreign log, an unsigned checkpoint and a key of the wrong kind', async () => {
    const request = await requestFrom(0, 7);
    const options = { log, latest: undefined, key };
    expect(refusalCode(() => cosignCheckpoint({ ...request, proof: [Buffer.alloc(32)] }, options))).toBe(
      'proof-length-wrong',
    );
    expect(
      refusalCode(() => cosignCheckpoint(request, { ...options, log: { ...log, origin: 'other' } })),
    ).toBe('checkpoint-origin-wrong');
    const stranger = { ...log, logKeys: [generateSigningKey(origin).verifierKey] };
    expect(refusalCode(() => cosignCheckpoint(request, { ...options, log: stranger }))).toBe('note-unsigned');
    expect(refusalCode(() => cosignCheckpoint(request, { ...options, key: logKey }))).toBe(
      'signing-key-malformed',
    );
  });
});

describe('adding cosignatures', () => {
  it('drops lines by unknown witnesses, and replaces an older one by the same witness', async () => {
    const stranger = generateSigningKey('stranger', 'cosignature');
    const request = await requestFrom(0, 7);
    const lineAt = (timestamp: number): string =>
      cosignCheckpoint(request, { log, latest: undefined, key, timestamp }).line;
    const strange = cosignCheckpoint(request, { log, latest: undefined, key: stranger }).line;
    const once = addCosignatures(request.checkpoint, strange + lineAt(5), [key.verifierKey]);
    const twice = addCosignatures(once, lineAt(6), [key.verifierKey]);
    expect(twice).not.toContain('stranger');
    expect(
      openCheckpoint(twice, { ...log, witnessKeys: [key.verifierKey] }).cosignatures.map(
        ({ timestamp }) => timestamp,
      ),
    ).toEqual([6]);
  });

  it('refuses a wrong line, lines of another checkpoint, and an answer without any', async () => {
    const here = await requestFrom(0, 7);
    const there = cosignCheckpoint(await requestFrom(0, 8), { log, latest: undefined, key }).line;
    expect(refusalCode(() => addCosignatures(here.checkpoint, there, [key.verifierKey]))).toBe(
      'note-signature-invalid',
    );
    expect(refusalCode(() => addCosignatures(here.checkpoint, 'Not found\n', [key.verifierKey]))).toBe(
      'note-malformed',
    );
    expect(refusalCode(() => addCosignatures(here.checkpoint, `x\n\n${there}`, [key.verifierKey]))).toBe(
      'note-signature-invalid',
    );
    expect(refusalCode(() => addCosignatures(here.checkpoint, there, []))).toBe('note-unsigned');
  });

  it('refuses lines that would move the border between text and signatures', async () => {
    const here = await requestFrom(0, 7);
    const text = `${here.checkpoint.split('\n\n')[0] ?? ''}\n\nx\n`;
    const [, , lines = ''] = signNote(text, [key], 5).split('\n\n');
    expect(refusalCode(() => addCosignatures(here.checkpoint, `x\n\n${lines}`, [key.verifierKey]))).toBe(
      'note-malformed',
    );
  });

  it('refuses to make a note that has more signatures than are accepted', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => generateSigningKey(`w${index}`, 'cosignature'));
    const request = await requestFrom(0, 7);
    const lines = keys
      .map((each) => cosignCheckpoint(request, { log, latest: undefined, key: each }).line)
      .join('');
    const known = keys.map(({ verifierKey }) => verifierKey);
    expect(refusalCode(() => addCosignatures(request.checkpoint, lines, known))).toBe(
      'note-too-many-signatures',
    );
  });
});

describe('a request to a witness', () => {
  it('of the specification is read and written back unchanged', () => {
    const request = parseWitnessRequest(c2spWitnessRequest);
    expect(request.oldSize).toBe(20_852_014);
    expect(request.proof).toHaveLength(4);
    expect(formatWitnessRequest(request)).toBe(c2spWitnessRequest);
  });

  it.each([
    ['', 1, 0],
    ['old 05\n\nx\n', 1, 0],
    ['old -1\n\nx\n', 1, 0],
    ['old 9007199254740992\n\nx\n', 1, 0],
    ['new 5\n\nx\n', 1, 0],
    ['old 5\n', 2, 6],
    ['old 5\nAAAA\n\nx\n', 2, 6],
    [`old 5\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\nx\n`, 65, 6 + 63 * 45],
  ])('is refused as %j, naming line and byte', (request, line, byte) => {
    const error = refusal(() => parseWitnessRequest(request));
    expect(error.code).toBe('witness-request-malformed');
    expect(error.place).toMatchObject({ line, byte });
  });
});
