import type pg from 'pg';
import type { Catalog, Table } from '../catalog/types.ts';
import type { Reach } from '../config.ts';
import { identifier } from '../sql.ts';
import type { LevelMap } from './levels.ts';
import { home, idOf, type Level, levels, type Scope, scopeName, scopes } from './world.ts';

/** Whose a row is: `1`, `11`, `111` for the attacker's own; undefined where its table does not say. */
export type Place = Readonly<Partial<Record<Level, string | undefined>>>;

export interface Row {
  /** As text, in the order of the table's columns. */
  readonly values: readonly (string | null)[];
  readonly place: Place;
}

export interface TableRows {
  readonly table: Table;
  readonly rows: readonly Row[];
  /** Which levels the table's own columns name. */
  readonly levels: ReadonlyMap<Level, string>;
}

/** All rows of every table, as the administrator sees them, each with the place it belongs to. */
export async function takeSnapshot(
  client: pg.ClientBase,
  catalog: Catalog,
  map: LevelMap,
): Promise<Map<string, TableRows>> {
  const found = new Map<string, TableRows>();
  for (const table of catalog.tables.filter((each) => each.kind !== 'f')) {
    const list = table.columns.map((column) => `${identifier(column.name)}::text`).join(', ');
    const { rows } = await client.query<(string | null)[]>({
      text: `SELECT ${list} FROM ${table.sql}`,
      rowMode: 'array',
    });
    const own = map.of(table.id);
    found.set(table.id, {
      table,
      levels: own,
      rows: rows.map((values) => ({ values, place: placeOf(table, values, own) })),
    });
  }
  return found;
}

function placeOf(table: Table, values: readonly (string | null)[], own: ReadonlyMap<Level, string>): Place {
  const place: Partial<Record<Level, string>> = {};
  for (const [level, name] of own) {
    const at = table.columns.findIndex((column) => column.name === name);
    const value = values[at];
    const type = table.columns[at]?.baseType ?? '';
    const scope = scopes.find((each) => idOf(level, each, type) === value);
    if (scope) place[level] = scopeName(scope).slice(0, levels.indexOf(level) + 1);
  }
  return place;
}

/** Where a row of the scope would belong in a table with these levels. */
export function placeOfScope(scope: Scope, own: ReadonlyMap<Level, string>): Place {
  return Object.fromEntries(
    [...own.keys()].map((level) => [level, scopeName(scope).slice(0, levels.indexOf(level) + 1)]),
  );
}

/** Whether a caller of the scope with this reach may meet the row. A row of no tenant is nobody's. */
export function isWithin(reach: Reach, { tenant, clinic, patient }: Place, at: Scope = home): boolean {
  const own = scopeName(at);
  if (reach === 'everything') return true;
  if (reach === 'nothing' || tenant !== own.slice(0, 1)) return false;
  if (reach === 'tenant') return true;
  if (reach === 'patient' && patient !== undefined) return patient === own;
  return clinic === undefined || clinic === own.slice(0, 2);
}
