import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAwsKms, createVaultTransit, generateDataKey, type KeyManagement } from './index.ts';
import {
  awsCredentials,
  awsRegion,
  serveAwsKms,
  serveVault,
  vaultToken,
  type KeyServer,
} from './testing/key-servers.ts';
import type { KeyServerFault } from './testing/spoil-answer.ts';

let folder: string;
let aws: KeyServer;
let vault: KeyServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-keys-'));
  [aws, vault] = await Promise.all([serveAwsKms(), serveVault()]);
  await writeFile(join(folder, 'aws.json'), JSON.stringify(awsCredentials));
  await writeFile(join(folder, 'token'), vaultToken);
});
afterEach(() => {
  for (const server of [aws, vault]) server.failBy(undefined);
});
afterAll(async () => {
  await Promise.all([aws.shut(), vault.shut()]);
  await rm(folder, { recursive: true });
});

interface Change {
  readonly ca?: string;
  readonly timeoutMs?: number;
}
const kms = (change: Change = {}): KeyManagement =>
  createAwsKms({
    region: awsRegion,
    keyId: 'alias/cordon',
    endpoint: aws.address,
    credentialsFile: join(folder, 'aws.json'),
    ca: aws.ca,
    ...change,
  });
const transit = (change: Change = {}): KeyManagement =>
  createVaultTransit({
    address: vault.address,
    keyName: 'cordon',
    tokenFile: join(folder, 'token'),
    ca: vault.ca,
    ...change,
  });

const context = 'tenant a';
const away = { code: 'key-management-unavailable', status: 503 };

describe.each([
  ['AWS KMS', () => aws, () => vault, kms],
  ['Vault transit', () => vault, () => aws, transit],
] as const)('%s', (_name, server, other, create) => {
  it.each<KeyServerFault>([
    'silence',
    'drops',
    'ten-megabytes',
    'half',
    'no-json',
    'nested-json',
    'redirect',
  ])('that answers with %s is away, within its time, and serves again by itself', async (fault) => {
    const key = generateDataKey();
    const { wrapped, keyId } = await create().wrap(key, context);
    server().failBy(fault);
    // Those that end by themselves must not need the time.
    const management = create(fault === 'silence' || fault === 'drops' ? { timeoutMs: 300 } : {});
    await expect(management.unwrap(wrapped, keyId, context)).rejects.toMatchObject(away);
    await expect(management.wrap(generateDataKey(), context)).rejects.toMatchObject(away);
    server().failBy(undefined);
    expect(await management.unwrap(wrapped, keyId, context)).toEqual(key);
  });

  it('that answers with another key than was wrapped is not believed', async () => {
    const { wrapped, keyId } = await create().wrap(generateDataKey(), context);
    server().failBy('another-key');
    await expect(create().unwrap(wrapped, keyId, context)).rejects.toMatchObject({
      code: 'key-unwrap-failed',
    });
  });

  it('that wraps what it does not open again is refused before the key is used', async () => {
    server().failBy('another-key');
    await expect(create().wrap(generateDataKey(), context)).rejects.toMatchObject(away);
    server().failBy('another-ciphertext');
    // The first answer is right, for it had none to put in its place.
    await create().wrap(generateDataKey(), context);
    await expect(create().wrap(generateDataKey(), context)).rejects.toMatchObject(away);
  });

  it('opens what it wrapped before there were checks', async () => {
    const key = generateDataKey();
    const { wrapped, keyId } = await create().wrap(key, context);
    const bare = wrapped.subarray('cordon-checked-1\n'.length + 32);
    expect(await create().unwrap(bare, keyId, context)).toEqual(key);
  });

  it('does not open under the check of another key', async () => {
    const [one, two] = [
      await create().wrap(generateDataKey(), context),
      await create().wrap(generateDataKey(), context),
    ];
    const head = 'cordon-checked-1\n'.length + 32;
    const mixed = Buffer.concat([one.wrapped.subarray(0, head), two.wrapped.subarray(head)]);
    for (const wrapped of [mixed, one.wrapped.subarray(0, head), one.wrapped.subarray(0, head - 1)])
      await expect(create().unwrap(wrapped, one.keyId, context)).rejects.toThrow();
  });

  it('is spoken to under its own authority alone', async () => {
    await expect(create({ ca: other().ca }).wrap(generateDataKey(), context)).rejects.toMatchObject(away);
    expect(server().faults).toEqual([]);
  });
});
