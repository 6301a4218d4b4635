import { enter, nameOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { insertOf } from '../rows/draft-row.ts';
import { home } from '../rows/world.ts';
import { identifier, literal } from '../sql.ts';

/** A counter that all tenants share tells each of them how much the others do. */
export async function probeSequences(stand: Stand): Promise<void> {
  const { field, session } = stand;
  const tell = (table: string, sql: string, leaked: boolean): void => {
    field.record.judge(
      {
        channel: 'oracle.sequence',
        table,
        as: nameOf(stand),
        loginRole: session.role,
        sql,
        evidence: 'a number that counts the rows of all tenants',
        fix: 'Use random identifiers (uuid DEFAULT gen_random_uuid()), and REVOKE ALL ON SEQUENCE from the login roles.',
      },
      leaked,
    );
  };
  await session.inTransaction(async () => {
    if ((await enter(stand)) !== undefined) return;
    for (const sequence of field.catalog.sequences)
      for (const sql of [
        `SELECT last_value FROM ${sequence.sql}`,
        `SELECT nextval(${literal(sequence.sql)})`,
      ])
        tell(sequence.ownedBy ?? sequence.id, sql, (await session.attempt(sql)).ok);
    for (const { table, levels } of field.rows.values()) {
      const counted = table.columns.find(
        (each) => each.identity !== '' || /nextval/.test(each.defaultText ?? ''),
      );
      if (!counted || !levels.has('tenant') || rightsOn(stand.rights, table).insert.length === 0) continue;
      const draft = await field.planter.draft(table, home, 'sequence').catch(() => undefined);
      if (!draft) continue;
      const sql = `${insertOf(table, draft)} RETURNING ${identifier(counted.name)}`;
      tell(table.id, sql, (await session.attempt(sql)).ok);
    }
  });
}
