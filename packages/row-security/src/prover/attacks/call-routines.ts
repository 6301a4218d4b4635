import type { Routine } from '../catalog/types.ts';
import { nameOf, type Stand } from '../field.ts';
import { idOf, otherTenant } from '../rows/world.ts';
import { literal } from '../sql.ts';
import { countMarkers, type Markers } from './find-markers.ts';
import { strike } from './judge.ts';

const mostCalls = 6;

/** Views run with somebody's rights; whose, the attack shows. */
export async function attackViews(stand: Stand, markers: Markers): Promise<void> {
  for (const view of stand.field.catalog.views)
    await strike(stand, {
      channel: 'rows.view',
      table: view.id,
      sql: `SELECT v::text FROM ${view.sql} AS v`,
      fix: `ALTER VIEW ${view.sql} SET (security_invoker = true); a materialized view needs a table under row security in its place.`,
      foreign: (answer) => countMarkers(answer.rows, markers),
    });
}

/** Calls every function that the role may call, with the ids of the other tenant. */
export async function attackRoutines(stand: Stand, markers: Markers): Promise<void> {
  const { catalog, record } = stand.field;
  for (const routine of catalog.routines.filter((each) => !each.returnsTrigger)) {
    const calls = callsOf(stand, routine);
    if (calls.length === 0)
      record.notRun(
        'rows.function',
        routine.id,
        `no arguments are known for ${routine.signature}`,
        '',
        nameOf(stand),
      );
    for (const sql of calls) {
      const answer = await stand.session.attempt(sql);
      const finding = {
        channel: 'rows.function',
        table: routine.id,
        as: nameOf(stand),
        loginRole: stand.session.role,
        sql,
      };
      // A refusal of any kind shows no row; its text is looked at as well.
      const shown = answer.ok ? answer.rows : [[answer.message, answer.detail]];
      const found = countMarkers(shown, markers, sql);
      record.judge(
        {
          ...finding,
          evidence: `${found} values of others' rows`,
          fix: `Make ${routine.signature} SECURITY INVOKER, or let it compare the tenant with the verified context; REVOKE EXECUTE … FROM PUBLIC.`,
        },
        found > 0,
      );
    }
  }
}

function callsOf(stand: Stand, routine: Routine): string[] {
  const { levels } = stand.field;
  const ids = (type: string): string[] =>
    (['tenant', 'patient', 'clinic'] as const)
      .filter((level) => levels.typeOf(level) === type)
      .map((level) => idOf(level, otherTenant, type));
  const known = (type: string): string[] => {
    if (type === 'uuid' || /^(integer|bigint)$/.test(type))
      return [...ids(type), type === 'uuid' ? '00000000-0000-4000-8000-000000000000' : '1'];
    const values: Readonly<Record<string, readonly string[]>> = {
      text: [...ids('text'), 'probe', '%'],
      boolean: ['true', 'false'],
      bytea: ['\\x00'],
      jsonb: ['[]'],
      json: ['[]'],
      numeric: ['1'],
      smallint: ['1'],
      regclass: [stand.field.catalog.tables[0]?.sql ?? 'pg_class'],
      date: ['2020-01-01'],
      interval: ['1 day', '20 years'],
      inet: ['127.0.0.1'],
      name: ['probe'],
      'character varying': ['probe'],
      'double precision': ['1'],
      'timestamp without time zone': ['2020-01-01'],
      oid: ['0'],
      'timestamp with time zone': ['2020-01-01'],
    };
    // An empty list is an argument of whatever its elements are.
    return [...(values[type] ?? (type.endsWith('[]') ? ['{}'] : []))];
  };
  const lists = routine.argumentTypes.map((type) => known(type).map((value) => `${literal(value)}::${type}`));
  if (lists.some((list) => list.length === 0)) return [];
  const calls: string[] = [];
  for (let round = 0; round < mostCalls; round += 1) {
    const given = lists.map((list) => list[round % list.length]).join(', ');
    const sql =
      routine.kind === 'p'
        ? `CALL ${routine.sql}(${given})`
        : `SELECT r::text FROM ${routine.sql}(${given}) AS r`;
    if (!calls.includes(sql)) calls.push(sql);
  }
  return calls;
}
