import { setTimeout as sleep } from 'node:timers/promises';
import { keyedBy } from '../attacks/keyed-by.ts';
import { callersOf, divide, enter, isDeclaredFor, nameOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { keepMemberships } from '../rows/memberships.ts';
import type { Row, TableRows } from '../rows/snapshot.ts';
import { home, idOf, otherClinic, otherTenant } from '../rows/world.ts';
import { identifier, literal } from '../sql.ts';

/**
 * SELECT … FOR UPDATE waits for a row that changes owner meanwhile. PostgreSQL then looks at the newest version of the row, but at
 * an older snapshot of all that the policy's sub-queries read (CREATE POLICY, "Notes").
 */
export async function probeRowLocks(stand: Stand): Promise<void> {
  const { field } = stand;
  const memberships = keepMemberships(field.admin, field.config, field.levels);
  for (const caller of callersOf(field.config, stand.session.role)) {
    const own: Stand = { ...stand, caller };
    const usable = [...field.rows.values()].filter((each) => isUsable(own, each));
    // One that can be moved shows both races.
    const found = usable.find((each) => moveOf(own, each, divide(own, each).own[0])) ?? usable[0];
    const row = found && divide(own, found).own[0];
    const where = found && row && keyedBy(found.table, [row]);
    if (!found || where === undefined) continue;
    const move = moveOf(own, found, row);
    if (move)
      await race(own, found, { channel: 'race.moved', where, change: [move.away], undo: [move.back] });
    if (memberships && caller.membership) {
      const change = [memberships.revocation(caller, home), touch(found, where)];
      await memberships.during(caller, home, () =>
        race(own, found, { channel: 'race.revoked', where, change, undo: [] }),
      );
    }
  }
}

function isUsable(stand: Stand, found: TableRows): boolean {
  const rights = rightsOn(stand.rights, found.table);
  return (
    found.levels.has('tenant') &&
    rights.select.length > 0 &&
    rights.update.length > 0 &&
    found.table.parent === null &&
    stand.caller.reach !== 'nothing' &&
    !isDeclaredFor(stand.field, found.table, stand.session.role) &&
    found.table.id !== stand.field.config.membership?.table &&
    divide(stand, found).own.length > 0
  );
}

/** A change that takes the row out of the caller's reach, where no key of the table stands in the way. */
function moveOf(
  { caller }: Stand,
  { table, levels }: TableRows,
  row: Row | undefined,
): { away: string; back: string } | undefined {
  const level = levels.has('clinic') && caller.reach !== 'tenant' ? 'clinic' : 'tenant';
  const name = levels.get(level);
  const bound = table.foreignKeys.some((key) => key.columns.includes(name ?? '') && key.columns.length > 2);
  const key = table.keys.find((each) => each.kind === 'p');
  if (!row || name === undefined || bound || key?.columns.includes(name)) return undefined;
  const where = keyedBy(table, [row]) ?? 'false';
  const type = table.columns.find((column) => column.name === name)?.baseType ?? 'uuid';
  const set = (value: string): string =>
    `UPDATE ${table.sql} SET ${identifier(name)} = ${literal(value)}::${type} WHERE ${where}`;
  return {
    away: set(idOf(level, level === 'clinic' ? otherClinic : otherTenant, type)),
    back: set(idOf(level, home, type)),
  };
}

function touch({ table, levels }: TableRows, where: string): string {
  const name = identifier(levels.get('tenant') ?? '');
  return `UPDATE ${table.sql} SET ${name} = ${name} WHERE ${where}`;
}

interface Race {
  readonly channel: string;
  readonly where: string;
  readonly change: readonly string[];
  readonly undo: readonly string[];
}

async function race(
  stand: Stand,
  { table }: TableRows,
  { channel, where, change, undo }: Race,
): Promise<void> {
  const { field, session } = stand;
  const [column = ''] = rightsOn(stand.rights, table).select;
  const sql = `SELECT ${identifier(column)} FROM ${table.sql} WHERE ${where} FOR UPDATE`;
  await session.inTransaction(async () => {
    if ((await enter(stand)) !== undefined) return;
    if (!(await session.attempt(sql)).ok) return;
    await field.admin.query('BEGIN');
    let waiting: ReturnType<typeof session.attempt> | undefined;
    try {
      for (const statement of change) await field.admin.query(statement);
      waiting = session.attempt(sql);
      await untilBlocked(stand);
      await field.admin.query('COMMIT');
    } catch (error) {
      await field.admin.query('ROLLBACK');
      field.record.notRun(
        channel,
        table.id,
        error instanceof Error ? error.message : String(error),
        change.join('; '),
      );
    }
    const answer = await waiting;
    if (!answer) return;
    field.record.judge(
      {
        channel,
        table: table.id,
        as: nameOf(stand),
        loginRole: session.role,
        sql: `${sql} -- while another session commits: ${change.join('; ')}`,
        evidence: 'a row was locked and shown that its new owner has not shared',
        fix: 'Have the change of rights take a lock that readers of the policy take too (SELECT … FOR SHARE in the policy), or accept the moment by name.',
      },
      answer.ok && answer.count > 0,
    );
  });
  for (const statement of undo) await field.admin.query(statement);
}

/** Until the attacker stands at the lock, or did not need to. */
async function untilBlocked({ field, session }: Stand): Promise<void> {
  const end = Date.now() + 2000;
  while (Date.now() < end) {
    const found = await field.admin.query(
      `SELECT FROM pg_locks WHERE pid = ${session.target.backendPid} AND NOT granted`,
    );
    if ((found.rowCount ?? 0) > 0) return;
    await sleep(20);
  }
}
