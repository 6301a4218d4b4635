import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { createSessionCipher } from './session-cipher.ts';

const key = randomBytes(32);
const cipher = createSessionCipher(key);

describe('the session cipher', () => {
  it('opens what it sealed, and seals the same twice differently', async () => {
    const [first, second] = await Promise.all([
      cipher.seal('session', 'row', { a: 1 }),
      cipher.seal('session', 'row', { a: 1 }),
    ]);
    expect(first).not.toBe(second);
    expect(await cipher.open('session', 'row', first)).toEqual({ a: 1 });
    expect(await createSessionCipher(key).open('session', 'row', second)).toEqual({ a: 1 });
    expect(decodeProtectedHeader(first)).toMatchObject({ alg: 'dir', enc: 'A256GCM', kid: cipher.keyId });
  });

  it('opens nothing under another key, purpose or binding', async () => {
    const sealed = await cipher.seal('session', 'row', { a: 1 });
    expect(await createSessionCipher(randomBytes(32)).open('session', 'row', sealed)).toBeUndefined();
    expect(await cipher.open('sign-in', 'row', sealed)).toBeUndefined();
    expect(await cipher.open('session', 'another row', sealed)).toBeUndefined();
  });

  it('opens nothing that was changed in any part', async () => {
    const sealed = await cipher.seal('session', 'row', { a: 1 });
    const parts = sealed.split('.');
    for (const index of [0, 2, 3, 4]) {
      const changed = parts.map((part, at) =>
        at === index ? (part.startsWith('A') ? 'B' : 'A') + part.slice(1) : part,
      );
      expect(await cipher.open('session', 'row', changed.join('.'))).toBeUndefined();
    }
    for (const other of ['', 'x', '....', sealed.slice(0, -5)])
      expect(await cipher.open('session', 'row', other)).toBeUndefined();
  });

  it('blinds by key and by kind', () => {
    expect(cipher.blind('sid', 'x')).toEqual(createSessionCipher(key).blind('sid', 'x'));
    expect(cipher.blind('sid', 'x')).not.toEqual(cipher.blind('subject', 'x'));
    expect(cipher.blind('sid', 'x')).not.toEqual(createSessionCipher(randomBytes(32)).blind('sid', 'x'));
    expect(cipher.blind('sid', 'x')).toHaveLength(32);
  });

  it('does not start with a key of another length', () => {
    expect(() => createSessionCipher(randomBytes(16))).toThrow(
      expect.objectContaining({ code: 'guard-option-invalid' }),
    );
  });
});
