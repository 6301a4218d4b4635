import { divide, type Stand, writeReachOf } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { type Draft, insertOf } from '../rows/draft-row.ts';
import { isWithin, placeOfScope, type Row, type TableRows } from '../rows/snapshot.ts';
import { home, otherClinic, otherTenant, sameClinic, type Scope } from '../rows/world.ts';
import { identifier, literal } from '../sql.ts';
import { strike } from './judge.ts';
import { keyedBy } from './keyed-by.ts';

const fix = (table: string): string =>
  `Policies on ${table} FOR INSERT, UPDATE and DELETE whose USING and WITH CHECK compare the tenant column with the verified context; revoke the commands that nobody needs.`;

/** Every way to change a table's rows: those of others, and one's own into theirs. */
export async function attackWrites(stand: Stand, found: TableRows): Promise<void> {
  await attackInserts(stand, found);
  await attackChanges(stand, found);
}

/** The scopes into which the caller must not write, one for each place that the table tells apart. */
function forbiddenScopes(stand: Stand, { table, levels }: TableRows): Scope[] {
  const reach = writeReachOf(stand.field, table, stand.session.role, stand.caller);
  const places = new Map<string, Scope>();
  for (const scope of [otherTenant, otherClinic, sameClinic, home]) {
    const place = placeOfScope(scope, levels);
    const name = JSON.stringify(place);
    if (!isWithin(reach, place) && !places.has(name)) places.set(name, scope);
  }
  return [...places.values()];
}

async function attackInserts(stand: Stand, found: TableRows): Promise<void> {
  const { table } = found;
  const { record, planter } = stand.field;
  const insertable = new Set(rightsOn(stand.rights, table).insert);
  const base = { table: table.id, fix: fix(table.sql), throughPolicy: true };
  for (const scope of forbiddenScopes(stand, found)) {
    let draft: Draft;
    try {
      draft = await planter.draft(table, scope, 'attack');
    } catch (error) {
      record.notRun(
        'rows.insert',
        table.id,
        `no row could be made: ${error instanceof Error ? error.message : ''}`,
      );
      return;
    }
    if (insertable.size > 0) for (const name of draft.keys()) if (!insertable.has(name)) draft.delete(name);
    const sql = insertOf(table, draft);
    const [first = ''] = draft.keys();
    const noChange = `UPDATE SET ${identifier(first)} = EXCLUDED.${identifier(first)}`;
    await strike(stand, { ...base, channel: 'rows.insert', sql });
    await strike(stand, { ...base, channel: 'rows.returning', sql: `${sql} RETURNING 1` });
    await strike(stand, { ...base, channel: 'rows.on-conflict', sql: `${sql} ON CONFLICT DO NOTHING` });
    const key = table.keys.find((each) => each.kind === 'p');
    const planted = planter.rowOf(table.id, scope);
    if (key && planted) {
      const clash: Draft = new Map([
        ...draft,
        ...key.columns.map((name) => [name, planted.get(name) ?? null] as const),
      ]);
      const target = `(${key.columns.map(identifier).join(', ')})`;
      const insert = insertOf(table, clash);
      await strike(stand, {
        ...base,
        channel: 'rows.on-conflict',
        sql: `${insert} ON CONFLICT ${target} DO ${noChange}`,
      });
    }
    await strike(stand, {
      ...base,
      channel: 'rows.merge',
      sql: `MERGE INTO ${table.sql} AS t USING (SELECT 1) AS s ON false WHEN NOT MATCHED THEN ${sql.replace(`INTO ${table.sql} `, '')}`,
    });
  }
  // Under row security PostgreSQL refuses COPY FROM; without it, it answers by asking for data.
  if (forbiddenScopes(stand, found).length > 0) {
    const sql = `COPY ${table.sql} FROM STDIN`;
    const answer = await stand.session.attempt(sql);
    const finding = {
      channel: 'rows.copy-from',
      table: table.id,
      as: stand.session.role,
      loginRole: stand.session.role,
    };
    record.judge(
      { ...finding, sql, fix: fix(table.sql), evidence: 'rows can be loaded past every policy' },
      answer.ok || answer.code === '57014',
    );
  }
}

async function attackChanges(stand: Stand, found: TableRows): Promise<void> {
  const { table, levels } = found;
  const { own, foreign } = divide(stand, found);
  if (foreign.length === 0) return;
  const base = { table: table.id, fix: fix(table.sql) };
  const where = keyedBy(table, foreign);
  const set = harmlessChange(stand, found, own[0] ?? foreign[0]);
  const update = `UPDATE ${table.sql} SET ${set}`;
  const blind = own.length === 0 ? { throughPolicy: true } : { touchesOwn: true };
  // Without a WHERE no SELECT policy is asked: a blind change must still end at the caller's rows.
  await strike(stand, { ...base, channel: 'rows.update', sql: update, allowed: own.length, ...blind });
  await strike(stand, {
    ...base,
    channel: 'rows.delete',
    sql: `DELETE FROM ${table.sql}`,
    allowed: own.length,
    ...blind,
  });
  await strike(stand, {
    ...base,
    channel: 'rows.truncate',
    sql: `TRUNCATE ${table.sql} CASCADE`,
    allowed: -1,
  });
  if (where !== undefined) {
    const merge = `MERGE INTO ${table.sql} USING (SELECT 1) AS s ON ${where} WHEN MATCHED THEN`;
    await strike(stand, {
      ...base,
      channel: 'rows.update',
      sql: `${update} WHERE ${where}`,
      throughPolicy: true,
    });
    await strike(stand, {
      ...base,
      channel: 'rows.returning',
      sql: `${update} WHERE ${where} RETURNING 1`,
      throughPolicy: true,
    });
    await strike(stand, {
      ...base,
      channel: 'rows.delete',
      sql: `DELETE FROM ${table.sql} WHERE ${where}`,
      throughPolicy: true,
    });
    await strike(stand, {
      ...base,
      channel: 'rows.returning',
      sql: `DELETE FROM ${table.sql} WHERE ${where} RETURNING 1`,
      throughPolicy: true,
    });
    await strike(stand, {
      ...base,
      channel: 'rows.merge',
      sql: `${merge} UPDATE SET ${set}`,
      throughPolicy: true,
    });
    await strike(stand, { ...base, channel: 'rows.merge', sql: `${merge} DELETE`, throughPolicy: true });
  }
  const tenant = levels.get('tenant');
  if (tenant === undefined) return;
  const at = table.columns.findIndex((column) => column.name === tenant);
  const moveTo = (row: Row | undefined): string =>
    `UPDATE ${table.sql} SET ${identifier(tenant)} = ${literal(row?.values[at] ?? null)}::${table.columns[at]?.type ?? 'text'}`;
  const abroad = foreign.find((row) => row.place.tenant === '2');
  if (abroad && own.length > 0)
    await strike(stand, { ...base, channel: 'rows.update-tenant', sql: moveTo(abroad), throughPolicy: true });
  if (where !== undefined && own[0])
    await strike(stand, {
      ...base,
      channel: 'rows.update-tenant',
      sql: `${moveTo(own[0])} WHERE ${where}`,
      throughPolicy: true,
    });
}

/** An assignment that no constraint minds: a column outside of all keys, to a value that it has already. */
function harmlessChange(stand: Stand, { table }: TableRows, row: Row | undefined): string {
  const may = rightsOn(stand.rights, table).update;
  const bound = new Set([...table.keys, ...table.foreignKeys].flatMap((key) => key.columns));
  const usable = table.columns.filter((column) => !column.generated && column.identity !== 'a');
  const chosen =
    usable.find((column) => may.includes(column.name) && !bound.has(column.name)) ??
    usable.find((column) => may.includes(column.name)) ??
    usable[0];
  const name = chosen?.name ?? '';
  if (bound.has(name)) return `${identifier(name)} = ${identifier(name)}`;
  const at = table.columns.findIndex((column) => column.name === name);
  return `${identifier(name)} = ${literal(row?.values[at] ?? null)}::${chosen?.type ?? 'text'}`;
}
