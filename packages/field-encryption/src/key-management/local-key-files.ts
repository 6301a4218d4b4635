import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FieldEncryptionError } from '../error.ts';
import { dataKeyLength, refuseAway, refuseUnwrap, type KeyManagement } from './key-management.ts';
import { createLocalKeyManagement } from './local-key.ts';

/** The name that a root key had before names were taken from the keys; every key is tried for it. */
const firstName = 'local-1';
const mostEarlier = 100;

/** A key is random, so its digest tells nothing of it. */
export function localKeyId(key: Buffer): string {
  return `local-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}

/** Where the keys lie that the file's key replaced: they open what is not yet wrapped anew, and wrap nothing. */
export function earlierKeysFolder(file: string): string {
  return `${file}.earlier`;
}

/**
 * AES-256-GCM under a key in a file of 32 bytes, the default of a single machine. The file is read at each use, which is
 * once a tenant and cache life: so a key that is replaced is known to every process at once, and none keeps it in memory.
 */
export function createLocalKeyFiles(file: string): KeyManagement {
  async function readKey(path: string): Promise<Buffer> {
    const key = await readFile(path).catch((error: unknown) => {
      throw refuseAway('the root key file cannot be read', error);
    });
    if (key.length === dataKeyLength) return key;
    throw new FieldEncryptionError('key-malformed', 'The root key file must hold 32 bytes.');
  }

  async function withKey<Result>(
    path: string,
    use: (management: KeyManagement, keyId: string) => Promise<Result>,
  ): Promise<Result> {
    const key = await readKey(path);
    const keyId = localKeyId(key);
    try {
      return await use(createLocalKeyManagement({ rootKey: key, rootKeyId: keyId }), keyId);
    } finally {
      key.fill(0);
    }
  }

  async function keyFiles(): Promise<string[]> {
    const folder = earlierKeysFolder(file);
    const earlier = await readdir(folder).catch(() => []);
    return [file, ...earlier.slice(0, mostEarlier).map((name) => join(folder, name))];
  }

  return {
    opens: (keyId) => keyId.startsWith('local-'),
    wrap: (key, context) => withKey(file, (management) => management.wrap(key, context)),
    async unwrap(wrapped, keyId, context) {
      for (const path of await keyFiles()) {
        const opened = await withKey(path, async (management, id) => {
          if (keyId !== id && keyId !== firstName) return undefined;
          return management.unwrap(wrapped, id, context).catch((error: unknown) => {
            if (keyId === firstName) return undefined;
            throw error;
          });
        });
        if (opened !== undefined) return opened;
      }
      throw refuseUnwrap(`no local root key opens what ${keyId} wrapped`);
    },
  };
}

/**
 * Puts a new root key into the file; the one before moves to the folder of earlier keys first, so that a process killed in
 * between leaves both or the old one. Backups of the vault from before need it: it is for the operator to remove.
 * Answers the new key's id.
 */
export async function replaceLocalKey(file: string): Promise<string> {
  const current = await readFile(file);
  const folder = earlierKeysFolder(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(join(folder, `${localKeyId(current)}.key`), current);
  const next = randomBytes(dataKeyLength);
  await writeDurably(file, next);
  const id = localKeyId(next);
  for (const key of [current, next]) key.fill(0);
  return id;
}

async function writeDurably(path: string, content: Buffer): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
