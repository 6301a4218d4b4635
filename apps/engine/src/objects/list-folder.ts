import { opendir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { assertTenantId, mostListed, uuid, type ListedObject, type ObjectListing } from './object-store.ts';

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** `<id>.<id>.draft`: what is being written, or was when its process ended. */
const draft = /^[0-9a-f-]{36}\.[0-9a-f-]{36}\.draft$/;

/** A page of a tenant's files in the order of their ids. One shelf (the ids' first two digits) is read at a time. */
export async function listFolder(
  folder: string,
  tenantId: string,
  { after = '', limit }: { after?: string | undefined; limit: number },
): Promise<ObjectListing> {
  const wanted = Math.min(limit, mostListed);
  const page: ListedObject[] = [];
  for (const shelf of await listShelves(folder, tenantId)) {
    if (shelf < after.slice(0, 2)) continue;
    const names = await listNames(join(folder, tenantId, shelf), (name) => uuid.test(name) && name > after);
    for (const objectId of names.sort()) {
      const written = await timeOf(join(folder, tenantId, shelf, objectId));
      if (written !== undefined) page.push({ objectId, writtenAt: written });
      if (page.length === wanted) return { objects: page, next: objectId };
    }
  }
  return { objects: page, next: undefined };
}

/** A draft that is being written is written to all the time: an old one is nobody's. */
export async function removeDrafts(folder: string, tenantId: string, before: Date): Promise<number> {
  let removed = 0;
  for (const shelf of await listShelves(folder, tenantId)) {
    for (const name of await listNames(join(folder, tenantId, shelf), (each) => draft.test(each))) {
      const path = join(folder, tenantId, shelf, name);
      const written = await timeOf(path);
      if (written === undefined || written >= before) continue;
      await unlink(path);
      removed += 1;
    }
  }
  return removed;
}

async function listShelves(folder: string, tenantId: string): Promise<string[]> {
  assertTenantId(tenantId);
  try {
    const names = await readdir(join(folder, tenantId));
    return names.filter((name) => /^[0-9a-f]{2}$/.test(name)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function listNames(path: string, wanted: (name: string) => boolean): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(path)) if (wanted(entry.name)) names.push(entry.name);
  return names;
}

/** Nothing where it was removed in the meantime. */
async function timeOf(path: string): Promise<Date | undefined> {
  try {
    return (await stat(path)).mtime;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
