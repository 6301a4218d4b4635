import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  chainKeyManagement,
  createAwsKms,
  createLocalKeyFiles,
  createLocalKeyManagement,
  createVaultTransit,
  earlierKeysFolder,
  generateDataKey,
  localKeyId,
  replaceLocalKey,
  type KeyManagement,
} from './index.ts';
import {
  awsCredentials,
  awsKeyId,
  awsRegion,
  serveAwsKms,
  serveVault,
  vaultToken,
  type KeyServer,
  type VaultServer,
} from './testing/key-servers.ts';
import { findSignatureFault } from './testing/verify-signature.ts';

let folder: string;
let aws: KeyServer;
let vault: VaultServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-keys-'));
  [aws, vault] = await Promise.all([serveAwsKms(), serveVault()]);
  await writeFile(join(folder, 'aws.json'), JSON.stringify({ Version: 1, ...awsCredentials }));
  await writeFile(join(folder, 'token'), `${vaultToken}\n`);
});
afterAll(async () => {
  await Promise.all([aws.shut(), vault.shut()]);
  await rm(folder, { recursive: true });
});
const file = (name: string) => join(folder, name);
const kms = (change = {}) =>
  createAwsKms({
    region: awsRegion,
    keyId: 'alias/cordon',
    endpoint: aws.address,
    credentialsFile: file('aws.json'),
    ca: aws.ca,
    ...change,
  });
const transit = (change = {}) =>
  createVaultTransit({
    address: vault.address,
    keyName: 'cordon',
    tokenFile: file('token'),
    ca: vault.ca,
    ...change,
  });

it('checks signatures as the published example of AWS has them', () => {
  // "get-vanilla" of the Signature Version 4 test suite.
  const request = {
    method: 'GET',
    path: '/',
    body: '',
    headers: {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
        'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    },
  };
  const expected = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
    service: 'service',
    now: Date.parse('2015-08-30T12:36:00Z'),
  };
  expect(findSignatureFault(request, expected)).toBeUndefined();
  expect(findSignatureFault({ ...request, body: 'x' }, expected)).toBe('the signature is wrong');
  const later = { ...expected, now: expected.now + 3_600_000 };
  expect(findSignatureFault(request, later)).toBe('the signature is not of this moment');
});

describe.each([
  ['AWS KMS', () => aws, kms, `aws-kms:${awsKeyId}`],
  ['Vault transit', (): KeyServer => vault, transit, 'transit:transit/cordon:v1'],
] as const)('%s', (_name, server, create, expectedId) => {
  let management: KeyManagement;
  beforeEach(() => {
    server().faults.length = 0;
    management = create();
  });
  afterEach(() => {
    server().answerWith(undefined);
  });

  it('wraps and unwraps a key in its context, over its own wire format', async () => {
    const key = generateDataKey();
    const { wrapped, keyId } = await management.wrap(key, 'tenant a');
    expect(keyId).toBe(expectedId);
    expect(management.opens(keyId)).toBe(true);
    expect(await management.unwrap(wrapped, keyId, 'tenant a')).toEqual(key);
    expect(server().faults).toEqual([]);
  });

  it('does not unwrap in another context, nor what was changed', async () => {
    const { wrapped, keyId } = await management.wrap(generateDataKey(), 'tenant a');
    const refusal = { code: 'key-unwrap-failed' };
    await expect(management.unwrap(wrapped, keyId, 'tenant b')).rejects.toMatchObject(refusal);
    await expect(
      management.unwrap(wrapped.subarray(0, wrapped.length - 9), keyId, 'tenant a'),
    ).rejects.toMatchObject(refusal);
  });

  it.each([400, 403, 429, 500, 503])(
    'is away, and says nothing of the key, when it answers %i',
    async (status) => {
      const { wrapped, keyId } = await management.wrap(generateDataKey(), 'tenant a');
      server().answerWith(status);
      const refusal = { code: 'key-management-unavailable', status: 503 };
      await expect(management.unwrap(wrapped, keyId, 'tenant a')).rejects.toMatchObject(refusal);
      await expect(management.wrap(generateDataKey(), 'tenant a')).rejects.toMatchObject(refusal);
    },
  );

  it('is away while nobody listens, and serves again by itself', async () => {
    const { wrapped, keyId } = await management.wrap(generateDataKey(), 'tenant a');
    await server().shut();
    try {
      await expect(management.unwrap(wrapped, keyId, 'tenant a')).rejects.toMatchObject({
        code: 'key-management-unavailable',
      });
    } finally {
      await server().open();
    }
    expect(await management.unwrap(wrapped, keyId, 'tenant a')).toHaveLength(32);
  });

  it('speaks to nobody whose certificate it cannot trust', async () => {
    await expect(create({ ca: undefined }).wrap(generateDataKey(), 'a')).rejects.toMatchObject({
      code: 'key-management-unavailable',
    });
  });

  it.each(['http://localhost:1', 'ftp://localhost', 'localhost', 'https://me:secret@localhost'])(
    'refuses the address %s before anything is sent',
    (address) => {
      expect(() => create({ address, endpoint: address })).toThrow(
        expect.objectContaining({ code: 'key-management-settings-invalid' }) as Error,
      );
    },
  );
});

describe('credentials', () => {
  it('that are wrong are refused by the other side', async () => {
    await writeFile(file('wrong.json'), JSON.stringify({ ...awsCredentials, SecretAccessKey: 'another' }));
    await writeFile(file('wrong-token'), 'hvs.another');
    for (const management of [
      kms({ credentialsFile: file('wrong.json') }),
      transit({ tokenFile: file('wrong-token') }),
    ])
      await expect(management.wrap(generateDataKey(), 'a')).rejects.toMatchObject({
        code: 'key-management-unavailable',
      });
    expect(aws.faults).toContain('the signature is wrong');
    expect(vault.faults).toContain('permission denied');
  });

  it('are read again at each call, so that they can be renewed', async () => {
    await writeFile(file('renewed.json'), '{}');
    const management = kms({ credentialsFile: file('renewed.json') });
    await expect(management.wrap(generateDataKey(), 'a')).rejects.toMatchObject({
      code: 'key-management-unavailable',
    });
    await writeFile(file('renewed.json'), JSON.stringify(awsCredentials));
    expect(await management.wrap(generateDataKey(), 'a')).toMatchObject({ keyId: `aws-kms:${awsKeyId}` });
  });
});

it('opens with an earlier version of a transit key what that wrapped', async () => {
  const key = generateDataKey();
  const before = await transit().wrap(key, 'a');
  vault.rotate();
  const after = await transit().wrap(key, 'a');
  expect(after.keyId).not.toBe(before.keyId);
  expect(await transit().unwrap(before.wrapped, before.keyId, 'a')).toEqual(key);
});

describe('a local key file', () => {
  const write = async (name: string, key: Buffer) => {
    await writeFile(file(name), key);
    await chmod(file(name), 0o600);
    return createLocalKeyFiles(file(name));
  };

  it('names a root key after itself, and tells nothing of it', async () => {
    const root = generateDataKey();
    const { keyId } = await (await write('root', root)).wrap(generateDataKey(), 'a');
    expect(keyId).toBe(localKeyId(root));
    expect(keyId).toMatch(/^local-[0-9a-f]{16}$/);
  });

  it('that is replaced opens with the earlier key what that wrapped, at once and in every process', async () => {
    const first = generateDataKey();
    const running = await write('root', first);
    const key = generateDataKey();
    const before = await running.wrap(key, 'a');
    expect(await replaceLocalKey(file('root'))).not.toBe(localKeyId(first));
    expect(await readdir(earlierKeysFolder(file('root')))).toEqual([`${localKeyId(first)}.key`]);
    expect(await running.unwrap(before.wrapped, before.keyId, 'a')).toEqual(key);
    const after = await running.wrap(key, 'a');
    expect(after.keyId).not.toBe(before.keyId);
    expect(await running.unwrap(after.wrapped, after.keyId, 'a')).toEqual(key);
  });

  it('opens what was wrapped before root keys had names of their own', async () => {
    const root = generateDataKey();
    const key = generateDataKey();
    const { wrapped } = await createLocalKeyManagement({ rootKey: root, rootKeyId: 'local-1' }).wrap(
      key,
      'a',
    );
    expect(await (await write('old', root)).unwrap(wrapped, 'local-1', 'a')).toEqual(key);
    await expect(
      (await write('new', generateDataKey())).unwrap(wrapped, 'local-1', 'a'),
    ).rejects.toMatchObject({ code: 'key-unwrap-failed' });
  });

  it('that is missing is away, and one of another length is no key', async () => {
    await expect(createLocalKeyFiles(file('nowhere')).wrap(generateDataKey(), 'a')).rejects.toMatchObject({
      code: 'key-management-unavailable',
    });
    await expect((await write('short', Buffer.alloc(31))).wrap(generateDataKey(), 'a')).rejects.toMatchObject(
      {
        code: 'key-malformed',
      },
    );
  });
});

describe('a chain of key managements', () => {
  it('wraps with the current one and opens with the one that wrapped', async () => {
    const root = generateDataKey();
    await writeFile(file('chained'), root);
    const local = createLocalKeyFiles(file('chained'));
    const key = generateDataKey();
    const before = await local.wrap(key, 'a');
    const chain = chainKeyManagement(transit(), [local]);
    expect(await chain.unwrap(before.wrapped, before.keyId, 'a')).toEqual(key);
    expect((await chain.wrap(key, 'a')).keyId).toMatch(/^transit:/);
    await expect(chain.unwrap(before.wrapped, 'aws-kms:elsewhere', 'a')).rejects.toMatchObject({
      code: 'key-unwrap-failed',
    });
  });
});
