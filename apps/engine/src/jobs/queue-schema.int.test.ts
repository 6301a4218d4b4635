import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';

let stores: Awaited<ReturnType<typeof cloneStores>>;
let admin: pg.Pool;
const library = 'as_the_library_makes_it';
const ours = 'graphile_worker';

beforeAll(async () => {
  stores = await cloneStores(['clinical']);
  admin = new pg.Pool({ ...stores.admin('clinical'), max: 2 });
  admin.on('error', () => undefined);
  await runMigrations({ pgPool: admin, schema: library });
});
afterAll(async () => {
  await admin.end();
  await stores.drop();
});

/** What the library's statements depend on, by kind; names that PostgreSQL chose are left out. */
const questions: Readonly<Record<string, string>> = {
  columns: `SELECT c.relkind, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
      a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'v', 'c') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum`,
  indexes: `SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') FROM pg_indexes WHERE schemaname = $1 ORDER BY 1, 2`,
  checks: `SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = $1::regnamespace AND contype <> 'n' AND conname <> 'ids_only' ORDER BY 1, 2`,
  view: `SELECT pg_get_viewdef(($1 || '.jobs')::regclass)`,
  functions: `SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = $1::regnamespace ORDER BY proname`,
  migrations: `SELECT id, breaking FROM `,
};

async function ask(schema: string, name: string): Promise<string[]> {
  const text = questions[name] ?? '';
  const { rows } =
    name === 'migrations'
      ? await admin.query({
          text: `${text}${pg.escapeIdentifier(schema)}.migrations ORDER BY id`,
          rowMode: 'array',
        })
      : await admin.query({ text, values: [schema], rowMode: 'array' });
  return rows.map((row) => JSON.stringify(row).replaceAll(library, ours));
}

it.each(Object.keys(questions))(
  'the queue of the clinical store has the %s that the installed library makes',
  async (name) => {
    const made = await ask(library, name);
    expect(made.length).toBeGreaterThan(0);
    expect(await ask(ours, name)).toEqual(made);
  },
);

it.each([
  ['text of people', '{"tenantId":"00000000-0000-0000-0000-000000000001","note":"Petra Patientson"}'],
  ['nothing', '{}'],
  ['a list', '["00000000-0000-0000-0000-000000000001"]'],
])('the queue takes ids alone: not %s', async (_what, payload) => {
  await expect(admin.query("SELECT graphile_worker.add_job('probe', $1)", [payload])).rejects.toMatchObject({
    code: '23514',
  });
});

it('the queue is reached by the jobs’ login role and by no other', async () => {
  const { rows } = await admin.query<{ roles: string[] }>(
    `SELECT array_agg(DISTINCT r.rolname::text) AS roles FROM pg_roles r, pg_class c
     WHERE r.rolcanlogin AND NOT r.rolsuper AND c.relnamespace = 'graphile_worker'::regnamespace AND c.relkind IN ('r', 'v')
       AND has_schema_privilege(r.oid, 'graphile_worker', 'USAGE')
       AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')`,
  );
  expect(rows[0]?.roles).toEqual(['engine_jobs']);
});
