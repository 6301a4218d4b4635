import type pg from 'pg';
import type { Column, Table } from '../catalog/types.ts';
import { identifier, literal } from '../sql.ts';
import { readCandidates } from './check-candidates.ts';
import { markText, type Mark } from './make-value.ts';

interface Known {
  readonly fixed: ReadonlyMap<string, string | null>;
  /** Columns of the levels, which say whose the row is and stay. */
  readonly own: ReadonlySet<string>;
  readonly made: ReadonlyMap<string, readonly string[]>;
  readonly mark: Mark;
  readonly generators: Readonly<Record<string, string>>;
}

interface Condition {
  readonly columns: readonly string[];
  readonly expression: string;
}

const mostCombinations = 20_000;

/**
 * Values for the columns that CHECK constraints, domains and partitions speak of. PostgreSQL itself looks for them: the
 * constraints are the WHERE of a query over every combination of candidates. Throws when no combination satisfies them.
 */
export async function solveChecks(
  client: pg.ClientBase,
  table: Table,
  known: Known,
): Promise<Map<string, string | null>> {
  const solved = new Map<string, string | null>();
  for (const group of groupConditions(conditionsOf(table, known))) {
    const columns = table.columns.filter(
      (column) => !column.generated && group.some((condition) => condition.columns.includes(column.name)),
    );
    const found =
      (await search(client, columns, group, known, false)) ??
      (await search(client, columns, group, known, true));
    if (!found)
      throw new Error(
        `no value was found for ${columns.map((each) => each.name).join(', ')} that satisfies ${group.map((each) => each.expression).join(' AND ')}`,
      );
    for (const [name, value] of found) solved.set(name, value);
  }
  return solved;
}

function conditionsOf(table: Table, known: Known): Condition[] {
  const named = (expression: string): string[] => {
    // Words of the expression outside of its literals; a quoted name may hold anything, so it is looked for as a whole.
    const bare = expression.replaceAll(/'(?:[^']|'')*'/g, '');
    const words = new Set(bare.match(/[\p{L}_][\p{L}\p{N}_$]*/gu));
    return table.columns
      .map((each) => each.name)
      .filter((name) => words.has(name) || bare.includes(identifier(name)));
  };
  const conditions: Condition[] = [...table.checks];
  if (table.partitionChecks.length > 0) {
    const expression = table.partitionChecks.map((each) => `(${each})`).join(' OR ');
    conditions.push({ columns: named(expression), expression });
  }
  for (const column of table.columns)
    if (column.domain !== null && !(column.domain in known.generators))
      for (const check of column.domainChecks)
        conditions.push({
          columns: [column.name],
          expression: check.replaceAll(/\bVALUE\b/g, identifier(column.name)),
        });
  return conditions.filter((condition) => condition.columns.length > 0);
}

/** Conditions that share a column must be solved together. */
function groupConditions(conditions: readonly Condition[]): Condition[][] {
  const groups: Condition[][] = [];
  for (const condition of conditions) {
    const touching = groups.filter((group) =>
      group.some((each) => each.columns.some((name) => condition.columns.includes(name))),
    );
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push([...touching.flat(), condition]);
  }
  return groups;
}

function candidatesOf(column: Column, group: readonly Condition[], known: Known, wide: boolean): string[] {
  const fixed = known.fixed.get(column.name);
  // What a foreign key names may also be left out, where it may be NULL.
  if (fixed !== undefined)
    return [fixed, ...(column.notNull || fixed === null || known.own.has(column.name) ? [] : [null])].map(
      (value) => `${literal(value)}::${column.baseType}`,
    );
  const text = group.map((each) => each.expression).join(' ');
  const generated = column.domain !== null && column.domain in known.generators;
  const usable =
    column.defaultText !== null && !/nextval/.test(column.defaultText) ? [column.defaultText] : [];
  return [
    ...new Set([
      ...usable.map((value) => `(${value})::${column.baseType}`),
      ...(known.made.get(column.name) ?? []),
      ...(wide && !generated ? readCandidates(text, column.baseType, markText(known.mark, column.name)) : []),
      ...(column.notNull ? [] : [`NULL::${column.baseType}`]),
    ]),
  ];
}

async function search(
  client: pg.ClientBase,
  columns: readonly Column[],
  group: readonly Condition[],
  known: Known,
  wide: boolean,
): Promise<Map<string, string | null> | undefined> {
  const lists: string[][] = [];
  for (const column of columns) {
    const list = candidatesOf(column, group, known, wide);
    lists.push(wide ? await keepValid(client, list) : list);
  }
  while (lists.reduce((product, list) => product * list.length, 1) > mostCombinations) {
    const longest = lists.reduce((one, other) => (other.length > one.length ? other : one));
    // NULL stands last and often is the answer.
    longest.splice(-2, 1);
  }
  const tables = lists.map((list, place) => {
    const name = identifier(columns[place]?.name ?? '');
    return `(VALUES ${list.map((value, rank) => `(${value}, ${rank})`).join(', ')}) AS v${place}(${name}, rank${place})`;
  });
  const where = group.map((each) => `(${each.expression})`).join(' AND ');
  const ranks = columns.map((_, place) => `rank${place}`).join(' + ');
  const query = `SELECT ${columns.map((each) => `${identifier(each.name)}::text`).join(', ')}
    FROM ${tables.join(' CROSS JOIN ')} WHERE coalesce(${where}, true) ORDER BY ${ranks} LIMIT 1`;
  const { rows } = await client.query<(string | null)[]>({ text: query, rowMode: 'array' });
  const [row] = rows;
  return row && new Map(columns.map((column, place) => [column.name, row[place] ?? null]));
}

/** A candidate read from a constraint's text may not be of the column's type. */
async function keepValid(client: pg.ClientBase, list: readonly string[]): Promise<string[]> {
  const valid: string[] = [];
  for (const value of list)
    await client.query(`SELECT ${value}`).then(
      () => valid.push(value),
      () => undefined,
    );
  return valid;
}
