import type { Table } from '../catalog/types.ts';
import type { Row } from '../rows/snapshot.ts';
import { identifier, literal } from '../sql.ts';

/** A condition that names the given rows by their primary key; undefined where there is none or no row. */
export function keyedBy(table: Table, rows: readonly Row[]): string | undefined {
  const key = table.keys.find((each) => each.kind === 'p');
  if (!key || rows.length === 0) return undefined;
  const columns = key.columns.map((name) => table.columns.findIndex((column) => column.name === name));
  const one = (row: Row): string =>
    columns
      .map(
        (at) =>
          `${identifier(table.columns[at]?.name ?? '')} = ${literal(row.values[at] ?? null)}::${table.columns[at]?.baseType ?? 'text'}`,
      )
      .join(' AND ');
  return rows
    .slice(0, 4)
    .map((row) => `(${one(row)})`)
    .join(' OR ');
}
