import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ObjectStoreError } from './error.ts';
import { isMissing, listFolder, removeDrafts } from './list-folder.ts';
import { pathParts, type ObjectPlace, type ObjectStore } from './object-store.ts';

/** Objects as files of one folder, each tenant's in a folder of its own, readable by this process's user alone. */
export function createFileObjectStore(folder: string): ObjectStore {
  const pathOf = (place: ObjectPlace): string => join(folder, ...pathParts(place));

  return {
    async put(place, content) {
      const path = pathOf(place);
      const draft = `${path}.${randomUUID()}.draft`;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const file = await open(draft, 'wx', 0o600);
        try {
          for await (const chunk of content) await file.writeFile(chunk);
          await file.sync();
        } finally {
          await file.close();
        }
        // A link refuses to replace what is there, which a rename would not.
        await link(draft, path);
      } catch (cause) {
        throw cause instanceof ObjectStoreError
          ? cause
          : new ObjectStoreError('objects-unavailable', { cause });
      } finally {
        await rm(draft, { force: true });
      }
    },
    async get(place, part) {
      try {
        const file = await open(pathOf(place), 'r');
        return file.createReadStream(part && { start: part.start, end: part.start + part.length - 1 });
      } catch (cause) {
        throw isMissing(cause) ? new ObjectStoreError('object-missing', { cause }) : wrap(cause);
      }
    },
    async remove(place) {
      try {
        await unlink(pathOf(place));
      } catch (cause) {
        if (!isMissing(cause)) throw wrap(cause);
      }
    },
    list: (tenantId, page) => listFolder(folder, tenantId, page).catch(rethrow),
    removeUnfinished: (tenantId, before) => removeDrafts(folder, tenantId, before).catch(rethrow),
  };
}

const wrap = (cause: unknown): ObjectStoreError =>
  cause instanceof ObjectStoreError ? cause : new ObjectStoreError('objects-unavailable', { cause });

function rethrow(cause: unknown): never {
  throw wrap(cause);
}
