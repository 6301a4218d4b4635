import pg from 'pg';
import type { TestEngine } from './run-engine-on.ts';

/** Closes a store to everybody but the administrator and ends its connections, as an outage would; or opens it again. */
export async function setStoreOpen(engine: TestEngine, store: string, open: boolean): Promise<void> {
  const client = new pg.Client({ ...engine.stores.admin(store), database: 'postgres' });
  await client.connect();
  const database = engine.stores.database(store);
  await client.query(`ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS ${String(open)}`);
  if (!open)
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      database,
    ]);
  await client.end();
}
