import { describe, expect, it } from 'vitest';
import { blindToken, createLocalKeyManagement, generateDataKey } from './index.ts';

const root = createLocalKeyManagement({ rootKey: generateDataKey(), rootKeyId: 'root-1' });

describe('a wrapped key', () => {
  it('unwraps to the same key in its context', async () => {
    const key = generateDataKey();
    const { wrapped, keyId } = await root.wrap(key, 'tenant a');
    expect(keyId).toBe('root-1');
    expect((await root.unwrap(wrapped, keyId, 'tenant a')).equals(key)).toBe(true);
  });

  it('holds nothing of the key', async () => {
    const key = generateDataKey();
    const { wrapped } = await root.wrap(key, 'tenant a');
    expect(wrapped.includes(key.subarray(0, 8))).toBe(false);
  });

  it.each([
    ['in another context', 'tenant b', 'root-1', (wrapped: Buffer) => wrapped],
    ['under another key id', 'tenant a', 'root-2', (wrapped: Buffer) => wrapped],
    ['cut short', 'tenant a', 'root-1', (wrapped: Buffer) => wrapped.subarray(0, 20)],
    [
      'of another version',
      'tenant a',
      'root-1',
      (wrapped: Buffer) => Buffer.concat([Buffer.of(9), wrapped.subarray(1)]),
    ],
    [
      'with a changed tag',
      'tenant a',
      'root-1',
      (wrapped: Buffer) => Buffer.from(wrapped.map((byte, i) => (i === 15 ? byte ^ 1 : byte))),
    ],
    ['that is empty', 'tenant a', 'root-1', () => Buffer.alloc(0)],
  ])('does not unwrap %s', async (_name, context, keyId, change) => {
    const { wrapped } = await root.wrap(generateDataKey(), 'tenant a');
    await expect(root.unwrap(change(wrapped), keyId, context)).rejects.toMatchObject({
      code: 'key-unwrap-failed',
    });
  });

  it('does not unwrap under another root', async () => {
    const other = createLocalKeyManagement({ rootKey: generateDataKey(), rootKeyId: 'root-1' });
    const { wrapped, keyId } = await root.wrap(generateDataKey(), 'tenant a');
    await expect(other.unwrap(wrapped, keyId, 'tenant a')).rejects.toMatchObject({
      code: 'key-unwrap-failed',
    });
  });

  it('needs a root of 32 bytes', () => {
    expect(() => createLocalKeyManagement({ rootKey: Buffer.alloc(16), rootKeyId: 'x' })).toThrow(
      expect.objectContaining({ code: 'key-malformed' }) as Error,
    );
  });
});

describe('a blind token', () => {
  const key = generateDataKey();
  it('is the same for the same value, and another for another column, value or key', () => {
    const token = blindToken(key, 'name', 'smith');
    expect(token.equals(blindToken(key, 'name', 'smith'))).toBe(true);
    expect(token).toHaveLength(32);
    for (const other of [
      blindToken(key, 'phone', 'smith'),
      blindToken(key, 'name', 'smyth'),
      blindToken(generateDataKey(), 'name', 'smith'),
    ])
      expect(token.equals(other)).toBe(false);
  });
});
