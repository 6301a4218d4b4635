import pg, { type Client, type ClientConfig } from 'pg';

/** Where graphile-worker keeps its tables; its default, so that the engine's workers find them. */
const schema = 'graphile_worker';

/**
 * Lets graphile-worker make its tables and functions, as the store's owner, before the store's own migrations close them to all but
 * the jobs' login role. Once these have run it does nothing: the owner, under row security as everybody, would take the library's
 * record of its migrations for empty. A later revision of the library is a migration of the store.
 *
 * @param administrator with the database's name
 */
export async function installJobQueue(
  client: Client,
  administrator: ClientConfig,
  owner: string,
): Promise<void> {
  const { rows } = await client.query<{ closed: boolean | null }>(
    'SELECT relforcerowsecurity AS closed FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)',
    [`${schema}.migrations`],
  );
  if (rows[0]?.closed === true) return;
  // Loaded where it is needed: a start that changes nothing should not read it.
  const { Logger, runMigrations } = await import('graphile-worker');
  const pool = new pg.Pool({ ...administrator, max: 1, options: `-c role=${owner}` });
  // A server that ends under a connection is reported by the next query; the library asks for both listeners.
  pool.on('error', () => undefined);
  pool.on('connect', (connected) => connected.on('error', () => undefined));
  try {
    await runMigrations({ pgPool: pool, schema, logger: new Logger(() => () => undefined) });
  } finally {
    await pool.end();
  }
}
