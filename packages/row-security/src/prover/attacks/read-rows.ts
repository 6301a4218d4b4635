import { divide, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import type { TableRows } from '../rows/snapshot.ts';
import { identifier, literal } from '../sql.ts';
import { countForeign, strike } from './judge.ts';
import { keyedBy } from './keyed-by.ts';

const fix = (table: string): string =>
  `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; FORCE ROW LEVEL SECURITY; and a policy FOR SELECT that compares the tenant column with the verified context.`;

/** Every way to read a table's rows. Answers how many rows the caller saw of its own. */
export async function attackReads(stand: Stand, found: TableRows): Promise<number> {
  const { table } = found;
  const { own, foreign } = divide(stand, found);
  const readable = rightsOn(stand.rights, table).select;
  const columns = readable.length > 0 ? readable : table.columns.map((column) => column.name);
  const list = columns.map((name) => `${identifier(name)}::text`).join(', ');
  const places = columns.map((name) => table.columns.findIndex((column) => column.name === name));
  const lawful = own.map((row) => places.map((at) => row.values[at] ?? null));
  const beyond = (answer: { rows: readonly (readonly (string | null)[])[] }): number =>
    countForeign(answer.rows, lawful);
  const select = `SELECT ${list} FROM ${table.sql}`;
  const base = { table: table.id, fix: fix(table.sql) };

  const seen = await strike(stand, { ...base, channel: 'rows.select', sql: select, foreign: beyond });
  await strike(stand, {
    ...base,
    channel: 'rows.copy-to',
    sql: `COPY (${select}) TO STDOUT`,
    allowed: own.length,
  });
  await strike(stand, {
    ...base,
    channel: 'rows.copy-to',
    sql: `COPY ${table.sql} TO STDOUT`,
    allowed: own.length,
  });
  await strike(stand, {
    ...base,
    channel: 'rows.cursor',
    sql: `DECLARE attack SCROLL CURSOR FOR ${select}; FETCH ALL FROM attack`,
    foreign: beyond,
  });
  await strike(stand, { ...base, channel: 'rows.for-update', sql: `${select} FOR UPDATE`, foreign: beyond });
  const where = keyedBy(table, foreign);
  if (where !== undefined)
    await strike(stand, { ...base, channel: 'rows.select', sql: `${select} WHERE ${where}` });
  const parent =
    table.parent === null ? undefined : stand.field.catalog.tables.find((each) => each.id === table.parent);
  if (parent)
    await strike(stand, {
      ...base,
      channel: 'rows.partition',
      sql: `SELECT ${list} FROM ${parent.sql} WHERE tableoid = ${literal(table.sql)}::regclass`,
      foreign: beyond,
    });
  return seen.ok ? seen.rows.length - beyond(seen) : 0;
}
