import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readStoreDefinitions } from './definitions.ts';

const plain = {
  store: 'one',
  database: 'cordon_one',
  region: 'region.uk',
  owner: 'one_owner',
  logins: ['one_app'],
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-definitions-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(store: string, content: unknown): Promise<void> {
  await mkdir(join(folder, store));
  await writeFile(
    join(folder, store, 'store.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
}

describe('readStoreDefinitions', () => {
  it('reads every store in the order of the names, and fills in what is left out', async () => {
    await write('b', {
      ...plain,
      store: 'two',
      database: 'cordon_two',
      owner: 'two_owner',
      logins: ['two_app'],
    });
    await write('a', plain);
    await mkdir(join(folder, 'no-store-here'));
    const found = await readStoreDefinitions(folder);
    expect(found.map(({ store }) => store)).toEqual(['one', 'two']);
    expect(found[0]).toEqual({
      ...plain,
      alsoServes: [],
      ownerRoles: [],
      extensions: [],
      clientCertificates: false,
      sealed: false,
      jobQueue: false,
      folder: join(folder, 'a'),
    });
  });

  it.each([
    ['text that is no JSON', '{', /it is not JSON/],
    ['a list', [], /it is not an object/],
    ['an unknown key', { ...plain, owners: [] }, /"owners" is not a known key/],
    ['a missing text', { ...plain, region: undefined }, /"region" must be a text/],
    [
      'a name that would need quotes',
      { ...plain, owner: 'One"; DROP' },
      /"owner" must be a lower-case identifier/,
    ],
    ['a list of something else', { ...plain, logins: [1] }, /"logins" must list lower-case identifiers/],
    ['a list that is none', { ...plain, extensions: 'pgcrypto' }, /"extensions" must be a list/],
    ['a flag that is none', { ...plain, sealed: 'yes' }, /"sealed" must be true or false/],
    ['a sealed store without a role for the seal', { ...plain, sealed: true }, /name ends in "_seal"/],
  ])('refuses %s, naming file and key', async (_name, content, message) => {
    await write('a', content);
    await expect(readStoreDefinitions(folder)).rejects.toMatchObject({
      code: 'definition-invalid',
      publicMessage: expect.stringMatching(message) as string,
    });
    await expect(readStoreDefinitions(folder)).rejects.toThrow(join(folder, 'a', 'store.json'));
  });

  it('refuses a role that two stores name: it would be one account for both', async () => {
    await write('a', plain);
    await write('b', { ...plain, store: 'two', database: 'cordon_two', owner: 'two_owner' });
    await expect(readStoreDefinitions(folder)).rejects.toThrow(/"one_app" is named by two stores/);
  });
});
