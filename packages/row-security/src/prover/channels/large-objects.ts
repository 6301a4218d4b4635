import { enter, nameOf, type Stand } from '../field.ts';
import { home, otherTenant } from '../rows/world.ts';

/** Large objects belong to a role, not to a tenant, and know no policies. */
export async function probeLargeObjects(stand: Stand): Promise<void> {
  const { field, session } = stand;
  const write = `SELECT lo_from_bytea(0, 'mark-large-object')`;
  const finding = {
    channel: 'large-objects',
    table: '*',
    as: nameOf(stand),
    loginRole: session.role,
    evidence: 'bytes stored in one tenant’s context were read in another’s',
    fix: `As the administrator: REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_open(oid, integer), lo_get(oid), lo_get(oid, bigint, integer), lo_put(oid, bigint, bytea), lo_unlink(oid), loread(integer, integer), lowrite(integer, bytea) FROM PUBLIC.`,
  };
  let oid: string | null | undefined;
  await session.commit(async () => {
    if ((await enter(stand, otherTenant)) !== undefined) return;
    await session.run('SAVEPOINT large');
    const answer = await session.run(write);
    if (answer.ok) oid = answer.rows[0]?.[0];
    else await session.run('ROLLBACK TO SAVEPOINT large');
  });
  if (typeof oid !== 'string') {
    field.record.held(finding.channel, '*');
    return;
  }
  const read = `SELECT convert_from(lo_get(${oid}), 'UTF8')`;
  await session.inTransaction(async () => {
    await enter(stand, home);
    const answer = await session.attempt(read);
    field.record.judge({ ...finding, sql: `${write}; -- in another context: ${read}` }, answer.ok);
  });
  await field.admin.query(`SELECT lo_unlink(${oid})`);
}
