import type { Table } from '../catalog/types.ts';

/** Partitions and children are filled through their parents. */
const isFilledDirectly = (table: Table): boolean => table.parent === null && table.kind !== 'f';

/**
 * Parents before children. A circle is opened at a foreign key that may be NULL; what is left in a circle comes last,
 * and its rows are reported as not planted when they cannot be.
 */
export function orderTables(tables: readonly Table[]): Table[] {
  const waiting = new Map(tables.filter(isFilledDirectly).map((table) => [table.id, table]));
  const ordered: Table[] = [];
  const take = (ready: (table: Table) => boolean): boolean => {
    const found = [...waiting.values()].find(ready);
    if (!found) return false;
    waiting.delete(found.id);
    ordered.push(found);
    return true;
  };
  const waitsFor = (table: Table, evenIfNullable: boolean): boolean =>
    table.foreignKeys.some(
      (key) =>
        key.target !== table.id &&
        waiting.has(key.target) &&
        (evenIfNullable ||
          key.columns.every((name) => table.columns.find((each) => each.name === name)?.notNull)),
    );
  while (waiting.size > 0)
    if (!take((table) => !waitsFor(table, true)) && !take((table) => !waitsFor(table, false)))
      take(() => true);
  return ordered;
}
