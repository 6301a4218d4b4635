import type { Client } from 'pg';
import { quoteIdentifier as id } from '../connections.ts';
import type { StoreDefinition } from '../definitions.ts';
import { errorCodeOf, StoresError } from '../errors.ts';
import type { Migration } from './migration-files.ts';

/**
 * Applies what is missing, each file in a transaction with its record. Answers the names applied.
 * Throws `migration-changed`, `migration-missing`, `migration-out-of-order` before anything runs, and
 * `migration-failed` with the file, the line and PostgreSQL's code.
 */
export async function applyMigrations(
  client: Client,
  definition: StoreDefinition,
  migrations: readonly Migration[],
): Promise<string[]> {
  const recorded = await client.query<{ name: string; sha256: string }>(
    'SELECT name, sha256 FROM cordon.migrations',
  );
  const missing = findMissing(
    definition.store,
    migrations,
    new Map(recorded.rows.map((row) => [row.name, row.sha256])),
  );
  for (const migration of missing) await apply(client, definition, migration);
  return missing.map((migration) => migration.name);
}

function findMissing(
  store: string,
  migrations: readonly Migration[],
  applied: ReadonlyMap<string, string>,
): Migration[] {
  const known = new Set(migrations.map((migration) => migration.name));
  for (const name of applied.keys())
    if (!known.has(name))
      throw new StoresError(
        'migration-missing',
        `The ${store} store has the migration ${name}, and there is no such file: this version of Cordon is older than ` +
          'the data, or the file was removed.',
      );
  for (const migration of migrations) {
    const sha256 = applied.get(migration.name);
    if (sha256 !== undefined && sha256 !== migration.sha256)
      throw new StoresError(
        'migration-changed',
        `The migration ${migration.file} was changed after it was applied: restore it and put the change into a new file.`,
      );
  }
  const missing = migrations.filter((migration) => !applied.has(migration.name));
  for (const migration of missing) {
    const group = groupOf(migration.name);
    const later = [...applied.keys()].find((name) => groupOf(name) === group && name > migration.name);
    if (later !== undefined)
      throw new StoresError(
        'migration-out-of-order',
        `The migration ${migration.file} has a lower number than ${later}, which is applied already: give it a higher one.`,
      );
  }
  return missing;
}

function groupOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

async function apply(client: Client, definition: StoreDefinition, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL search_path = public');
    if (!migration.privileged) await client.query(`SET LOCAL ROLE ${id(definition.owner)}`);
    await client.query(migration.sql);
    await client.query('RESET ROLE');
    await client.query('INSERT INTO cordon.migrations (name, sha256) VALUES ($1, $2)', [
      migration.name,
      migration.sha256,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw explain(error, migration);
  }
}

function explain(error: unknown, migration: Migration): StoresError {
  const message = error instanceof Error ? error.message : 'unknown error';
  const position =
    error instanceof Error && 'position' in error && typeof error.position === 'string'
      ? Number(error.position)
      : 0;
  const line = position > 0 ? `, line ${migration.sql.slice(0, position).split('\n').length}` : '';
  return new StoresError(
    'migration-failed',
    `The migration ${migration.file}${line} failed (${errorCodeOf(error) ?? 'no code'}): ${message}` +
      // 42501: insufficient privilege.
      (migration.privileged && errorCodeOf(error) === '42501'
        ? '. The administrator needs the rights of a superuser for this step.'
        : ''),
    { cause: error },
  );
}
