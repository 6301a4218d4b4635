import type { LevelColumns } from '../config.ts';
import type { Catalog, Table } from '../catalog/types.ts';
import { type Level, levels } from './world.ts';

/** Which column of a table names the tenant, the clinic and the patient of a row. */
export type TableLevels = ReadonlyMap<Level, string>;

export interface LevelMap {
  readonly of: (table: string) => TableLevels;
  /** The type of a level's ids. */
  readonly typeOf: (level: Level) => string;
}

/**
 * Finds the levels' columns: by name, and by foreign key for the tables that the names point at (`patient_id` →
 * `patients.id`), so that `patients` itself is known to be the patient's.
 */
export function findLevels(catalog: Catalog, columns: LevelColumns): LevelMap {
  const found = new Map<string, Map<Level, string>>();
  const types = new Map<Level, string>();
  const of = (id: string): Map<Level, string> => {
    const known = found.get(id) ?? new Map<Level, string>();
    found.set(id, known);
    return known;
  };
  for (const table of catalog.tables)
    for (const level of levels) {
      const name = columns[level];
      const column = table.columns.find((each) => each.name === name);
      if (!column || name === undefined) continue;
      of(table.id).set(level, name);
      if (!types.has(level)) types.set(level, column.baseType);
    }
  for (const table of catalog.tables) nameRoots(table, columns, of);
  return { of, typeOf: (level) => types.get(level) ?? 'uuid' };
}

function nameRoots(table: Table, columns: LevelColumns, of: (id: string) => Map<Level, string>): void {
  for (const key of table.foreignKeys)
    for (const level of levels) {
      const target = key.targetColumns[key.columns.indexOf(columns[level] ?? '')];
      if (target !== undefined && !of(key.target).has(level)) of(key.target).set(level, target);
    }
}
