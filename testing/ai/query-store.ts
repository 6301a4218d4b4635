import pg from 'pg';
import type { TestEngine } from '../engine/run-engine.ts';

/** One statement as the server's administrator, on a connection of its own. */
export async function queryStore<Row extends pg.QueryResultRow>(
  engine: TestEngine,
  store: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client(engine.stores.admin(store));
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
