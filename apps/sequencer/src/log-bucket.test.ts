import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogFolder, tileReaderOf } from '@cordon/audit-log';
import { generateSigningKey, hashLeaf, openCheckpoint, TileReader } from '@cordon/transparency-log';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startS3Server, type S3Server } from '../../../testing/s3-server.ts';
import { openLogBucket, readBuckets } from './log-bucket.ts';
import { bringCopyUpToDate, takeUpLog } from './published-log.ts';

const credentials = { accessKeyId: 'AKIACORDONTEST', secretAccessKey: randomBytes(30).toString('base64') };
const key = generateSigningKey('cordon.test/bucket');
let folder: string;
let server: S3Server;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-bucket-'));
  file = join(folder, 'credentials.json');
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = credentials;
  await writeFile(file, JSON.stringify({ AccessKeyId, SecretAccessKey }));
  server = await startS3Server({ bucket: 'cordon-log', region: 'eu-west-2', credentials });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

it('brings a copy in a bucket up to date, checkpoint after checkpoint, from which proofs can be made', async () => {
  const place = openLogFolder(join(folder, 'log'));
  const [bucket] = readBuckets(`${server.url} eu-west-2 ${file}\n`).map(openLogBucket);
  if (bucket === undefined) throw new Error('no bucket was read');
  const log = await takeUpLog(place, key, 0, () => Promise.resolve([]));
  for (const count of [300, 5]) {
    for (let turn = 0; turn < count; turn += 1) log.builder.append(hashLeaf(randomBytes(32)));
    const note = await log.publish(true);
    await bringCopyUpToDate(place, bucket, log.builder.size, note, true, key);
  }
  const trust = { origin: key.verifierKey.name, logKeys: [key.verifierKey] };
  const { size, root } = openCheckpoint((await bucket.read('checkpoint')) ?? '', trust).checkpoint;
  expect(size).toBe(305);
  const reader = new TileReader({ size, root, readTile: tileReaderOf(bucket) });
  expect(await reader.node({ level: 0, index: 304 })).toHaveLength(32);
  expect(await bucket.read(`checkpoints/${'300'.padStart(16, '0')}`)).toBeDefined();
  expect(await bucket.read('checkpoints/none')).toBeUndefined();
});

it('says so when the bucket does not take its credentials', async () => {
  const other = join(folder, 'other.json');
  await writeFile(other, JSON.stringify({ AccessKeyId: 'AKIAOTHER', SecretAccessKey: 'x'.repeat(40) }));
  const bucket = openLogBucket({ url: server.url, region: 'eu-west-2', credentialsFile: other });
  await expect(bucket.write('checkpoint', 'x', true)).rejects.toMatchObject({ code: 'copy-unavailable' });
  await expect(bucket.read('checkpoint')).rejects.toMatchObject({ code: 'copy-unavailable' });
});
