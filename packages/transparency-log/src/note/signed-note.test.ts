import { describe, expect, it, vi } from 'vitest';
import {
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  createVerifierKey,
  formatSignedNote,
  generateSigningKey,
  openSignedNote,
  parseSignedNote,
  parseSigningKey,
  parseVerifierKey,
  signNote,
} from '../../index.ts';
import { c2spCheckpoint, c2spNote, goNote } from '../../testing/note-vectors.ts';
import { refusal, refusalCode } from '../../testing/sample-log.ts';

// Many cases; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const peter = parseVerifierKey(goNote.verifierKey);
const enoch = parseVerifierKey(goNote.secondVerifierKey);
const signed = `${goNote.text}\n${goNote.line}`;

describe('published notes', () => {
  it('of Go are verified, and made again byte for byte', () => {
    const both = `${signed}${goNote.secondLine}`;
    const opened = openSignedNote(both, [peter, enoch]);
    expect(opened.text).toBe(goNote.text);
    expect(opened.verified.map(({ name }) => name)).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(signNote(goNote.text, [parseSigningKey(goNote.signingKey)])).toBe(signed);
    expect(formatSignedNote(parseSignedNote(both))).toBe(both);
  });

  it('of the specification are verified', () => {
    expect(openSignedNote(c2spNote.note, [parseVerifierKey(c2spNote.verifierKey)]).text).toBe(
      'This is an example message.\n',
    );
    const { signatures } = parseSignedNote(c2spCheckpoint);
    expect(signatures.map(({ name, keyId }) => `${name} ${keyId}`)).toEqual([
      'example.com/behind-the-sofa 033de0ae',
      'witness.example.com/w1 8d66cf3f',
    ]);
    // The time in the example's cosignature is the one that its text names.
    expect(Buffer.from(signatures[1]?.signature ?? []).readBigUInt64BE()).toBe(1_679_315_147n);
  });
});

describe('opening a note', () => {
  it('ignores signatures by unknown keys, even under a known name', () => {
    const impostor = generateSigningKey('PeterNeumann');
    const [, line = ''] = signNote(goNote.text, [impostor]).split('\n\n');
    const opened = openSignedNote(`${signed}${line}${goNote.secondLine}`, [peter]);
    expect(opened.verified).toHaveLength(1);
    expect(opened.unknown.map(({ name }) => name)).toEqual(['PeterNeumann', 'EnochRoot']);
  });

  it('counts a line that is there twice once', () => {
    const opened = openSignedNote(signed + goNote.line + goNote.secondLine + goNote.secondLine, [peter]);
    expect(opened.verified).toHaveLength(1);
    expect(opened.unknown).toHaveLength(1);
  });

  it('refuses a note that no known key has signed', () => {
    const error = refusal(() => openSignedNote(signed, [enoch], { source: 'checkpoint' }));
    expect(error.code).toBe('note-unsigned');
    expect(error.place?.source).toBe('checkpoint');
    expect(refusalCode(() => openSignedNote(signed, []))).toBe('note-unsigned');
  });

  it('refuses a note with one wrong signature by a known key, be another one right', () => {
    const [, other = ''] = signNote('another text\n', [parseSigningKey(goNote.signingKey)]).split('\n\n');
    for (const lines of [other, goNote.line + other, other + goNote.line, goNote.secondLine + other]) {
      const error = refusal(() => openSignedNote(`${goNote.text}\n${lines}`, [peter, enoch]));
      expect(error.code).toBe('note-signature-invalid');
      expect(error.place?.line).toBeGreaterThanOrEqual(4);
    }
  });

  it('refuses a note of which any byte was changed', () => {
    const bytes = Buffer.from(signed);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      refusal(() => openSignedNote(changed, [peter]));
    }
  });

  it('refuses a signature that is longer or shorter than Ed25519 signatures are', () => {
    const signature = parseSignedNote(signed).signatures[0];
    if (signature === undefined) throw new Error('no signature');
    for (const bytes of [
      signature.signature.subarray(0, 63),
      Buffer.concat([signature.signature, Buffer.of(0)]),
      Buffer.of(1),
    ]) {
      const note = formatSignedNote({ text: goNote.text, signatures: [{ ...signature, signature: bytes }] });
      expect(refusalCode(() => openSignedNote(note, [peter]))).toBe('note-signature-invalid');
    }
  });

  it('refuses two known keys of one name and id', () => {
    expect(refusalCode(() => openSignedNote(signed, [peter, peter]))).toBe('verifier-key-duplicate');
  });

  it('refuses all-zero signatures and keys', () => {
    const { publicKey } = generateSigningKey('n').verifierKey;
    const key = createVerifierKey('n', publicKey);
    const note = formatSignedNote({
      text: 'a\n',
      signatures: [{ name: 'n', keyId: key.keyId, signature: Buffer.alloc(64) }],
    });
    expect(refusalCode(() => openSignedNote(note, [key]))).toBe('note-signature-invalid');
  });
});

describe('reading a note', () => {
  it('takes the text up to the last empty line', () => {
    expect(parseSignedNote(`a\n\nb\n\n${goNote.line}`).text).toBe('a\n\nb\n');
  });

  it('refuses 200 signatures at the line that is too many, and accepts the highest number allowed', () => {
    const error = refusal(() =>
      parseSignedNote(`text\n\n${goNote.line.repeat(200)}`, { source: 'checkpoint' }),
    );
    expect(error.code).toBe('note-too-many-signatures');
    expect(error.place).toEqual({
      source: 'checkpoint',
      line: 103,
      byte: 6 + 100 * Buffer.byteLength(goNote.line),
    });
    expect(parseSignedNote(`text\n\n${goNote.line.repeat(MAX_NOTE_SIGNATURES)}`).signatures).toHaveLength(
      MAX_NOTE_SIGNATURES,
    );
  });

  it('refuses more bytes than a note may have, in bytes and in text', () => {
    const line = `${'\u00e9'.repeat(MAX_NOTE_BYTES / 2)}\n\n${goNote.line}`;
    expect(refusalCode(() => parseSignedNote(line))).toBe('input-too-large');
    expect(refusalCode(() => parseSignedNote(Buffer.from(line)))).toBe('input-too-large');
    expect(refusalCode(() => parseSignedNote('x'.repeat(MAX_NOTE_BYTES + 1)))).toBe('input-too-large');
  });

  it.each([
    ['no signatures', 'text\n', 2, 5],
    ['an empty line and nothing after it', 'text\n\n', 3, 6],
    ['no newline at the end', signed.slice(0, -1), 4, Buffer.byteLength(signed) - 1],
    ['a stranger among the signature lines', `${signed}Unexpected line.\n`, 5, Buffer.byteLength(signed)],
    ['a hyphen in place of the dash', 'a\n\n- n AAAAAAA=\n', 3, 3],
    ['a name with a plus sign', 'a\n\n\u2014 n+m AAAAAAA=\n', 3, 7],
    ['a name with a space of another script', 'a\n\n\u2014 n\u00a0m AAAAAAA=\n', 3, 7],
    ['no name', 'a\n\n\u2014  AAAAAAA=\n', 3, 7],
    ['no signature after the name', 'a\n\n\u2014 name\n', 3, 11],
    ['a signature of the key id alone', 'a\n\n\u2014 n AAAAAA==\n', 3, 9],
    ['base64 with stray bits at its end', 'a\n\n\u2014 n AAAAAAB=\n', 3, 9],
    ['base64 without padding', 'a\n\n\u2014 n AAAAAAA\n', 3, 9],
    ['base64 of the other alphabet', 'a\n\n\u2014 n AAAAAA-_\n', 3, 9],
  ])('refuses %s, naming line and byte', (_, note, line, byte) => {
    const error = refusal(() => parseSignedNote(note));
    expect(error.code).toBe('note-malformed');
    expect(error.place).toEqual({ source: undefined, line, byte });
  });

  it('refuses control characters, carriage returns among them, naming line and byte', () => {
    for (const character of ['\r', '\t', '\u0000', '\u001f']) {
      const error = refusal(() => parseSignedNote(`a\n\u00e9b${character}\n\n${goNote.line}`));
      expect(error.code).toBe('text-invalid');
      expect(error.place).toMatchObject({ line: 2, byte: 5 });
    }
  });

  it('refuses what is not UTF-8, naming the byte', () => {
    const good = Buffer.from('a\u00e9\ufffd');
    for (const bad of [
      Buffer.of(0xff),
      Buffer.of(0xc3),
      Buffer.of(0xed, 0xa0, 0x80),
      Buffer.of(0xc0, 0x80),
    ]) {
      const error = refusal(() =>
        parseSignedNote(Buffer.concat([good, bad, Buffer.from(`\n\n${goNote.line}`)])),
      );
      expect(error.code).toBe('text-invalid');
      expect(error.place?.byte).toBe(good.length);
    }
    expect(refusal(() => parseSignedNote('ab\ud800')).place).toMatchObject({ line: 1, byte: 2 });
  });

  it('keeps a byte order mark as part of the text', () => {
    expect(parseSignedNote(Buffer.from(`\ufeffa\n\n${goNote.line}`)).text).toBe('\ufeffa\n');
  });
});

describe('signing a note', () => {
  const key = generateSigningKey('n');

  it.each(['', 'no newline', 'a\u0000\n', 'a\r\n', '\ud800\n'])('refuses the text %j', (text) => {
    refusal(() => signNote(text, [key]));
  });

  it('refuses a text that could be taken for a cosignature', () => {
    expect(refusalCode(() => signNote('cosignature/v1\ntime 1\nlog\n', [key]))).toBe('note-text-reserved');
  });

  it('refuses to sign with no key', () => {
    expect(refusalCode(() => signNote('a\n', []))).toBe('note-malformed');
  });

  it('refuses a made-up signature whose key id is not one', () => {
    for (const keyId of ['xyz', 'C74F20A3', '']) {
      expect(
        refusalCode(() =>
          formatSignedNote({ text: 'a\n', signatures: [{ name: 'n', keyId, signature: Buffer.alloc(64) }] }),
        ),
      ).toBe('note-malformed');
    }
  });
});
