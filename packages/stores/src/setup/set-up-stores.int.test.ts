import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import '../../../../testing/cluster.ts';
import { type FixtureStore, makeFixtureStore } from '../testing/fixture-store.ts';

let fixture: FixtureStore;
beforeEach(async () => {
  fixture = await makeFixtureStore(inject('testCluster'));
});
afterEach(() => fixture.remove());

const applied = async (): Promise<unknown[]> =>
  fixture.query('SELECT name FROM cordon.migrations ORDER BY applied_at');

describe('setting a store up', () => {
  it('applies row security, encryption and the store’s own migrations, in this order, once', async () => {
    expect(await fixture.setUp()).toEqual([`Store ${fixture.definition.store}: applied 3 of 3 migrations`]);
    const names = [
      { name: 'row-security/0001_seal' },
      { name: 'field-encryption/0001_domain' },
      { name: '0001_table' },
    ];
    expect(await applied()).toEqual(names);
    expect(await fixture.setUp()).toEqual([]);
    expect(await applied()).toEqual(names);
  });

  it('gives tables to the owner, who cannot sign in, and the record to the administrator', async () => {
    await fixture.setUp();
    const owners = await fixture.query(
      `SELECT relname, pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relname IN ('things', 'migrations') ORDER BY 1`,
    );
    expect(owners).toEqual([
      { relname: 'migrations', owner: inject('testCluster').administrator.user },
      { relname: 'things', owner: fixture.definition.owner },
    ]);
    expect(
      await fixture.query('SELECT rolcanlogin FROM pg_roles WHERE rolname = $1', [fixture.definition.owner]),
    ).toEqual([{ rolcanlogin: false }]);
  });

  it('makes login roles without power, membership, or more connections than they need', async () => {
    await fixture.setUp();
    expect(
      await fixture.query(
        `SELECT DISTINCT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolinherit, rolconnlimit
           FROM pg_roles WHERE rolname = ANY ($1)`,
        [fixture.definition.logins],
      ),
    ).toEqual([
      {
        rolsuper: false,
        rolcreatedb: false,
        rolcreaterole: false,
        rolreplication: false,
        rolbypassrls: false,
        rolinherit: false,
        rolconnlimit: 60,
      },
    ]);
  });

  it('takes a membership away that somebody granted to a login role', async () => {
    await fixture.setUp();
    const { owner, logins } = fixture.definition;
    await fixture.query(`GRANT ${owner} TO ${logins[0] ?? ''}`);
    await fixture.setUp();
    expect(await fixture.query(`SELECT pg_has_role($1, $2, 'MEMBER') AS member`, [logins[0], owner])).toEqual(
      [{ member: false }],
    );
  });

  it('opens the database to its own login roles alone, and gives nobody temporary tables', async () => {
    await fixture.setUp();
    const may = async (role: string): Promise<unknown[]> =>
      fixture.query(
        `SELECT has_database_privilege($1, current_database(), 'CONNECT') AS "connect",
                has_database_privilege($1, current_database(), 'TEMP') AS "temp",
                has_schema_privilege($1, 'public', 'CREATE') AS "create"`,
        [role],
      );
    expect(await may(fixture.definition.logins[0] ?? '')).toEqual([
      { connect: true, temp: false, create: false },
    ]);
    expect(await may('pg_monitor')).toEqual([{ connect: false, temp: false, create: false }]);
    expect(
      await fixture.query(`SELECT has_database_privilege('pg_monitor', 'postgres', 'CONNECT') AS other`),
    ).toEqual([{ other: false }]);
  });

  it('keeps passwords as SCRAM verifiers', async () => {
    await fixture.setUp();
    const rows = await fixture.query('SELECT rolpassword FROM pg_authid WHERE rolname = ANY ($1)', [
      fixture.definition.logins,
    ]);
    expect(rows).toHaveLength(2);
    for (const row of rows)
      expect(row).toMatchObject({ rolpassword: expect.stringMatching(/^SCRAM-SHA-256\$/) as string });
  });

  it('installs the seal key once, under a name that does not tell it', async () => {
    await fixture.setUp();
    await fixture.setUp();
    expect(await fixture.query('SELECT key_id, length(key) AS bytes FROM cordon.seal_keys')).toEqual([
      { key_id: expect.stringMatching(/^seal-[0-9a-f]{16}$/) as string, bytes: 32 },
    ]);
  });

  it('says so when a sealed store has nothing to keep its key with', async () => {
    await fixture.write('row-security/0001_seal.sql', 'SELECT 1');
    await expect(fixture.setUp()).rejects.toMatchObject({ code: 'seal-function-missing' });
  });
});

describe('migrations', () => {
  it('that are new are applied at the next start', async () => {
    await fixture.setUp();
    await fixture.write('0002_more.sql', 'ALTER TABLE things ADD name text');
    expect(await fixture.setUp()).toEqual([`Store ${fixture.definition.store}: applied 1 of 4 migrations`]);
  });

  it('run as the administrator where their name says so', async () => {
    await fixture.write('0002_who.privileged.sql', 'CREATE TABLE who AS SELECT current_user::text AS name');
    await fixture.write('0003_who.sql', 'CREATE TABLE who_else AS SELECT current_user::text AS name');
    await fixture.setUp();
    expect(await fixture.query('SELECT who.name, who_else.name AS else FROM who, who_else')).toEqual([
      { name: inject('testCluster').administrator.user, else: fixture.definition.owner },
    ]);
  });

  it('that fail leave nothing behind, and name file, line and reason', async () => {
    await fixture.write('0002_bad.sql', 'CREATE TABLE half (id int);\nSELEC 1;');
    await expect(fixture.setUp()).rejects.toMatchObject({
      code: 'migration-failed',
      publicMessage: expect.stringMatching(/0002_bad\.sql, line 2 failed \(42601\): syntax error/) as string,
    });
    expect(await fixture.query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
    await fixture.write('0002_bad.sql', 'CREATE TABLE half (id int)');
    await fixture.setUp();
    expect(await fixture.query(`SELECT to_regclass('half')::text AS half`)).toEqual([{ half: 'half' }]);
  });

  it('that were changed after they were applied stop the start, by name', async () => {
    await fixture.setUp();
    await fixture.write('0001_table.sql', 'CREATE TABLE things (id bigint PRIMARY KEY)');
    await expect(fixture.setUp()).rejects.toMatchObject({ code: 'migration-changed' });
    await expect(fixture.setUp()).rejects.toThrow(/0001_table\.sql/);
  });

  it('that the data have and this version does not stop the start', async () => {
    await fixture.setUp();
    await fixture.query(`INSERT INTO cordon.migrations VALUES ('0009_future', 'x')`);
    await expect(fixture.setUp()).rejects.toMatchObject({ code: 'migration-missing' });
  });

  it('with a number below one that is applied are refused: other installations would run them in another order', async () => {
    await fixture.write('0003_later.sql', 'SELECT 1');
    await fixture.setUp();
    await fixture.write('0002_late.sql', 'SELECT 1');
    await expect(fixture.setUp()).rejects.toMatchObject({ code: 'migration-out-of-order' });
  });
});
