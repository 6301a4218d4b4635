import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createSigningKey,
  createVerifierKey,
  formatSigningKey,
  formatVerifierKey,
  generateSigningKey,
  openSignedNote,
  parseSigningKey,
  parseVerifierKey,
  signNote,
} from '../../index.ts';
import { archeCheckpoint, c2spNote, goNote } from '../../testing/note-vectors.ts';
import { refusal, refusalCode } from '../../testing/sample-log.ts';

/** The next character in the code table, as the tests of Go's note package do it. */
const nudge = (text: string, at: number): string =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) + 1) + text.slice(at + 1);

describe('verifier keys', () => {
  it('published by others are read and written back unchanged', () => {
    for (const text of [
      goNote.verifierKey,
      goNote.secondVerifierKey,
      c2spNote.verifierKey,
      archeCheckpoint.logKey,
      ...archeCheckpoint.witnessKeys,
    ]) {
      expect(formatVerifierKey(parseVerifierKey(text))).toBe(text);
    }
  });

  it('say their name, kind and key id', () => {
    expect(parseVerifierKey(c2spNote.verifierKey)).toMatchObject({
      name: 'example.com/foo',
      kind: 'signature',
      keyId: '530d903a',
    });
    expect(parseVerifierKey(archeCheckpoint.witnessKeys[2] ?? '')).toMatchObject({
      name: 'remora.n621.de',
      kind: 'cosignature',
      keyId: 'da77ade7',
    });
  });

  it('are refused when any part is missing or any character is changed', () => {
    const text = goNote.verifierKey;
    for (let start = 0; start <= text.length; start += 1) {
      for (let end = start; end <= text.length; end += 1) {
        if (end - start < text.length) refusal(() => parseVerifierKey(text.slice(start, end)));
      }
    }
    for (let at = 0; at < text.length; at += 1) refusal(() => parseVerifierKey(nudge(text, at)));
  });

  it('are refused when the key is of the wrong length, of an unknown type, or not in canonical base64', () => {
    // The first two are from note_test.go of golang.org/x/mod: key ids adjusted to the mangled keys.
    expect(
      refusalCode(() =>
        parseVerifierKey('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='),
      ),
    ).toBe('verifier-key-malformed');
    expect(
      refusalCode(() =>
        parseVerifierKey('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'),
      ),
    ).toBe('verifier-key-unsupported');
    expect(refusalCode(() => parseVerifierKey(goNote.verifierKey.replace('c74f20a3', 'C74F20A3')))).toBe(
      'verifier-key-malformed',
    );
    expect(refusalCode(() => parseVerifierKey(`${goNote.verifierKey}\n`))).toBe('verifier-key-malformed');
    expect(refusalCode(() => parseVerifierKey('n+00000000+'))).toBe('verifier-key-malformed');
    expect(refusalCode(() => parseVerifierKey('x'.repeat(1_000_000)))).toBe('verifier-key-malformed');
    expect(refusalCode(() => createVerifierKey('n', Buffer.alloc(31, 1)))).toBe('verifier-key-malformed');
  });

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\u2003b', 'a\nb', 'a\u0001b', 'a\ud800'])(
    'are refused with the name %j',
    (name) => {
      expect(refusalCode(() => createVerifierKey(name, Buffer.alloc(32, 7)))).toBe('key-name-invalid');
      expect(refusalCode(() => generateSigningKey(name))).toBe('key-name-invalid');
    },
  );

  it('under which anybody can sign are refused, whatever the sign bit', () => {
    for (const hex of [
      '00'.repeat(32),
      `01${'00'.repeat(31)}`,
      `${'00'.repeat(31)}80`,
      `ec${'ff'.repeat(30)}7f`,
      `ec${'ff'.repeat(31)}`,
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ]) {
      expect(refusalCode(() => createVerifierKey('n', Buffer.from(hex, 'hex')))).toBe('verifier-key-weak');
    }
  });
});

describe('signing keys', () => {
  it('of Go are read and written back unchanged', () => {
    const key = parseSigningKey(goNote.signingKey);
    expect(formatVerifierKey(key.verifierKey)).toBe(goNote.verifierKey);
    expect(formatSigningKey(key)).toBe(goNote.signingKey);
  });

  it('of both kinds survive being written and read', () => {
    for (const kind of ['signature', 'cosignature'] as const) {
      const key = generateSigningKey('example.com/log', kind);
      const again = parseSigningKey(formatSigningKey(key));
      expect(formatVerifierKey(again.verifierKey)).toBe(formatVerifierKey(key.verifierKey));
      openSignedNote(signNote('text\n', [again]), [key.verifierKey]);
    }
  });

  it('are refused when any part is missing or any character is changed', () => {
    const text = goNote.signingKey;
    for (let end = 0; end < text.length; end += 1) refusal(() => parseSigningKey(text.slice(0, end)));
    for (let at = 0; at < text.length; at += 1) refusal(() => parseSigningKey(nudge(text, at)));
  });

  it('never show themselves in an error', () => {
    const secret = goNote.signingKey.split('+').slice(4).join('+');
    for (const text of [
      goNote.signingKey.slice(0, -4),
      goNote.signingKey.replace('c74f20a3', '00000000'),
      `${goNote.signingKey}=`,
    ]) {
      const error = refusal(() => parseSigningKey(text));
      expect(`${error.stack ?? ''}${error.detail ?? ''}${JSON.stringify(error)}`).not.toContain(
        secret.slice(0, 20),
      );
    }
  });

  it('are refused when they are not private Ed25519 keys', () => {
    const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { privateKey: x25519 } = generateKeyPairSync('x25519');
    const { publicKey } = generateKeyPairSync('ed25519');
    for (const key of [rsa, x25519, publicKey]) {
      expect(refusalCode(() => createSigningKey('n', key))).toBe('signing-key-malformed');
    }
  });
});
