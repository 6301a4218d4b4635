import { divide, enter, nameOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { home, otherTenant } from '../rows/world.ts';
import { identifier } from '../sql.ts';
import { countForeign } from './judge.ts';

/** Plans that were made in one tenant's context, executed in another's: a context folded into the plan shows the first one's rows. */
export async function attackPreparedPlans(stand: Stand): Promise<void> {
  const { field, session } = stand;
  const tables = [...field.rows.values()].filter(
    ({ table }) => rightsOn(stand.rights, table).select.length > 0,
  );
  await session.run('SET plan_cache_mode = force_generic_plan');
  const select = (place: number): string => {
    const { table } = tables[place] as (typeof tables)[number];
    const columns = rightsOn(stand.rights, table).select;
    return `SELECT ${columns.map((name) => `${identifier(name)}::text`).join(', ')} FROM ${table.sql}`;
  };
  const reason = await session.inTransaction(async () => {
    const failed = await enter(stand, home);
    for (const place of failed === undefined ? tables.keys() : [])
      await session.run(`PREPARE attack_${place} AS ${select(place)}; EXECUTE attack_${place}`);
    return failed;
  });
  if (reason !== undefined) field.record.notRun('rows.prepared-plan', '*', reason, '', nameOf(stand));
  else
    await session.inTransaction(async () => {
      await enter(stand, otherTenant);
      for (const [place, found] of tables.entries()) {
        const { own } = divide(stand, found, otherTenant);
        const columns = rightsOn(stand.rights, found.table).select;
        const places = columns.map((name) => found.table.columns.findIndex((column) => column.name === name));
        const answer = await session.attempt(`EXECUTE attack_${place}`);
        const beyond = answer.ok
          ? countForeign(
              answer.rows,
              own.map((row) => places.map((at) => row.values[at] ?? null)),
            )
          : 0;
        field.record.judge(
          {
            channel: 'rows.prepared-plan',
            table: found.table.id,
            as: nameOf(stand),
            loginRole: session.role,
            sql: `PREPARE p AS ${select(place)}; -- in one context, then in another: EXECUTE p`,
            evidence: `${beyond} rows of the context in which the plan was made`,
            fix: 'Declare the functions that policies call STABLE, not IMMUTABLE.',
          },
          beyond > 0,
        );
      }
    });
  await session.run('DEALLOCATE ALL');
  await session.run('RESET plan_cache_mode');
}
