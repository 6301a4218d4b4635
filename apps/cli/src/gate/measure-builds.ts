import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Build } from '@cordon/control-gate';

/** What is built of a checkout and deployed: the pages. Everything else runs from its sources, which the commit names. */
export const builtFolders = [
  'apps/console/dist/ui',
  'apps/portal/dist/ui',
  'apps/identity/dist/ui',
  'apps/web/dist/ui',
  'apps/chat-ui/dist/ui',
] as const;

/** The digest of each folder: SHA-256 over the digests and names of its files, in order. Null where it is not there or empty. */
export async function measureBuilds(root: string): Promise<Build[]> {
  return Promise.all(
    builtFolders.map(async (name) => {
      const entries = await readdir(join(root, name), { recursive: true, withFileTypes: true }).catch(
        () => [],
      );
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      if (files.length === 0) return { name, sha256: null };
      const whole = createHash('sha256');
      for (const file of files) {
        const digest = createHash('sha256')
          .update(await readFile(file))
          .digest('hex');
        whole.update(`${digest}  ${file.slice(join(root, name).length + 1)}\n`);
      }
      return { name, sha256: whole.digest('hex') };
    }),
  );
}
