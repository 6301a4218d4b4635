import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startS3Server, type S3Server } from '../../../../testing/s3-server.ts';
import { readObjectSettings, sealObject, openObject, openObjectRange, type ObjectStore } from './index.ts';
import { readListing } from './s3-listing.ts';
import { createS3ObjectStore } from './s3-object-store.ts';

const credentials = { accessKeyId: 'AKIACORDONTEST', secretAccessKey: randomBytes(30).toString('base64') };
const key = randomBytes(32);
let folder: string;
let server: S3Server;
let store: ObjectStore;
let credentialsFile: string;

const write = (secret: string): Promise<void> =>
  writeFile(
    credentialsFile,
    JSON.stringify({ AccessKeyId: credentials.accessKeyId, SecretAccessKey: secret }),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-s3-'));
  credentialsFile = join(folder, 'credentials.json');
  server = await startS3Server({ bucket: 'cordon-objects', region: 'eu-west-2', credentials });
  store = createS3ObjectStore({ bucketUrl: new URL(server.url), region: 'eu-west-2', credentialsFile });
});
beforeEach(() => write(credentials.secretAccessKey));
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

describe('an object store that speaks S3', () => {
  test('gives back what it was given, whole and in parts, from under its tenant', async () => {
    const place = { tenantId: randomUUID(), objectId: randomUUID() };
    const content = randomBytes(200_000);
    await store.put(place, sealObject([content], key, place));
    expect([...server.objects.keys()]).toEqual([
      `/cordon-objects/${place.tenantId}/${place.objectId.slice(0, 2)}/${place.objectId}`,
    ]);
    expect(await collect(openObject(await store.get(place), key, place))).toEqual(content);
    const part = await collect(
      openObjectRange((wanted) => store.get(place, wanted), key, place, content.length, {
        first: 100_000,
        last: 150_000,
      }),
    );
    expect(part).toEqual(content.subarray(100_000, 150_001));
  });

  test('never replaces an object, and forgets what is removed', async () => {
    const place = { tenantId: randomUUID(), objectId: randomUUID() };
    await store.put(place, sealObject([Buffer.from('first')], key, place));
    await expect(store.put(place, sealObject([Buffer.from('second')], key, place))).rejects.toMatchObject({
      code: 'objects-unavailable',
    });
    expect((await collect(openObject(await store.get(place), key, place))).toString()).toBe('first');
    await store.remove(place);
    await store.remove(place);
    await expect(store.get(place)).rejects.toMatchObject({ code: 'object-missing' });
  });

  test('is away for who signs with another secret, and takes renewed credentials without a restart', async () => {
    const place = { tenantId: randomUUID(), objectId: randomUUID() };
    await write('another secret');
    await expect(store.get(place)).rejects.toMatchObject({ code: 'objects-unavailable' });
    expect(server.refusals.at(-1)).toBe('SignatureDoesNotMatch');
    await write(credentials.secretAccessKey);
    await expect(store.get(place)).rejects.toMatchObject({ code: 'object-missing' });
  });

  test('lists a tenant’s objects page by page, and nothing else that lies there', async () => {
    const tenantId = randomUUID();
    const ids = Array.from({ length: 5 }, () => randomUUID()).sort();
    for (const objectId of ids) {
      await store.put({ tenantId, objectId }, sealObject([Buffer.from('x')], key, { tenantId, objectId }));
      server.written.set(`/cordon-objects/${tenantId}/${objectId.slice(0, 2)}/${objectId}`, new Date('2026-01-05T10:00:00Z'));
    }
    const other = { tenantId: randomUUID(), objectId: randomUUID() };
    await store.put(other, sealObject([Buffer.from('x')], key, other));
    for (const foreign of [`${tenantId}/notes & <more>.txt`, `${tenantId}/zz/${randomUUID()}`, `${tenantId}/../${other.objectId}`])
      server.objects.set(`/cordon-objects/${foreign}`, Buffer.from('x'));
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await store.list(tenantId, { after, limit: 3 });
      for (const { objectId, writtenAt } of page.objects) {
        found.push(objectId);
        expect(writtenAt).toEqual(new Date('2026-01-05T10:00:00Z'));
      }
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual(ids);
    expect((await store.list(randomUUID(), { limit: 3 })).objects).toEqual([]);
  }); // prettier-ignore

  test.each([
    ['a listing that ends early', '<ListBucketResult><IsTruncated>false</IsTruncated><Contents>'],
    ['another document', '<Error><Code>SlowDown</Code></Error>'],
    ['no XML', 'not a listing'],
    ['nothing', ''],
    ['an entity of its own', '<!DOCTYPE x [<!ENTITY a "b">]><ListBucketResult><Contents>&a;</Contents></ListBucketResult>'],
    ['a listing without end', `<ListBucketResult>${'<Contents></Contents>'.repeat(250_000)}</ListBucketResult>`],
    ['a page without an object of ours', '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>'],
  ])('takes %s for no listing', async (_what, text) => {
    await expect(readListing(new Blob([text]).stream(), randomUUID())).rejects.toMatchObject({
      code: 'objects-unavailable',
    });
  }); // prettier-ignore

  test('takes no place that is not made of ids', async () => {
    for (const objectId of ['../x', '', `${randomUUID()}/../x`])
      await expect(store.get({ tenantId: randomUUID(), objectId })).rejects.toMatchObject({
        code: 'object-missing',
      });
    await expect(store.list('../x', { limit: 1 })).rejects.toMatchObject({ code: 'object-missing' });
    await expect(store.list(randomUUID(), { after: '../x', limit: 1 })).rejects.toMatchObject({
      code: 'object-missing',
    });
  });
});

describe('its settings', () => {
  const given = {
    CORDON_OBJECTS_S3_URL: 'https://objects.example/cordon-objects',
    CORDON_OBJECTS_S3_REGION: 'eu-west-2',
    CORDON_OBJECTS_S3_CREDENTIALS_FILE: '/run/secrets/objects.json',
    CORDON_REGION_OBJECTS: 'region.uk',
  };
  test('name a bucket and the region of its data', () => {
    expect(readObjectSettings(given)).toMatchObject({ kind: 's3', storageLocation: 'region.uk' });
    expect(readObjectSettings({ CORDON_OBJECTS_DIR: '/var/objects' })).toEqual({
      kind: 'folder',
      folder: '/var/objects',
    });
  });
  test.each([
    [
      'an address without TLS beyond this machine',
      { CORDON_OBJECTS_S3_URL: 'http://objects.example/cordon' },
    ],
    ['credentials in the address', { CORDON_OBJECTS_S3_URL: 'https://a:b@objects.example/cordon' }],
    ['no bucket', { CORDON_OBJECTS_S3_URL: 'https://objects.example' }],
    ['no region of the data', { CORDON_REGION_OBJECTS: undefined }],
  ])('are refused with %s', (_name, change) => {
    expect(() => readObjectSettings({ ...given, ...change })).toThrow(
      expect.objectContaining({ code: 'settings-invalid' }),
    );
  });
});
