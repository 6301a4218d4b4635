import type pg from 'pg';
import type { Column, Table } from '../catalog/types.ts';
import type { ProverConfig } from '../config.ts';
import { literal } from '../sql.ts';
import type { LevelMap } from './levels.ts';
import { makeValues, type Mark } from './make-value.ts';
import { solveChecks } from './solve-checks.ts';
import { idOf, type Scope } from './world.ts';

/** Values of one row as text, by column; what is absent is left to the column's default. */
export type Draft = Map<string, string | null>;

export interface DraftRequest {
  readonly table: Table;
  readonly scope: Scope;
  readonly mark: Mark;
  /** The values of the same scope's row in another table, for foreign keys. */
  readonly parentOf: (table: string) => ReadonlyMap<string, string | null> | undefined;
  readonly config: ProverConfig;
  readonly levels: LevelMap;
  /** A further row of its scope: where the table is itself the clinics' or the patients', it gets an id of its own. */
  readonly further: boolean;
  /** Columns to leave NULL. */
  readonly clear: readonly string[];
}

/** The columns that foreign keys, levels and restrictions decide. Throws a plain Error that says what is missing. */
export function fixColumns(request: DraftRequest): Map<string, string | null> {
  const { table, scope, levels, parentOf } = request;
  const fixed = new Map<string, string | null>(request.clear.map((name) => [name, null]));
  for (const [level, name] of levels.of(table.id))
    if (!(request.further && level !== 'tenant' && isOwnId(table, name)))
      fixed.set(name, idOf(level, scope, columnOf(table, name).baseType));
  for (const key of table.foreignKeys) {
    const parent = parentOf(key.target);
    const free = key.columns.filter((name) => !fixed.has(name));
    if (!parent) {
      const open = free.find((name) => !columnOf(table, name).notNull);
      if (open !== undefined) fixed.set(open, null);
      else if (key.target !== table.id)
        throw new Error(`its foreign key ${key.name} needs a row of ${key.target}`);
      continue;
    }
    for (const [place, name] of key.columns.entries()) {
      const value = parent.get(key.targetColumns[place] ?? '');
      if (value !== undefined && !request.clear.includes(name)) fixed.set(name, value);
    }
  }
  return fixed;
}

const isOwnId = (table: Table, name: string): boolean =>
  table.keys.some((key) => key.columns.includes(name)) &&
  !table.foreignKeys.some((key) => key.columns.includes(name));

const columnOf = (table: Table, name: string): Column => {
  const found = table.columns.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`there is no column ${name}`);
};

/** A row of the scope that its table's constraints accept, as literals. The administrator's session evaluates them. */
export async function draftRow(client: pg.ClientBase, request: DraftRequest): Promise<Draft> {
  const { table, config, mark } = request;
  const fixed = fixColumns(request);
  const made = new Map<string, readonly string[]>();
  for (const column of table.columns) {
    if (fixed.has(column.name) || column.generated || column.identity !== '') continue;
    const values = makeValues(column, mark, config.generators, table.id);
    if (!values && column.notNull && !column.hasDefault)
      throw new Error(`nothing is known of the type ${column.type} of ${column.name}: give it a generator`);
    if (values) made.set(column.name, values);
  }
  const solved = await solveChecks(client, table, {
    own: new Set(request.levels.of(table.id).values()),
    fixed,
    made,
    mark,
    generators: config.generators,
  });
  const wanted = [...made].filter(([name]) => !solved.has(name) && !columnOf(table, name).hasDefault);
  const draft: Draft = new Map([...fixed, ...solved]);
  if (wanted.length > 0) {
    const list = wanted.map(([, [first = 'NULL']]) => `(${first})::text`).join(', ');
    const { rows } = await client.query<(string | null)[]>({ text: `SELECT ${list}`, rowMode: 'array' });
    for (const [place, [name]] of wanted.entries()) draft.set(name, rows[0]?.[place] ?? null);
  }
  // A row that refers to itself where nothing else can be referred to.
  for (const key of table.foreignKeys.filter((each) => each.target === table.id))
    for (const [place, name] of key.columns.entries())
      if (!fixed.has(name) || draft.get(name) === undefined)
        draft.set(
          name,
          columnOf(table, name).notNull ? (draft.get(key.targetColumns[place] ?? '') ?? null) : null,
        );
  return draft;
}

/** `INSERT INTO … VALUES …` of a draft, with each value cast to its column's type. */
export function insertOf(table: Table, draft: Draft): string {
  const names = [...draft.keys()];
  const values = names.map((name) => `${literal(draft.get(name) ?? null)}::${columnOf(table, name).type}`);
  const columns = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
  return names.length === 0
    ? `INSERT INTO ${table.sql} DEFAULT VALUES`
    : `INSERT INTO ${table.sql} (${columns}) VALUES (${values.join(', ')})`;
}
