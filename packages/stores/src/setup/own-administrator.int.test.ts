import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import '../../../../testing/cluster.ts';
import { withConnection } from '../connections.ts';
import { type FixtureStore, makeFixtureStore } from '../testing/fixture-store.ts';

// An administrator of your own server, who is no superuser. The test server lets in its own administrator alone, so
// that one steps down to the role after it has connected.
let fixture: FixtureStore;
const cluster = inject('testCluster');
const server = {
  host: 'localhost',
  port: cluster.port,
  ...cluster.administrator,
  ssl: { ca: cluster.authority },
};

async function asServer(sql: string): Promise<void> {
  await withConnection({ ...server, database: 'postgres' }, (client) => client.query(sql));
}

beforeEach(async () => {
  fixture = await makeFixtureStore(cluster);
  await asServer(`CREATE ROLE ${fixture.definition.store}_admin CREATEDB`);
});
afterEach(async () => {
  const admin = `${fixture.definition.store}_admin`;
  await asServer(`DROP DATABASE IF EXISTS ${fixture.definition.store} WITH (FORCE)`);
  for (const role of [
    fixture.definition.owner,
    ...fixture.definition.ownerRoles,
    ...fixture.definition.logins,
  ])
    await asServer(`DROP ROLE IF EXISTS ${role}`);
  await asServer(`DROP OWNED BY ${admin}; DROP ROLE ${admin}`);
  await fixture.remove();
});

const setUp = () =>
  fixture.setUp({
    dedicatedServer: false,
    serverOf: () => ({
      database: fixture.definition.database,
      administrator: { ...server, options: `-c role=${fixture.definition.store}_admin` },
    }),
  });

it('says what an administrator lacks that may not create roles', async () => {
  await expect(setUp()).rejects.toMatchObject({ code: 'administrator-may-not-create-roles' });
});

it('says which step needs a superuser', async () => {
  await allow();
  await expect(setUp()).rejects.toMatchObject({
    code: 'migration-failed',
    publicMessage: expect.stringMatching(
      /0001_seal\.sql failed \(42501\).*needs the rights of a superuser/,
    ) as string,
  });
});

it('sets a store up without a superuser where no step needs one, and again', async () => {
  await allow();
  await fixture.write(
    'row-security/0001_seal.sql',
    `CREATE TABLE cordon.seal_keys (key_id text PRIMARY KEY, key bytea NOT NULL);
     CREATE FUNCTION cordon.install_seal_key(new_id text, new_key bytea) RETURNS void LANGUAGE sql
     BEGIN ATOMIC
       INSERT INTO cordon.seal_keys VALUES (new_id, new_key) ON CONFLICT DO NOTHING;
     END`,
  );
  expect(await setUp()).toHaveLength(1);
  expect(await setUp()).toEqual([]);
});

async function allow(): Promise<void> {
  const admin = `${fixture.definition.store}_admin`;
  // The database does not exist yet and is made by way of "postgres".
  await asServer(`ALTER ROLE ${admin} CREATEROLE; GRANT CONNECT ON DATABASE postgres TO ${admin}`);
}
