import { countMarkers, foreignMarkers } from '../attacks/find-markers.ts';
import { enter, nameOf, type Stand } from '../field.ts';
import { rightsOn } from '../rights.ts';
import { home, idOf } from '../rows/world.ts';
import { identifier, literal } from '../sql.ts';

/** A condition that fails on others' rows and quotes them: it must never be evaluated before the policy. */
export async function probeErrorText(stand: Stand): Promise<void> {
  const { field, session } = stand;
  const markers = foreignMarkers(stand);
  const probe = async (name: string, sql: string, isView: boolean): Promise<void> => {
    const answer = await session.attempt(sql);
    const found = answer.ok ? 0 : countMarkers([[answer.message, answer.detail]], markers, sql);
    field.record.judge(
      {
        channel: 'errors.text',
        table: name,
        as: nameOf(stand),
        loginRole: session.role,
        sql,
        evidence: "an error message quotes another's row",
        fix: isView
          ? 'A view that filters by itself needs security_barrier; better: security_invoker over tables under row security.'
          : 'Put the table under row security: PostgreSQL then evaluates the policy before any function that is not leakproof.',
      },
      found > 0,
    );
  };
  await session.inTransaction(async () => {
    if ((await enter(stand)) !== undefined) return;
    for (const { table, levels } of field.rows.values()) {
      const tenant = levels.get('tenant');
      const { select } = rightsOn(stand.rights, table);
      const column =
        table.columns.find((each) => each.category === 'S' && each.notNull && select.includes(each.name)) ??
        table.columns.find(
          (each) => select.includes(each.name) && each.baseType === 'uuid' && each.name !== tenant,
        );
      if (tenant === undefined || !select.includes(tenant) || !column) continue;
      const own = literal(
        idOf('tenant', home, table.columns.find((each) => each.name === tenant)?.baseType ?? ''),
      );
      await probe(
        table.id,
        `SELECT 1 FROM ${table.sql} WHERE CASE ${identifier(tenant)}::text WHEN ${own} THEN false ELSE (${identifier(column.name)}::text || 'x')::integer = 1 END`,
        false,
      );
    }
    const own = literal(`%${idOf('tenant', home, field.levels.typeOf('tenant'))}%`);
    for (const view of field.catalog.views)
      await probe(
        view.id,
        `SELECT 1 FROM ${view.sql} AS v WHERE CASE WHEN v::text LIKE ${own} THEN false ELSE (v::text || 'x')::integer = 1 END`,
        true,
      );
  });
}
