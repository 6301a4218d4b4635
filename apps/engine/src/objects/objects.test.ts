import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileObjectStore } from './file-object-store.ts';
import { openObject, openObjectRange, sealObject, type ObjectPlace } from './index.ts';

const chunk = 64 * 1024;
const key = randomBytes(32);
const place: ObjectPlace = { tenantId: randomUUID(), objectId: randomUUID() };

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
const seal = (content: Buffer, at = place): Promise<Buffer> => collect(sealObject([content], key, at));
const open = (sealed: Buffer, at = place, by = key): Promise<Buffer> => collect(openObject([sealed], by, at));

describe('a sealed object', () => {
  test.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 200_000])(
    'of %i bytes opens again',
    async (size) => {
      const content = randomBytes(size);
      const sealed = await seal(content);
      expect(sealed.length).toBe(size + 16 * Math.max(1, Math.ceil(size / chunk)));
      expect(await open(sealed)).toEqual(content);
      const pieces = Array.from({ length: Math.ceil(sealed.length / 1_000) }, (_, index) =>
        sealed.subarray(index * 1_000, (index + 1) * 1_000),
      );
      expect(await collect(openObject(pieces, key, place))).toEqual(content);
    },
  );

  const content = randomBytes(3 * chunk);
  const sealedChunk = chunk + 16;
  test.each<[string, (sealed: Buffer) => Buffer]>([
    ['with a bit turned', (sealed) => Buffer.from(sealed.map((byte, at) => (at === 70_000 ? byte ^ 1 : byte)))],
    ['cut at a chunk', (sealed) => sealed.subarray(0, 2 * sealedChunk)],
    ['cut inside a chunk', (sealed) => sealed.subarray(0, sealedChunk + 100)],
    ['without its first chunk', (sealed) => sealed.subarray(sealedChunk)],
    ['with a chunk twice', (sealed) => Buffer.concat([sealed.subarray(0, sealedChunk), sealed])],
    ['with two chunks swapped', (sealed) => Buffer.concat([sealed.subarray(sealedChunk, 2 * sealedChunk), sealed.subarray(0, sealedChunk), sealed.subarray(2 * sealedChunk)])],
    ['with more behind it', (sealed) => Buffer.concat([sealed, Buffer.alloc(40)])],
    ['of nothing', () => Buffer.alloc(0)],
  ])('%s does not open', async (_how, change) => {
    await expect(open(change(await seal(content)))).rejects.toMatchObject({ code: 'object-damaged' });
  }); // prettier-ignore

  test('does not open in another place, nor for another tenant, nor with another key', async () => {
    const sealed = await seal(content);
    for (const at of [
      { ...place, objectId: randomUUID() },
      { ...place, tenantId: randomUUID() },
    ])
      await expect(open(sealed, at)).rejects.toMatchObject({ code: 'object-damaged' });
    await expect(open(sealed, place, randomBytes(32))).rejects.toMatchObject({ code: 'object-damaged' });
  });
});

describe('a part of a sealed object', () => {
  const content = randomBytes(3 * chunk + 100);
  const sealedChunk = chunk + 16;
  const openPart = (
    sealed: Buffer,
    first: number,
    last: number,
    { size = content.length, at = place } = {},
  ): Promise<Buffer> =>
    collect(
      openObjectRange(
        ({ start, length }) => Promise.resolve(Readable.from([sealed.subarray(start, start + length)])),
        key,
        at,
        size,
        { first, last },
      ),
    );

  test.each([
    [0, 0],
    [0, content.length - 1],
    [chunk - 1, chunk],
    [chunk, 2 * chunk - 1],
    [70_000, 140_000],
    [3 * chunk + 99, 3 * chunk + 99],
  ])('from byte %i to %i opens without the rest', async (first, last) => {
    expect(await openPart(await seal(content), first, last)).toEqual(content.subarray(first, last + 1));
  });

  test.each<[string, (sealed: Buffer) => Buffer]>([
    ['with a bit turned', (sealed) => Buffer.from(sealed.map((byte, at) => (at === chunk + 50 ? byte ^ 1 : byte)))],
    ['of chunks that were swapped', (sealed) => Buffer.concat([sealed.subarray(sealedChunk, 2 * sealedChunk), sealed.subarray(0, sealedChunk), sealed.subarray(2 * sealedChunk)])],
    ['of an object that was cut off', (sealed) => sealed.subarray(0, 2 * sealedChunk)],
    ['of an object that was cut inside of a chunk', (sealed) => sealed.subarray(0, 2 * sealedChunk + 200)],
  ])('%s does not open', async (_how, change) => {
    await expect(openPart(change(await seal(content)), 10, content.length - 1)).rejects.toMatchObject({ code: 'object-damaged' });
  }); // prettier-ignore

  test('does not open as another object, nor as one that ends elsewhere', async () => {
    const sealed = await seal(content);
    const elsewhere = { at: { ...place, objectId: randomUUID() } };
    await expect(openPart(sealed, 0, 10, elsewhere)).rejects.toMatchObject({ code: 'object-damaged' });
    await expect(openPart(sealed, 0, 10, { size: chunk })).rejects.toMatchObject({ code: 'object-damaged' });
    await expect(openPart(sealed, 3 * chunk, 3 * chunk + 9, { size: 5 * chunk })).rejects.toMatchObject({
      code: 'object-damaged',
    });
  });
});

describe('the store of files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordon-objects-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('gives back what it was given, to this user alone', async () => {
    const store = createFileObjectStore(folder);
    await store.put(place, sealObject([Buffer.from('picture')], key, place));
    expect((await collect(openObject(await store.get(place), key, place))).toString()).toBe('picture');
    const [file] = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const path = join(file?.parentPath ?? '', file?.name ?? '');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readFile(path)).includes('picture')).toBe(false);
  });

  test('never replaces an object', async () => {
    const store = createFileObjectStore(folder);
    await store.put(place, sealObject([Buffer.from('first')], key, place));
    await expect(store.put(place, sealObject([Buffer.from('second')], key, place))).rejects.toMatchObject({
      code: 'objects-unavailable',
    });
    expect((await collect(openObject(await store.get(place), key, place))).toString()).toBe('first');
  });

  test('leaves nothing of an object whose source failed', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      await Promise.reject(new Error('source failed'));
    }
    await expect(createFileObjectStore(folder).put(place, failing())).rejects.toMatchObject({
      code: 'objects-unavailable',
    });
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toEqual([]);
  });

  test('forgets what is removed, and a second removal is no error', async () => {
    const store = createFileObjectStore(folder);
    await store.put(place, sealObject([Buffer.from('x')], key, place));
    await store.remove(place);
    await store.remove(place);
    await expect(store.get(place)).rejects.toMatchObject({ code: 'object-missing', status: 404 });
  });

  test('lists a tenant’s objects page by page in the order of their ids, and no unfinished one', async () => {
    const store = createFileObjectStore(folder);
    const { tenantId } = place;
    expect(await store.list(tenantId, { limit: 10 })).toEqual({ objects: [], next: undefined });
    const ids = [
      ...Array.from({ length: 5 }, () => randomUUID()),
      ...Array.from({ length: 4 }, (_, at) => `aa${at}${randomUUID().slice(3)}`),
    ].sort();
    for (const objectId of ids)
      await store.put({ tenantId, objectId }, sealObject([Buffer.from('x')], key, { tenantId, objectId }));
    const other = { tenantId: randomUUID(), objectId: randomUUID() };
    await store.put(other, sealObject([Buffer.from('x')], key, other));
    await writeFile(join(folder, tenantId, 'aa', `${ids[0] ?? ''}.${randomUUID()}.draft`), 'x');
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await store.list(tenantId, { after, limit: 2 });
      expect(page.objects.length).toBeLessThanOrEqual(2);
      for (const { objectId, writtenAt } of page.objects) {
        found.push(objectId);
        expect(Math.abs(Date.now() - writtenAt.getTime())).toBeLessThan(600_000);
      }
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual(ids);
    await expect(store.list('../x', { limit: 1 })).rejects.toMatchObject({ code: 'object-missing' });
  });

  test('takes away what a killed process left unfinished, and leaves what is being written', async () => {
    const store = createFileObjectStore(folder);
    await store.put(place, sealObject([Buffer.from('x')], key, place));
    const shelf = join(folder, place.tenantId, place.objectId.slice(0, 2));
    const [old, fresh] = [randomUUID(), randomUUID()].map((id) => join(shelf, `${place.objectId}.${id}.draft`));
    for (const file of [old, fresh]) await writeFile(file ?? '', 'half');
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const file of [old ?? '', join(shelf, place.objectId)]) await utimes(file, hourAgo, new Date(hourAgo.getTime() - 1_000));
    expect(await store.removeUnfinished(place.tenantId, hourAgo)).toBe(1);
    expect((await readdir(shelf)).sort()).toEqual([place.objectId, basename(fresh ?? '')].sort());
  }); // prettier-ignore

  test('takes no place that is not made of ids', async () => {
    const store = createFileObjectStore(folder);
    await writeFile(join(folder, 'secret'), 'x');
    for (const objectId of ['../secret', '', 'secret', `${place.objectId}/../x`])
      await expect(store.get({ ...place, objectId })).rejects.toMatchObject({ code: 'object-missing' });
  });
});
