import { enter, nameOf, type Stand } from '../field.ts';
import { otherTenant } from '../rows/world.ts';
import { AttackSession } from '../session.ts';
import { literal } from '../sql.ts';

const secret = 'mark-activity-probe';

/** Another session of the same login role works for the other tenant: what of its statement is to be seen? */
export async function probeActivity(stand: Stand): Promise<void> {
  const { field, session } = stand;
  if (!session.signedIn) {
    field.record.notRun(
      'activity.literal',
      '*',
      'needs a sign-in as the login role, which the administrator only impersonates',
      '',
      session.role,
    );
    return;
  }
  const victim = await AttackSession.open(field.target, session.role);
  try {
    for (const [channel, work] of [
      ['activity.literal', () => victim.run(`SELECT ${literal(secret)}`)],
      ['activity.bound', () => victim.runBound('SELECT $1::text', [secret])],
    ] as const)
      await victim.inTransaction(async () => {
        if ((await enter({ ...stand, session: victim }, otherTenant)) !== undefined) return;
        await work();
        await session.inTransaction(() => look(stand, channel, victim.target.backendPid));
      });
  } finally {
    await victim.close();
  }
}

async function look(stand: Stand, channel: string, pid: number): Promise<void> {
  const sql = `SELECT query FROM pg_stat_activity WHERE pid = ${pid}`;
  const answer = await stand.session.attempt(sql);
  stand.field.record.judge(
    {
      channel,
      table: '*',
      as: nameOf(stand),
      loginRole: stand.session.role,
      sql,
      evidence: "the text of another tenant's statement, with its values",
      fix: `ALTER ROLE ${stand.session.role} SET track_activities = off; and send values as bind parameters only.`,
    },
    answer.ok && answer.rows.flat().some((text) => text?.includes(secret)),
  );
}
