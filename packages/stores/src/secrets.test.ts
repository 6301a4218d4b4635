import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOrCreateKey, readOrCreatePassword, readOrCreateSecret, writeSecret } from './secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('secret files', () => {
  it('are made once, in a folder and with a mode that only the owner can use', async () => {
    const file = join(folder, 'deep', 'root.key');
    const key = await readOrCreateKey(file);
    expect(key).toHaveLength(32);
    expect(await readOrCreateKey(file)).toEqual(key);
    expect(await modeOf(file)).toBe(0o600);
    expect(await modeOf(join(folder, 'deep'))).toBe(0o700);
    expect(await readdir(join(folder, 'deep'))).toEqual(['root.key']);
  });

  it('differ from each other', async () => {
    expect(await readOrCreateKey(join(folder, 'a'))).not.toEqual(await readOrCreateKey(join(folder, 'b')));
  });

  it('get their mode back when somebody opened them to others', async () => {
    const file = join(folder, 'a.key');
    await readOrCreateKey(file);
    await chmod(file, 0o644);
    await readOrCreateKey(file);
    expect(await modeOf(file)).toBe(0o600);
  });

  it('are refused, not replaced, when a key has another length: what it encrypted would be lost', async () => {
    const file = join(folder, 'a.key');
    await writeFile(file, 'short');
    await expect(readOrCreateKey(file)).rejects.toMatchObject({ code: 'secret-damaged' });
    expect(await readFile(file, 'utf8')).toBe('short');
  });

  it('hold passwords of 256 bits, and refuse a file that holds something else', async () => {
    const file = join(folder, 'a.password');
    expect(await readOrCreatePassword(file)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await writeFile(file, "x'; DROP ROLE y");
    await expect(readOrCreatePassword(file)).rejects.toMatchObject({ code: 'secret-damaged' });
  });

  it('leave no draft behind when they cannot be written', async () => {
    await expect(writeSecret(folder, 'x')).rejects.toThrow();
    expect(
      (await readdir(tmpdir())).filter((name) => name.startsWith(`${folder.slice(tmpdir().length + 1)}.`)),
    ).toEqual([]);
  });

  it('pass on an error other than a missing file', async () => {
    await expect(readOrCreateSecret(folder, () => Buffer.from('x'))).rejects.toMatchObject({
      code: 'EISDIR',
    });
  });
});
