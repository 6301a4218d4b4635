import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tokenTables } from '../../apps/engine/src/keys/destroy-patient-key.ts';
import { tenantSealedTables } from '../../apps/engine/src/keys/reseal-tenant-cells.ts';
import { cloneStores } from '../stores.ts';

let stores: Awaited<ReturnType<typeof cloneStores>>;
beforeAll(async () => {
  stores = await cloneStores(['clinical']);
});
afterAll(() => stores.drop());

async function ask(sql: string): Promise<string[]> {
  const client = new pg.Client(stores.admin('clinical'));
  await client.connect();
  try {
    return (await client.query<{ name: string }>(sql)).rows.map((row) => row.name);
  } finally {
    await client.end();
  }
}

/** What is about no patient is sealed under its tenant's key, and written anew with that one. */
const ofTenants = Object.keys(tenantSealedTables);

it('writes every table with ciphertext anew when a patient, or its tenant, gets a new key', async () => {
  const forgotten = await ask(
    `SELECT DISTINCT c.oid::regclass::text AS name FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'cordon.ciphertext'::regtype AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.oid NOT IN (SELECT target FROM clinical.sealed_tables() t
         JOIN pg_policy p ON p.polrelid = t.target AND p.polname = 'owner_reseals')`,
  );
  expect(
    forgotten.filter((table) => !ofTenants.includes(table)),
    "tables that need key_id, patient_id and, in their migration, SELECT clinical.open_to_resealing('<table>'); or a line in tenantSealedTables",
  ).toEqual([]);
});

it('deletes the search tokens of every table when a key is destroyed', async () => {
  const tables = await ask(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname ~ 'token$' AND a.atttypid = 'bytea'::regtype
       AND EXISTS (SELECT FROM pg_attribute p WHERE p.attrelid = c.oid AND p.attname = 'patient_id')`,
  );
  expect(tables.sort()).toEqual([...tokenTables].sort());
});
