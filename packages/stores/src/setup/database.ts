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

/**
 * What PostgreSQL lets everybody call and no store has a use for. Counters of a table tell when any tenant wrote; a session of a
 * login role could end the other requests of that role; a database written out as XML took all memory, and the server with it.
 */
const closeFunctions = `DO $$
DECLARE
  each regprocedure;
BEGIN
  FOR each IN SELECT oid::regprocedure FROM pg_catalog.pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND (
      proname ~ '^(query|table|cursor|schema|database)_to_xml' OR proname IN ('pg_cancel_backend', 'pg_terminate_backend')
      OR proname ~ '^pg_stat_get_(numscans|lastscan|tuples_.*|(live|dead)_tuples|mod_since_analyze|ins_since_vacuum|blocks_.*)$')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', each);
  END LOOP;
END
$$`;

/** Schemas, extensions and the record of migrations, before the first migration runs. */
export async function prepareDatabase(client: Client, definition: StoreDefinition): Promise<void> {
  await client.query(
    [
      'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
      // Large objects know no row security: bytes left there in one context could be read in another.
      `REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_open(oid, integer),
         lo_get(oid), lo_get(oid, bigint, integer), lo_put(oid, bigint, bytea), lo_unlink(oid), loread(integer, integer),
         lowrite(integer, bytea) FROM PUBLIC`,
      closeFunctions,
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
