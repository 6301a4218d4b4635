import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreDefinition } from '../definitions.ts';
import { readMigrations } from './migration-files.ts';

let folder: string;
let definition: StoreDefinition;
const shared = () => ({
  rowSecurity: join(folder, 'row-security'),
  fieldEncryption: join(folder, 'field-encryption'),
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-migrations-'));
  definition = {
    store: 'one',
    database: 'cordon_one',
    region: 'region.uk',
    alsoServes: [],
    clientCertificates: false,
    owner: 'one_owner',
    ownerRoles: ['one_seal'],
    logins: [],
    extensions: [],
    sealed: false,
    jobQueue: false,
    folder: join(folder, 'one'),
  };
  for (const name of ['one', 'row-security', 'field-encryption']) await mkdir(join(folder, name));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, sql: string): Promise<void> => writeFile(join(folder, name), sql);
const read = (changes: Partial<StoreDefinition> = {}) =>
  readMigrations({ ...definition, ...changes }, shared(), 'cordon_one');

describe('readMigrations', () => {
  it('orders files by number and tells the administrator’s from the owner’s', async () => {
    await write('one/0002_grants.privileged.sql', 'SELECT 2');
    await write('one/0001_tables.sql', 'SELECT 1');
    await write('one/store.json', '{}');
    const found = await read();
    expect(found.map(({ name, privileged }) => [name, privileged])).toEqual([
      ['0001_tables', false],
      ['0002_grants.privileged', true],
    ]);
    expect(found[0]?.sha256).toBe('e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5');
  });

  it('puts the packages’ SQL first, as the administrator’s, with the store’s names in it', async () => {
    await write(
      'row-security/0001_context.sql',
      'ALTER TABLE a OWNER TO :seal_owner; SELECT 1::text, :owner, :database',
    );
    await write('field-encryption/0001_domain.sql', 'GRANT x TO :owner');
    await write('one/0001_tables.sql', 'SELECT :owner');
    const found = await read({ sealed: true, extensions: ['pgcrypto'] });
    expect(found.map(({ name, privileged, sql }) => [name, privileged, sql])).toEqual([
      [
        'row-security/0001_context',
        true,
        'ALTER TABLE a OWNER TO "one_seal"; SELECT 1::text, "one_owner", "cordon_one"',
      ],
      ['field-encryption/0001_domain', true, 'GRANT x TO "one_owner"'],
      ['0001_tables', false, 'SELECT :owner'],
    ]);
  });

  it('refuses a sealed store when row security’s SQL is not there', async () => {
    await expect(read({ sealed: true })).rejects.toMatchObject({ code: 'migration-missing' });
  });

  it('refuses a placeholder that the store has no role for', async () => {
    await write('field-encryption/0001_domain.sql', 'GRANT x TO :seal_owner');
    await expect(read({ ownerRoles: [], extensions: ['pgcrypto'] })).rejects.toThrow(/has no :seal_owner/);
  });

  it.each([
    ['a name without a number', 'one/tables.sql', 'SELECT 1', /must look like 0001/],
    ['a transaction of its own', 'one/0001_a.sql', 'BEGIN;\nSELECT 1;\nCOMMIT;', /a transaction of its own/],
    ['a rollback', 'one/0001_a.sql', 'SELECT 1;\n  rollback;', /a transaction of its own/],
  ])('refuses %s, naming the file', async (_name, file, sql, message) => {
    await write(file, sql);
    await expect(read()).rejects.toMatchObject({ code: 'migration-invalid' });
    await expect(read()).rejects.toThrow(message);
    await expect(read()).rejects.toThrow(join(folder, file));
  });

  it('takes blocks of PL/pgSQL and SQL-standard bodies, which are no transactions', async () => {
    await write(
      'one/0001_a.sql',
      'DO $$\nBEGIN\n  NULL;\nEND\n$$;\nCREATE FUNCTION f() RETURNS int BEGIN ATOMIC\nSELECT 1;\nEND;',
    );
    await expect(read()).resolves.toHaveLength(1);
  });

  it('refuses two files of one number: their order would be an accident', async () => {
    await write('one/0001_a.sql', 'SELECT 1');
    await write('one/0001_b.sql', 'SELECT 1');
    await expect(read()).rejects.toThrow(/another file has the number 0001/);
  });
});
