import { countMarkers, foreignMarkers } from '../attacks/find-markers.ts';
import { divide, enter, nameOf, reachOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { home, otherTenant } from '../rows/world.ts';
import { identifier } from '../sql.ts';

/** A connection goes back to the pool and serves another tenant: what of the first one's is still on it? */
export async function probeResidue(stand: Stand): Promise<void> {
  const { field, session } = stand;
  const found = [...field.rows.values()].find(
    (each) =>
      each.levels.has('tenant') &&
      rightsOn(stand.rights, each.table).select.length > 0 &&
      reachOf(field, each.table, session.role, stand.caller) !== 'everything' &&
      divide(stand, each, otherTenant).own.length > 0,
  );
  if (!found) return;
  const { table } = found;
  const columns = rightsOn(stand.rights, table)
    .select.map((name) => `${identifier(name)}::text`)
    .join(', ');
  const select = `SELECT concat_ws(' ', ${columns}) AS kept FROM ${table.sql}`;
  const leftovers = [
    ['residue.cursor', `DECLARE kept CURSOR WITH HOLD FOR ${select}`, 'FETCH ALL FROM kept'],
    [
      'residue.setting',
      `SELECT set_config('probe.kept', (SELECT string_agg(kept, ' ') FROM (${select}) AS k), false)`,
      `SELECT current_setting('probe.kept', true)`,
    ],
    ['residue.temporary-table', `CREATE TEMP TABLE kept AS ${select}`, 'SELECT kept FROM pg_temp.kept'],
    ['residue.prepared-statement', `PREPARE kept AS ${select}`, 'EXECUTE kept'],
  ] as const;
  await session.commit(async () => {
    if ((await enter(stand, otherTenant)) !== undefined) return;
    for (const [, leave] of leftovers) {
      await session.run('SAVEPOINT residue');
      if (!(await session.run(leave)).ok) await session.run('ROLLBACK TO SAVEPOINT residue');
    }
  });
  if (field.config.resetOnRelease !== undefined) await session.reset(field.config.resetOnRelease);
  const tell = (channel: string, sql: string, leaked: boolean): void => {
    field.record.judge(
      {
        channel,
        table: '*',
        as: nameOf(stand),
        loginRole: session.role,
        sql,
        evidence: 'what one request left on its connection was there in the next, for another tenant',
        fix: 'Let the pool run DISCARD ALL when a connection goes back, or keep a connection to one tenant; enter contexts with SET LOCAL only.',
      },
      leaked,
    );
  };
  const markers = foreignMarkers(stand);
  await session.inTransaction(async () => {
    const before = await session.attempt(select);
    tell('residue.context', `${select} -- behind COMMIT, without a context`, before.ok && before.count > 0);
    await enter(stand, home);
    for (const [channel, leave, take] of leftovers) {
      const answer = await session.attempt(take);
      // A prepared statement holds no row; that its name still stands lets one request answer another's EXECUTE.
      const leaked =
        answer.ok && (channel === 'residue.prepared-statement' || countMarkers(answer.rows, markers) > 0);
      tell(channel, `${leave}; -- in the next request: ${take}`, leaked);
    }
  });
  await session.reset('DISCARD ALL');
}
