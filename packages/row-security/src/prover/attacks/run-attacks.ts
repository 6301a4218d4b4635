import { callersOf, enter, type Field, nameOf, type Stand, widestCaller } from '../field.ts';
import { readRights } from '../rights.ts';
import { AttackSession } from '../session.ts';
import { runChannels } from '../channels/run-channels.ts';
import { attackRoutines, attackViews } from './call-routines.ts';
import { foreignMarkers } from './find-markers.ts';
import { attackEntries } from './hostile-entries.ts';
import { attackPreparedPlans } from './prepared-plans.ts';
import { attackReads } from './read-rows.ts';
import { attackWrites } from './write-rows.ts';

/** Attacks everything, as each login role in turn. */
export async function runAttacks(field: Field): Promise<void> {
  for (const role of field.config.loginRoles) {
    const session = await AttackSession.open(field.target, role);
    try {
      const rights = await readRights(field.admin, role, field.catalog.tables);
      for (const caller of callersOf(field.config, role)) await attackAs({ field, session, rights, caller });
      const widest: Stand = { field, session, rights, caller: widestCaller(field.config, role) };
      await attackEntries(widest);
      await attackPreparedPlans(widest);
      await runChannels(widest);
    } finally {
      await session.close();
    }
  }
}

/** Everything that one caller can try from within its own, valid context. */
async function attackAs(stand: Stand): Promise<void> {
  const { session, field, caller } = stand;
  const markers = foreignMarkers(stand);
  let own = 0;
  const reason = await session.inTransaction(async () => {
    const failed = await enter(stand);
    if (failed !== undefined) return `its context was refused: ${failed}`;
    for (const found of field.rows.values()) {
      if (found.rows.length === 0) continue;
      own += await attackReads(stand, found);
      await attackWrites(stand, found);
    }
    await attackViews(stand, markers);
    await attackRoutines(stand, markers);
    return undefined;
  });
  if (reason !== undefined) field.record.notRun('context.own', '*', reason, '', nameOf(stand));
  else if (
    own === 0 &&
    caller.reach !== 'nothing' &&
    [...stand.rights.values()].some((each) => each.select.length > 0)
  )
    // Nothing was visible at all: what looked like protection may be a context that never worked.
    field.record.notRun(
      'context.own',
      '*',
      `${caller.name} saw no row of its own, so its attacks prove nothing`,
      '',
      nameOf(stand),
    );
  else field.record.held('context.own', '*');
}
