import { setTimeout as sleep } from 'node:timers/promises';
import { countMarkers, foreignMarkers } from '../attacks/find-markers.ts';
import { nameOf, type Stand } from '../field.ts';
import { insertOf } from '../rows/draft-row.ts';
import { otherTenant } from '../rows/world.ts';
import { AttackSession } from '../session.ts';
import { identifier } from '../sql.ts';

/** NOTIFY has no privileges: whoever is connected may listen to what triggers announce. */
export async function probeNotifications(stand: Stand): Promise<void> {
  const { field, session } = stand;
  const names = new Set(
    field.catalog.routines.flatMap(({ source }) =>
      [...source.matchAll(/pg_notify\s*\(\s*'([^']+)'|\bNOTIFY\s+"?(\w+)/gi)].map(
        (match) => match[1] ?? match[2] ?? '',
      ),
    ),
  );
  if (names.size === 0) {
    field.record.held('notify', '*');
    return;
  }
  const heard: string[] = [];
  // A session of its own, so that what it hears of others' attacks does not mix in.
  const listener = await AttackSession.open(field.target, session.role);
  try {
    listener.onNotification((payload) => heard.push(payload));
    for (const name of names) await listener.run(`LISTEN ${identifier(name)}`);
    const markers = foreignMarkers(stand);
    for (const { table, levels } of field.rows.values()) {
      const draft =
        levels.has('tenant') && table.parent === null
          ? await field.planter.draft(table, otherTenant, 'notify').catch(() => undefined)
          : undefined;
      if (!draft) continue;
      heard.length = 0;
      const insert = insertOf(table, draft);
      const made = await field.admin
        .query<{ ctid: string }>(`${insert} RETURNING ctid::text`)
        .catch(() => undefined);
      if (!made) continue;
      await field.admin.query(`DELETE FROM ${table.sql} WHERE ctid = '${made.rows[0]?.ctid ?? ''}'`);
      // The server signals listeners behind the commit; they are told with the answer to a later statement.
      for (let round = 0; round < 10 && heard.length === 0; round += 1) {
        await sleep(20);
        await listener.run('SELECT 1');
      }
      const shown = [...heard].filter(
        (payload) => payload.includes('notify') || countMarkers([[payload]], markers) > 0,
      );
      field.record.judge(
        {
          channel: 'notify',
          table: table.id,
          as: nameOf(stand),
          loginRole: session.role,
          sql: `LISTEN ${[...names].join(', ')}; -- then, by another tenant: ${insert}`,
          evidence: `${shown.length} notifications with another tenant's values`,
          fix: 'Notify without a payload, or with a random id that its own tenant alone can resolve.',
        },
        shown.length > 0,
      );
    }
  } finally {
    await listener.close();
  }
}
