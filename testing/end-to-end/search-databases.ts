import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Layout } from '../../apps/cli/src/up/layout.ts';
import { administratorRole } from '../../packages/stores/index.ts';
import { searchFor, type Trace } from './traces.ts';

/** Connects to the installation's PostgreSQL as its administrator, whom no rule of a store holds back. */
export async function connectAsAdministrator(layout: Layout, database: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: 'localhost',
    port: layout.ports.postgres,
    user: administratorRole,
    password: await readFile(join(layout.secrets, 'database', 'administrator.password'), 'utf8'),
    database,
    ssl: { ca: await readFile(join(layout.secrets, 'tls', 'database', 'ca.crt'), 'utf8') },
    statement_timeout: 60_000,
  });
  await client.connect();
  return client;
}

/**
 * Looks for the traces in every row of every relation of every database, catalogs and large objects included. Answers where
 * each lies: "database relation: form".
 */
export async function searchDatabases(layout: Layout, traces: readonly Trace[]): Promise<string[]> {
  const first = await connectAsAdministrator(layout, 'postgres');
  const databases = await first
    .query<{ datname: string }>('SELECT datname FROM pg_database WHERE datallowconn ORDER BY datname')
    .finally(() => first.end());
  // A row's text shows a text column as it is and a bytea column in hexadecimal.
  const search = searchFor([
    ...traces,
    ...traces.map(({ form, bytes }) => ({ form, bytes: Buffer.from(bytes.toString('hex')) })),
  ]);
  const found: string[] = [];
  for (const { datname } of databases.rows) {
    const client = await connectAsAdministrator(layout, datname);
    try {
      for (const relation of await listRelations(client)) {
        const rows = await client.query<{ text: string }>(`SELECT row::text AS text FROM ${relation} AS row`);
        const forms = search(Buffer.from(rows.rows.map(({ text }) => text).join('\n')));
        found.push(...forms.map((form) => `${datname} ${relation}: ${form}`));
      }
    } finally {
      await client.end();
    }
  }
  return found;
}

/** Quoted names of all that holds rows; TOAST tables show in the tables they belong to. */
async function listRelations(client: pg.Client): Promise<string[]> {
  const relations = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'm') ORDER BY oid`,
  );
  return relations.rows.map(({ name }) => name);
}
