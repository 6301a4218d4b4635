import { setTimeout as sleep } from 'node:timers/promises';
import type { HostileEntry } from '../drivers/driver.ts';
import { reachOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { otherTenant } from '../rows/world.ts';
import { identifier } from '../sql.ts';

/** Ways into another tenant's context, each followed by a look at every table: there must be nothing to see. */
export async function attackEntries(stand: Stand): Promise<void> {
  const { driver, config } = stand.field;
  const rolledBack: HostileEntry[] =
    config.driver.kind === 'none' || stand.caller.name === stand.session.role
      ? []
      : [
          {
            name: 'rolled back with its savepoint',
            sql: () => [
              'SAVEPOINT inner_one',
              ...driver.enter(stand.session, stand.caller, otherTenant),
              'ROLLBACK TO SAVEPOINT inner_one',
            ],
          },
        ];
  for (const entry of [...driver.hostile(stand.session, stand.caller, otherTenant), ...rolledBack])
    await stand.session.inTransaction(async () => {
      await stand.session.run('SAVEPOINT entry');
      for (const sql of entry.sql())
        if (!(await stand.session.run(sql)).ok) {
          // Refused, and undone: there is no context that could be looked through.
          await stand.session.run('ROLLBACK TO SAVEPOINT entry');
          stand.field.record.held(channelOf(entry), '*');
          return;
        }
      if (entry.wait !== undefined) await sleep(entry.wait);
      await lookAround(stand, entry);
    });
}

const channelOf = (entry: HostileEntry): string =>
  `context.${entry.name.replaceAll(/[^A-Za-z]+/g, '-').toLowerCase()}`;

async function lookAround(stand: Stand, entry: HostileEntry): Promise<void> {
  const { field, session, rights } = stand;
  const channel = channelOf(entry);
  for (const { table } of field.rows.values()) {
    if (reachOf(field, table, session.role, null) === 'everything') continue;
    const [column] = rightsOn(rights, table).select;
    const select = `SELECT ${column === undefined ? '*' : identifier(column)} FROM ${table.sql}`;
    const answer = await session.attempt(select);
    const finding = { channel, table: table.id, as: session.role, loginRole: session.role };
    field.record.judge(
      {
        ...finding,
        sql: [...entry.sql(), select].join('; '),
        evidence: answer.ok ? `${answer.count} rows without a verified context` : '',
        fix: 'Let policies read a context that SQL cannot set: a seal verified by one definer function (cordon.enter), kept where login roles cannot write.',
      },
      answer.ok && answer.count > 0,
    );
  }
}
