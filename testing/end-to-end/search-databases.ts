import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Layout } from '../../apps/cli/src/up/layout.ts';
import { administratorRole } from '../../packages/stores/index.ts';
import type { Trace } from './traces.ts';

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
  const found: string[] = [];
  for (const { datname } of databases.rows) {
    const client = await connectAsAdministrator(layout, datname);
    try {
      found.push(...(await searchDatabase(client, traces)).map((place) => `${datname} ${place}`));
    } finally {
      await client.end();
    }
  }
  return found;
}

/** A row's text shows a text column as it is and a bytea column in hexadecimal: each trace is looked for in both. */
async function searchDatabase(client: pg.Client, traces: readonly Trace[]): Promise<string[]> {
  const relations = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'm') AND relpersistence <> 't' ORDER BY oid`,
  );
  const texts = traces.flatMap(({ bytes }) => [bytes.toString('utf8'), bytes.toString('hex')]);
  // Text columns hold no NUL byte, so UTF-16 shows in hexadecimal alone.
  const wanted = [...new Set(texts)].filter((text) => !text.includes('\0'));
  const found: string[] = [];
  for (const { name } of relations.rows) {
    const hits = await client.query<{ text: string }>(
      `SELECT text FROM unnest($1::text[]) AS wanted(text)
       WHERE EXISTS (SELECT FROM ${name} AS row WHERE strpos(row::text, wanted.text) > 0)`,
      [wanted],
    );
    for (const { text } of hits.rows) {
      const trace = traces.find(({ bytes }) =>
        [bytes.toString('utf8'), bytes.toString('hex')].includes(text),
      );
      found.push(`${name}: ${trace?.form ?? text}`);
    }
  }
  return found;
}
