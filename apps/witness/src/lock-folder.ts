import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WitnessError } from './error.ts';

/** SQLITE_BUSY. https://sqlite.org/rescode.html#busy */
const busy = 5;

/** A lock that nothing refers to would be collected, and so given back. */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the only witness of the folder: two would each cosign a history that the other has not seen. The lock
 * is one of the kernel's, by way of SQLite, which Node brings along: it ends with the process however that ends, so none is
 * ever left behind, and it holds across containers that share the folder.
 * @returns the function that gives it back
 * @throws WitnessError `witness-folder-in-use`
 */
export async function lockFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'lock');
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    // A transaction that writes nothing and never ends: the lock is all that is wanted of it.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    await chmod(file, 0o600);
  } catch (cause) {
    lock.close();
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === busy)
      throw new WitnessError('witness-folder-in-use', { detail: folder, cause });
    throw cause;
  }
  held.add(lock);
  return () => {
    if (held.delete(lock)) lock.close();
  };
}
