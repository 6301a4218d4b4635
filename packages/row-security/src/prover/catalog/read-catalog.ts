import type pg from 'pg';
import { ProverError } from '../error.ts';
import { routinesQuery, sequencesQuery, tablesQuery, viewsQuery } from './queries.ts';
import type { Catalog } from './types.ts';

const oldestVersion = 15;

/**
 * Reads what the prover knows of a schema, in the caller's transaction.
 * Throws `prover-version-too-old` and `prover-nothing-to-prove`.
 */
export async function readCatalog(client: pg.ClientBase, ignoreSchemas: readonly string[]): Promise<Catalog> {
  const about = await client.query<{ version: number | string; database: string }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, current_database() AS database`,
  );
  const version = Number(about.rows[0]?.version ?? 0);
  const database = about.rows[0]?.database ?? '';
  if (version < oldestVersion)
    throw new ProverError(
      'prover-version-too-old',
      `The server is PostgreSQL ${version}: the prover needs ${oldestVersion} or newer, for security_invoker and MERGE.`,
    );
  const read = async <Kind extends keyof Catalog>(query: string): Promise<Catalog[Kind]> => {
    const { rows } = await client.query<{ document: Catalog[Kind] | string }>(query, [ignoreSchemas]);
    const document = rows[0]?.document ?? '[]';
    // A client that takes values as text hands the document over as it came.
    return typeof document === 'string' ? (JSON.parse(document) as Catalog[Kind]) : document;
  };
  const catalog: Catalog = {
    serverVersion: version,
    database,
    tables: await read<'tables'>(tablesQuery),
    views: await read<'views'>(viewsQuery),
    routines: await read<'routines'>(routinesQuery),
    sequences: await read<'sequences'>(sequencesQuery),
  };
  if (catalog.tables.length === 0)
    throw new ProverError(
      'prover-nothing-to-prove',
      `The database ${database} has no table outside of PostgreSQL's own schemas: apply its migrations first.`,
    );
  return catalog;
}
