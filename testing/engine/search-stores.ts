import pg from 'pg';
import { encodingsOfText } from './encodings.ts';
import type { TestEngine } from './run-engine.ts';

const stores = ['clinical', 'vault', 'audit', 'marketing', 'identity'];

/** Every form under which a value might lie somewhere, as typed and without spaces and dashes; each in hex. */
export function formsOf(value: string): string[] {
  const texts = new Set([value, value.replace(/[\s-]/g, '')]);
  return [
    ...new Set([...texts].flatMap((text) => encodingsOfText(text).map((bytes) => bytes.toString('hex')))),
  ];
}

/** Looks for a value in every column of every table of every store. Returns where it was found. */
export async function searchStores(
  engine: Pick<TestEngine, 'stores'>,
  value: string,
  wanted: readonly string[] = formsOf(value),
): Promise<string[]> {
  const found: string[] = [];
  for (const store of stores) {
    const client = new pg.Client(engine.stores.admin(store));
    await client.connect();
    try {
      const columns = await client.query<{ place: string; read: string; source: string }>(
        `SELECT format('%s.%s', c.oid::regclass, a.attname) AS place, c.oid::regclass::text AS source,
           CASE WHEN format_type(t.oid, NULL) = 'bytea' OR t.typbasetype = 'bytea'::regtype
             THEN format('encode(%I::bytea, ''hex'')', a.attname)
             ELSE format('encode(convert_to(%I::text, ''UTF8''), ''hex'')', a.attname) END AS read
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
      );
      for (const { place, read, source } of columns.rows) {
        const hit = await client.query(
          `SELECT FROM ${source} WHERE ${wanted.map((_, index) => `strpos(${read}, $${index + 1}) > 0`).join(' OR ')} LIMIT 1`,
          [...wanted],
        );
        if (hit.rowCount !== 0) found.push(`${store}: ${place}`);
      }
    } finally {
      await client.end();
    }
  }
  return found;
}
