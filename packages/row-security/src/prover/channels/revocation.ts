import { callersOf, divide, enter, isDeclaredFor, nameOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { keepMemberships } from '../rows/memberships.ts';
import { home } from '../rows/world.ts';
import { identifier } from '../sql.ts';

/** A membership ends while its holder's transaction is open: the next statement must see nothing. */
export async function probeRevocation(stand: Stand): Promise<void> {
  const { field, session } = stand;
  const memberships = keepMemberships(field.admin, field.config, field.levels);
  if (!memberships) return;
  for (const caller of callersOf(field.config, session.role)) {
    if (caller.membership === undefined || caller.reach === 'nothing') continue;
    const own: Stand = { ...stand, caller };
    await memberships.during(caller, home, () =>
      session.inTransaction(async () => {
        if ((await enter(own)) !== undefined) return;
        await field.admin.query(memberships.revocation(caller, home));
        for (const found of field.rows.values()) {
          const [column] = rightsOn(stand.rights, found.table).select;
          // Tables that are declared wider than the caller's reach do not hang on its membership.
          const declared = isDeclaredFor(field, found.table, session.role);
          const isMembership = found.table.id === field.config.membership?.table;
          if (column === undefined || declared || isMembership || divide(own, found).own.length === 0)
            continue;
          const sql = `SELECT ${identifier(column)} FROM ${found.table.sql}`;
          const answer = await session.attempt(sql);
          field.record.judge(
            {
              channel: 'revocation',
              table: found.table.id,
              as: nameOf(own),
              loginRole: session.role,
              sql,
              evidence: 'rows are shown after the membership has ended',
              fix: 'Let policies read the memberships at each statement instead of trusting a list in the context.',
            },
            answer.ok && answer.count > 0,
          );
        }
      }),
    );
  }
}
