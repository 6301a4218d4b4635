import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Asks before long or final work whether its outcome can be written to the file.
 * @throws what the file system says of the file's folder, which `tellError` puts into words
 */
export async function requireFolder(file: string | undefined): Promise<void> {
  if (file !== undefined) await access(dirname(resolve(file)), constants.W_OK);
}
