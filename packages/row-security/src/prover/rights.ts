import type pg from 'pg';
import type { Table } from './catalog/types.ts';

/** What a role may do with a table, by the catalog. Attacks are tried all the same; this says which columns to name. */
export interface TableRights {
  readonly select: readonly string[];
  readonly insert: readonly string[];
  readonly update: readonly string[];
}

export type Rights = ReadonlyMap<string, TableRights>;

const none: TableRights = { select: [], insert: [], update: [] };
export const rightsOn = (rights: Rights, table: Table): TableRights => rights.get(table.oid) ?? none;

const query = `SELECT c.oid::text AS oid,
    coalesce(json_agg(a.attname ORDER BY a.attnum) FILTER (WHERE has_column_privilege($1, c.oid, a.attnum, 'SELECT')), '[]') AS "select",
    coalesce(json_agg(a.attname ORDER BY a.attnum) FILTER (WHERE has_column_privilege($1, c.oid, a.attnum, 'INSERT')), '[]') AS "insert",
    coalesce(json_agg(a.attname ORDER BY a.attnum) FILTER (WHERE has_column_privilege($1, c.oid, a.attnum, 'UPDATE')), '[]') AS "update"
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.oid::text = ANY ($2) GROUP BY c.oid`;

export async function readRights(
  client: pg.ClientBase,
  role: string,
  tables: readonly Table[],
): Promise<Rights> {
  type Found = { oid: string } & Record<keyof TableRights, string[] | string>;
  const { rows } = await client.query<Found>(query, [role, tables.map((table) => table.oid)]);
  // The administrator's connection may hand json over as text.
  const list = (value: string[] | string): string[] =>
    typeof value === 'string' ? (JSON.parse(value) as string[]) : value;
  return new Map(
    rows.map((row) => [
      row.oid,
      { select: list(row.select), insert: list(row.insert), update: list(row.update) },
    ]),
  );
}
