import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCodeOf, StoresError } from './errors.ts';

/**
 * Reads a secret file, or makes it on first use. The file appears whole or not at all, so a start that is
 * killed in between cannot leave half a key behind.
 */
export async function readOrCreateSecret(file: string, make: () => Buffer): Promise<Buffer> {
  try {
    const content = await readFile(file);
    await chmod(file, 0o600);
    return content;
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
  }
  const content = make();
  await writeSecret(file, content);
  return content;
}

/** Writes a file of mode 0600 in one step, its folder with mode 0700. */
export async function writeSecret(file: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A random key of `length` bytes, kept raw. Throws `secret-damaged` when the file has another length. */
export async function readOrCreateKey(file: string, length = 32): Promise<Buffer> {
  const key = await readOrCreateSecret(file, () => randomBytes(length));
  if (key.length === length) return key;
  throw new StoresError(
    'secret-damaged',
    `Restore ${file} from your backup: it must hold ${length} bytes. Without it the data cannot be read.`,
  );
}

/** A random password of 256 bits in URL-safe text, without a newline. */
export async function readOrCreatePassword(file: string): Promise<string> {
  const password = (await readOrCreateSecret(file, makePassword)).toString('utf8');
  if (/^[A-Za-z0-9_-]{43}$/.test(password)) return password;
  throw new StoresError('secret-damaged', `Remove ${file}: it does not hold a generated password.`);
}

function makePassword(): Buffer {
  return Buffer.from(randomBytes(32).toString('base64url'));
}
