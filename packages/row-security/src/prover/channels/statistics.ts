import { divide, enter, nameOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { idOf, otherTenant, uuidOf } from '../rows/world.ts';
import { identifier, literal } from '../sql.ts';

/** What the planner knows of all rows: sampled values, numbers of rows, estimates. */
export async function probeStatistics(stand: Stand): Promise<void> {
  await stand.session.inTransaction(async () => {
    if ((await enter(stand)) !== undefined) return;
    for (const found of stand.field.rows.values()) {
      if (!found.levels.has('tenant') || divide(stand, found).foreign.length === 0) continue;
      await probeValues(stand, found.table.id, found.table.schema, found.table.name);
      await probeRowCount(stand, found.table.id, found.table.oid, divide(stand, found).own.length);
      await probeCounters(stand, found.table.id, found.table.oid);
      await probeEstimate(stand, found);
    }
  });
}

async function probeValues(stand: Stand, table: string, schema: string, name: string): Promise<void> {
  const sql = `SELECT attname, most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname = ${literal(schema)} AND tablename = ${literal(name)}`;
  const answer = await stand.session.attempt(sql);
  const shown = answer.ok ? answer.rows.filter((row) => row.slice(1).some((value) => value !== null)) : [];
  stand.field.record.judge(
    {
      channel: 'statistics.values',
      table,
      as: nameOf(stand),
      loginRole: stand.session.role,
      sql,
      evidence: `sampled values of ${shown.length} columns`,
      fix: 'Enable row security on the table: pg_stats hides the samples of tables that are under it.',
    },
    shown.length > 0,
  );
}

async function probeRowCount(stand: Stand, table: string, oid: string, own: number): Promise<void> {
  const sql = `SELECT reltuples::bigint FROM pg_class WHERE oid = ${oid}`;
  const answer = await stand.session.attempt(sql);
  const told = answer.ok ? Number(answer.rows[0]?.[0] ?? 0) : 0;
  stand.field.record.judge(
    {
      channel: 'statistics.row-count',
      table,
      as: nameOf(stand),
      loginRole: stand.session.role,
      sql,
      evidence: `pg_class tells ${told} rows, the caller may meet ${own}`,
      fix: 'PostgreSQL shows pg_class to everybody: accept the channel by name, or give each tenant a database of its own.',
    },
    told > own,
  );
}

async function probeCounters(stand: Stand, table: string, oid: string): Promise<void> {
  const sql = `SELECT pg_stat_get_tuples_inserted(${oid}), pg_stat_get_tuples_updated(${oid}), pg_stat_get_live_tuples(${oid})`;
  const answer = await stand.session.attempt(sql);
  stand.field.record.judge(
    {
      channel: 'statistics.counters',
      table,
      as: nameOf(stand),
      loginRole: stand.session.role,
      sql,
      evidence: 'counters of the table go up in the moment in which any tenant writes',
      fix: "REVOKE EXECUTE ON FUNCTION pg_stat_get_tuples_inserted(oid) FROM PUBLIC, and on the table's other counters.",
    },
    answer.ok,
  );
}

async function probeEstimate(stand: Stand, { table, levels }: Parameters<typeof divide>[1]): Promise<void> {
  const tenant = levels.get('tenant') ?? '';
  if (!rightsOn(stand.rights, table).select.includes(tenant)) return;
  const type = table.columns.find((column) => column.name === tenant)?.baseType ?? 'text';
  const id = idOf('tenant', otherTenant, type);
  const nowhere = type === 'uuid' ? uuidOf('nowhere') : id.replaceAll(/\d/g, '9');
  const explain = (value: string): string =>
    `EXPLAIN SELECT 1 FROM ${table.sql} WHERE ${identifier(tenant)} = ${literal(value)}::${type}`;
  const estimate = async (value: string): Promise<string> => {
    const answer = await stand.session.attempt(explain(value));
    return answer.ok ? (answer.rows.join('\n').match(/rows=\d+/g) ?? []).join(' ') : answer.code;
  };
  const [there, absent] = [await estimate(id), await estimate(nowhere)];
  stand.field.record.judge(
    {
      channel: 'statistics.explain',
      table: table.id,
      as: nameOf(stand),
      loginRole: stand.session.role,
      sql: explain(id),
      evidence: `estimates ${there} for a tenant that has rows, ${absent} for one that has none`,
      fix: 'PostgreSQL estimates before it checks, for leakproof operators: accept the channel by name, or give each tenant a database of its own.',
    },
    there !== absent,
  );
}
