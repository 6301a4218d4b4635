import type { Key, Table } from '../catalog/types.ts';
import { enter, nameOf, reachOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { type Draft, insertOf } from '../rows/draft-row.ts';
import { home, otherTenant, uuidOf } from '../rows/world.ts';
import type { Answer } from '../session.ts';

/** What an answer tells apart: its SQLSTATE, and how long its words are. */
const shapeOf = (answer: Answer): string =>
  answer.ok
    ? `ok, ${answer.count} rows`
    : `${answer.code}, ${answer.message.length + answer.detail.length} characters`;

interface Probe {
  readonly channel: string;
  readonly constraint: string;
  readonly columns: readonly string[];
  readonly fix: string;
}

/**
 * Constraints look past row security. For each, a row of the caller's own that names a value which exists in the other tenant, and
 * one that names a value which exists nowhere: the two answers must not differ.
 */
export async function probeConstraints(stand: Stand): Promise<void> {
  await stand.session.inTransaction(async () => {
    if ((await enter(stand)) !== undefined) return;
    for (const { table, levels } of stand.field.rows.values()) {
      const tenant = levels.get('tenant');
      const open = reachOf(stand.field, table, stand.session.role, stand.caller) === 'everything';
      if (tenant === undefined || open || rightsOn(stand.rights, table).insert.length === 0) continue;
      for (const probe of [...table.keys.map((key) => uniqueProbe(table, key)), ...foreignProbes(table)]) {
        const free = probe.columns.filter((name) => name !== tenant);
        if (free.length > 0) await compare(stand, table, probe, free);
      }
    }
  });
}

const uniqueProbe = (table: Table, key: Key): Probe => ({
  channel: key.kind === 'x' ? 'oracle.exclusion' : 'oracle.unique',
  constraint: key.name,
  columns: key.columns,
  fix: `Put the tenant column into ${key.name} of ${table.sql}, so that no row of another tenant can stand in the way.`,
});

const foreignProbes = (table: Table): Probe[] =>
  table.foreignKeys.map((key) => ({
    channel: 'oracle.foreign-key',
    constraint: key.name,
    columns: key.columns,
    fix: `Let ${key.name} of ${table.sql} carry the tenant column: FOREIGN KEY (tenant, id) REFERENCES ${key.target} (tenant, id).`,
  }));

async function compare(stand: Stand, table: Table, probe: Probe, columns: readonly string[]): Promise<void> {
  const { planter, record } = stand.field;
  const victim = planter.rowOf(table.id, otherTenant);
  let own: Draft;
  let spare: Draft;
  try {
    own = await planter.draft(table, home, 'oracle');
    spare = await planter.draft(table, otherTenant, 'nowhere');
  } catch (error) {
    record.notRun(
      probe.channel,
      table.id,
      `no row could be made: ${error instanceof Error ? error.message : ''}`,
    );
    return;
  }
  if (!victim || columns.every((name) => (victim.get(name) ?? null) === null)) return;
  const insertable = new Set(rightsOn(stand.rights, table).insert);
  const rowWith = (value: (name: string) => string | null): string => {
    const row = new Map([...own, ...columns.map((name) => [name, value(name)] as const)]);
    for (const name of row.keys()) if (!insertable.has(name)) row.delete(name);
    return insertOf(table, row);
  };
  const exists = rowWith((name) => victim.get(name) ?? null);
  const nowhere = rowWith((name) => absent(table, name, victim.get(name) ?? null, spare.get(name) ?? null));
  const there = await stand.session.attempt(exists, true);
  const absentAnswer = await stand.session.attempt(nowhere, true);
  record.judge(
    {
      channel: probe.channel,
      table: table.id,
      as: nameOf(stand),
      loginRole: stand.session.role,
      sql: exists,
      evidence: `${probe.constraint}: a value of the other tenant answers ${shapeOf(there)}; one that is nowhere ${shapeOf(absentAnswer)}`,
      fix: probe.fix,
    },
    shapeOf(there) !== shapeOf(absentAnswer),
  );
}

/** A value like the given one that no row has. */
function absent(table: Table, name: string, value: string | null, spare: string | null): string | null {
  const type = table.columns.find((column) => column.name === name)?.baseType ?? '';
  if (value === null) return null;
  if (type === 'uuid') return uuidOf(`nowhere ${value}`);
  if (/^(integer|bigint|smallint|numeric)/.test(type)) return value === '1' ? '2' : '1'.repeat(value.length);
  return spare ?? value;
}
