import { nameOf, type Stand } from '../field.ts';
import { identifier } from '../sql.ts';

/** What the role can make stays after its request, and may stand in the way of names that others resolve. */
export async function probeObjects(stand: Stand): Promise<void> {
  const { session, field } = stand;
  const schemas = [...new Set([...field.catalog.tables.map((table) => table.schema), 'public'])];
  const attempts: [string, string, string][] = [
    ['objects.temporary', '*', 'CREATE TEMP TABLE probe_kept (id integer)'],
    ['objects.temporary', '*', 'CREATE TEMP SEQUENCE probe_kept_seq'],
    ['objects.create', '*', 'CREATE SCHEMA probe_made'],
    ...schemas.flatMap((schema): [string, string, string][] => [
      ['objects.create', schema, `CREATE TABLE ${identifier(schema)}.probe_made (id integer)`],
      [
        'objects.create',
        schema,
        `CREATE FUNCTION ${identifier(schema)}.probe_made() RETURNS integer LANGUAGE sql RETURN 1`,
      ],
    ]),
  ];
  await session.inTransaction(async () => {
    for (const [channel, table, sql] of attempts) {
      const answer = await session.attempt(sql);
      field.record.judge(
        {
          channel,
          table,
          as: nameOf(stand),
          loginRole: session.role,
          sql,
          evidence: 'the object was made',
          fix:
            channel === 'objects.temporary'
              ? 'REVOKE TEMPORARY ON DATABASE … FROM PUBLIC.'
              : 'REVOKE CREATE ON SCHEMA … FROM PUBLIC and from the login roles; REVOKE CREATE ON DATABASE likewise.',
        },
        answer.ok,
      );
    }
  });
}
