import type { Client } from 'pg';
import { quoteIdentifier as id } from '../connections.ts';
import type { StoreDefinition } from '../definitions.ts';

/** Makes the database where it is missing; it belongs to the administrator, never to a role of the store. */
export async function createDatabase(maintenance: Client, database: string): Promise<void> {
  const found = await maintenance.query('SELECT FROM pg_catalog.pg_database WHERE datname = $1', [database]);
  if (found.rowCount === 0) await maintenance.query(`CREATE DATABASE ${id(database)}`);
}

/**
 * Opens the database to its own login roles and nobody else. TEMP goes as well: a temporary table outlives a
 * request on a shared connection. Rights on a database are not copied with it, so clones need this again.
 */
export async function secureDatabase(
  client: Client,
  database: string,
  definition: StoreDefinition,
): Promise<void> {
  const logins = definition.logins.map(id).join(', ');
  await client.query(
    [
      `REVOKE ALL ON DATABASE ${id(database)} FROM PUBLIC`,
      `GRANT CONNECT, CREATE ON DATABASE ${id(database)} TO ${id(definition.owner)}`,
      ...(logins === '' ? [] : [`GRANT CONNECT ON DATABASE ${id(database)} TO ${logins}`]),
    ].join('; '),
  );
}

/** Schemas, extensions and the record of migrations, before the first migration runs. */
export async function prepareDatabase(client: Client, definition: StoreDefinition): Promise<void> {
  await client.query(
    [
      'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
      // Large objects know no row security: bytes left there in one context could be read in another.
      `REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_open(oid, integer),
         lo_get(oid), lo_get(oid, bigint, integer), lo_put(oid, bigint, bytea), lo_unlink(oid), loread(integer, integer),
         lowrite(integer, bytea) FROM PUBLIC`,
      `GRANT USAGE, CREATE ON SCHEMA public TO ${id(definition.owner)}`,
      'CREATE SCHEMA IF NOT EXISTS cordon',
      `GRANT USAGE, CREATE ON SCHEMA cordon TO ${id(definition.owner)}`,
      `CREATE TABLE IF NOT EXISTS cordon.migrations (
         name text PRIMARY KEY,
         sha256 text NOT NULL,
         applied_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
       )`,
      'REVOKE ALL ON cordon.migrations FROM PUBLIC',
      ...definition.extensions.flatMap((extension) => [
        `CREATE SCHEMA IF NOT EXISTS ${id(extension)}`,
        `CREATE EXTENSION IF NOT EXISTS ${id(extension)} SCHEMA ${id(extension)}`,
      ]),
    ].join('; '),
  );
}
