import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  type LogTrust,
  createSigningKey,
  emptyRoot,
  formatCheckpoint,
  generateSigningKey,
  openCheckpoint,
  parseCheckpoint,
  parseSignedNote,
  parseVerifierKey,
  signCheckpoint,
} from '../../index.ts';
import { archeCheckpoint, c2spCheckpoint } from '../../testing/note-vectors.ts';
import { refusal, refusalCode } from '../../testing/sample-log.ts';

const origin = 'example.com/log';
const logKey = generateSigningKey(origin);
const witnesses = ['w1', 'w2', 'w3'].map((name) => generateSigningKey(name, 'cosignature'));
const [first, second] = witnesses;
if (first === undefined || second === undefined) throw new Error('no witnesses');
const checkpoint: Checkpoint = { origin, size: 5, root: Buffer.alloc(32, 7), extensions: [] };
const trust: LogTrust = {
  origin,
  logKeys: [logKey.verifierKey],
  witnessKeys: witnesses.map(({ verifierKey }) => verifierKey),
  quorum: 2,
};

describe('a checkpoint of a running log', () => {
  const arche = {
    origin: archeCheckpoint.origin,
    logKeys: [parseVerifierKey(archeCheckpoint.logKey)],
    witnessKeys: archeCheckpoint.witnessKeys.map(parseVerifierKey),
  };

  it('is verified with the cosignatures of its four witnesses', () => {
    const opened = openCheckpoint(archeCheckpoint.note, arche);
    expect(opened.checkpoint.size).toBe(1_432_088_532);
    expect(opened.cosignatures.map(({ timestamp }) => timestamp)).toEqual(
      Array(4).fill(archeCheckpoint.cosignedAt),
    );
  });

  it('is refused when its size was changed, or a cosignature', () => {
    expect(
      refusalCode(() => openCheckpoint(archeCheckpoint.note.replace('1432088532', '1432088533'), arche)),
    ).toBe('note-signature-invalid');
    const later = archeCheckpoint.note.replace('2net5wAAAABqEiEg', '2net5wAAAABqEiEh');
    expect(refusal(() => openCheckpoint(later, arche)).place).toMatchObject({ line: 9 });
  });
});

describe('checkpoint text', () => {
  it('of the specification is read', () => {
    const { text } = parseSignedNote(c2spCheckpoint);
    const read = parseCheckpoint(text);
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163, extensions: [] });
    expect(formatCheckpoint(read)).toBe(text);
  });

  it('carries extension lines and the empty tree', () => {
    const full = { ...checkpoint, extensions: ['time 5', '\u2014 odd'] };
    expect(parseCheckpoint(formatCheckpoint(full)).extensions).toEqual(full.extensions);
    expect(parseCheckpoint(formatCheckpoint({ ...checkpoint, size: 0, root: emptyRoot() })).size).toBe(0);
  });

  const root = Buffer.alloc(32, 7).toString('base64');
  it.each([
    ['nothing', '', 1, 0],
    ['two lines', 'log\n5\n', 3, 6],
    ['no last newline', `log\n5\n${root}`, 3, 50],
    ['an empty origin', `\n5\n${root}\n`, 1, 0],
    ['an empty extension', `log\n5\n${root}\n\nx\n`, 4, 51],
    ['a size with a leading zero', `log\n05\n${root}\n`, 2, 4],
    ['a negative size', `log\n-5\n${root}\n`, 2, 4],
    ['a size in other digits', `log\n\u0665\n${root}\n`, 2, 4],
    ['a size past 2^53', `log\n9007199254740992\n${root}\n`, 2, 4],
    ['a size with a space', `log\n5 \n${root}\n`, 2, 4],
    ['a short root', `log\n5\n${root.slice(4)}\n`, 3, 6],
    ['a root in hex', `log\n5\n${Buffer.alloc(32, 7).toString('hex')}\n`, 3, 6],
    ['an empty tree with another root', `log\n0\n${root}\n`, 3, 6],
  ])('is refused with %s, naming line and byte', (_, text, line, byte) => {
    const error = refusal(() => parseCheckpoint(text));
    expect(error.code).toBe('checkpoint-malformed');
    expect(error.place).toEqual({ source: undefined, line, byte });
  });

  it('cannot be written so that it would read otherwise', () => {
    for (const bad of [{ origin: 'a\n9' }, { origin: '' }, { extensions: ['a\nb'] }, { extensions: [''] }]) {
      expect(refusalCode(() => formatCheckpoint({ ...checkpoint, ...bad }))).toBe('checkpoint-malformed');
    }
    expect(refusalCode(() => formatCheckpoint({ ...checkpoint, origin: 'a\r' }))).toBe('text-invalid');
    expect(refusalCode(() => formatCheckpoint({ ...checkpoint, size: -1 }))).toBe('size-invalid');
    expect(refusalCode(() => formatCheckpoint({ ...checkpoint, root: Buffer.alloc(20) }))).toBe(
      'hash-invalid',
    );
  });
});

describe('opening a checkpoint', () => {
  const note = signCheckpoint(checkpoint, [logKey, first, second], 1_700_000_000);

  it('believes one that the log has signed and a quorum cosigned', () => {
    const opened = openCheckpoint(Buffer.from(note), trust);
    expect(opened.checkpoint).toMatchObject({ origin, size: 5 });
    expect(opened.logSignatures).toHaveLength(1);
    expect(opened.cosignatures.map(({ name, timestamp }) => [name, timestamp])).toEqual([
      ['w1', 1_700_000_000],
      ['w2', 1_700_000_000],
    ]);
  });

  it('refuses the checkpoint of another log, even by the same key', () => {
    const other = signCheckpoint({ ...checkpoint, origin: 'example.com/other' }, [logKey, first, second]);
    const error = refusal(() => openCheckpoint(other, trust, { source: 'checkpoint' }));
    expect(error.code).toBe('checkpoint-origin-wrong');
    expect(error.place).toEqual({ source: 'checkpoint', line: 1, byte: 0 });
  });

  it('refuses one that only witnesses have signed', () => {
    expect(refusalCode(() => openCheckpoint(signCheckpoint(checkpoint, [first, second]), trust))).toBe(
      'note-unsigned',
    );
  });

  it('refuses one with too few witnesses, and counts a witness who signed twice once', () => {
    const alone = signCheckpoint(checkpoint, [logKey, first], 5);
    expect(refusalCode(() => openCheckpoint(alone, trust))).toBe('quorum-missing');
    const [, again = ''] = signCheckpoint(checkpoint, [first], 6).split('\n\n');
    expect(refusalCode(() => openCheckpoint(alone + again, trust))).toBe('quorum-missing');
    expect(openCheckpoint(alone + again, { ...trust, quorum: 1 }).cosignatures).toHaveLength(2);
  });

  it('asks for every witness when no quorum is named', () => {
    const { quorum: _quorum, ...all } = trust;
    expect(refusalCode(() => openCheckpoint(note, all))).toBe('quorum-missing');
    expect(openCheckpoint(signCheckpoint(checkpoint, [logKey, ...witnesses]), all).cosignatures).toHaveLength(
      3,
    );
  });

  it('accepts either key while the log changes its key', () => {
    const next = generateSigningKey(origin);
    const logKeys = [logKey.verifierKey, next.verifierKey];
    expect(
      openCheckpoint(signCheckpoint(checkpoint, [next]), { origin, logKeys }).logSignatures,
    ).toHaveLength(1);
  });

  it('refuses trust that does not make sense', () => {
    for (const quorum of [-1, 4, 1.5, Number.NaN]) {
      expect(refusalCode(() => openCheckpoint(note, { ...trust, quorum }))).toBe('quorum-invalid');
    }
    expect(
      refusalCode(() =>
        openCheckpoint(note, { ...trust, witnessKeys: [generateSigningKey('w').verifierKey], quorum: 1 }),
      ),
    ).toBe('verifier-key-unsupported');
  });

  it('refuses one witness under two names, for whom one signature would count as two', () => {
    const twin = createSigningKey('w9', first.privateKey, 'cosignature');
    const witnessKeys = [first.verifierKey, twin.verifierKey];
    expect(refusalCode(() => openCheckpoint(note, { ...trust, witnessKeys }))).toBe('verifier-key-duplicate');
    const self = createSigningKey('w0', logKey.privateKey, 'cosignature');
    expect(
      refusalCode(() => openCheckpoint(note, { ...trust, witnessKeys: [self.verifierKey], quorum: 0 })),
    ).toBe('verifier-key-duplicate');
  });

  it('refuses a cosignature whose time was moved', () => {
    const parsed = parseSignedNote(note);
    const line = parsed.signatures[1];
    if (line === undefined) throw new Error('no cosignature');
    for (const at of [0, 7]) {
      const moved = Buffer.from(line.signature);
      moved[at] = (moved[at] ?? 0) ^ 0x80;
      const encoded = Buffer.concat([Buffer.from(line.keyId, 'hex'), moved]).toString('base64');
      const original = Buffer.concat([Buffer.from(line.keyId, 'hex'), line.signature]).toString('base64');
      expect(refusalCode(() => openCheckpoint(note.replace(original, encoded), trust))).toBe(
        'note-signature-invalid',
      );
    }
  });

  it('refuses to cosign at an impossible time', () => {
    for (const time of [-1, 1.5, Number.NaN, 2 ** 53]) {
      expect(refusalCode(() => signCheckpoint(checkpoint, [first], time))).toBe('timestamp-invalid');
    }
  });

  it('never takes a plain signature for a cosignature, or the other way round', () => {
    const plain = createSigningKey('w1', first.privateKey);
    const [, line = ''] = signCheckpoint(checkpoint, [plain]).split('\n\n');
    const withPlain = signCheckpoint(checkpoint, [logKey]) + line;
    expect(refusalCode(() => openCheckpoint(withPlain, { ...trust, quorum: 1 }))).toBe('quorum-missing');
  });
});
