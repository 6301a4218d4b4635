import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProverConfig } from './prover.ts';
import { readCatalog } from './src/prover/catalog/read-catalog.ts';
import { readFacts } from './src/prover/gates/facts.ts';
import { gates, runGates } from './src/prover/gates/run-gates.ts';
import { Record } from './src/prover/report/outcome.ts';
import { findLevels } from './src/prover/rows/levels.ts';
import { type Fixture, makeFixture, readSoundSchema, soundConfig } from './testing/fixture.ts';

let fixture: Fixture;
let client: pg.Client;
beforeAll(async () => {
  fixture = await makeFixture(await readSoundSchema());
  client = new pg.Client(fixture.target.administrator);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await fixture.drop();
});

/** What the gates say after one change, which is undone. */
async function gateAfter(sql: string, change: Partial<ProverConfig> = {}): Promise<string[]> {
  const config = soundConfig(fixture, change);
  const record = new Record([]);
  await client.query('BEGIN');
  try {
    await client.query(sql.replaceAll(':app', fixture.app).replaceAll(':database', fixture.database));
    const catalog = await readCatalog(client, config.ignoreSchemas);
    const facts = await readFacts(client, config.loginRoles, config.ignoreSchemas);
    runGates({ catalog, config, levels: findLevels(catalog, config.columns), facts }, record);
  } finally {
    await client.query('ROLLBACK');
  }
  return [...record.attempts('leaked'), ...record.attempts('not-run')].map(({ channel, table }) =>
    `${channel} ${table}`.replaceAll(fixture.app, ':app'),
  );
}

const definer = (rest: string): string =>
  `CREATE FUNCTION app.all_notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER ${rest}`;
const body = 'AS $$ SELECT count(*) FROM app.notes $$';

/** One broken thing for each gate. */
const broken: readonly [expected: string, sql: string][] = [
  ['gate.row-security app.notes', 'ALTER TABLE app.notes DISABLE ROW LEVEL SECURITY'],
  ['gate.forced app.notes', 'ALTER TABLE app.notes NO FORCE ROW LEVEL SECURITY'],
  ['gate.tenant-column app.extra', 'CREATE TABLE app.extra (id uuid PRIMARY KEY)'],
  ['gate.policy-missing app.notes', 'DROP POLICY one_tenant ON app.notes'],
  ['gate.policy-public app.notes', 'ALTER POLICY one_tenant ON app.notes TO PUBLIC'],
  [
    'gate.policy-tenant app.notes',
    // The text speaks of tenant_id, and the policy does not depend on the table's.
    'CREATE POLICY wide ON app.notes TO :app USING (EXISTS (SELECT FROM app.members m WHERE m.tenant_id = app.current_tenant()))',
  ],
  ['gate.key-tenant app.notes', 'CREATE UNIQUE INDEX bodies ON app.notes (body)'],
  ['gate.key-tenant app.notes', 'CREATE UNIQUE INDEX bodies ON app.notes (body) INCLUDE (tenant_id)'],
  ['gate.key-tenant app.notes', 'ALTER TABLE app.notes ADD EXCLUDE (body WITH =)'],
  ['gate.key-tenant app.extra', 'CREATE TABLE app.extra (tenant_id uuid)'],
  [
    'gate.foreign-key-tenant app.replies',
    'ALTER TABLE app.notes ADD UNIQUE (id); ALTER TABLE app.replies ADD FOREIGN KEY (note_id) REFERENCES app.notes (id)',
  ],
  ['gate.view-invoker app.note_list', 'ALTER VIEW app.note_list RESET (security_invoker)'],
  [
    'gate.view-invoker app.kept',
    'CREATE MATERIALIZED VIEW app.kept AS SELECT body FROM app.notes; GRANT SELECT ON app.kept TO :app',
  ],
  ['gate.definer-function app.all_notes', definer(`SET search_path = pg_catalog ${body}`)],
  ['gate.definer-search-path app.all_notes', definer(body)],
  ['gate.definer-search-path app.all_notes', definer(`SET search_path = "$user", public ${body}`)],
  ['gate.definer-public app.all_notes', `GRANT USAGE ON SCHEMA app TO :app_other; ${definer(body)}`],
  [
    'gate.immutable-context app.wrong',
    `CREATE FUNCTION app.wrong() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT current_setting('app.tenant_id') $$`,
  ],
  [
    'gate.leakproof app.wrong',
    'CREATE FUNCTION app.wrong(text) RETURNS boolean LANGUAGE sql LEAKPROOF AS $$ SELECT true $$',
  ],
  ['gate.role-posture :app', 'ALTER ROLE :app BYPASSRLS'],
  ['gate.role-posture :app', 'ALTER ROLE :app CREATEROLE'],
  ['gate.role-ownership :app', 'ALTER TABLE app.notes OWNER TO :app'],
  ['gate.role-membership :app', 'GRANT pg_read_all_data TO :app'],
  ['gate.temporary :app', 'GRANT TEMPORARY ON DATABASE :database TO :app'],
  ['gate.create :app', 'GRANT CREATE ON SCHEMA app TO :app'],
  ['gate.create :app', 'GRANT CREATE ON DATABASE :database TO :app'],
  ['gate.public-grants app.notes', 'GRANT SELECT ON app.notes TO PUBLIC'],
  ['gate.public-grants app.notes', 'GRANT SELECT (body) ON app.notes TO PUBLIC'],
  ['gate.beyond-rows app.notes', 'GRANT TRUNCATE ON app.notes TO :app'],
  ['gate.beyond-rows app.notes', 'GRANT REFERENCES ON app.notes TO :app'],
  ['gate.default-privileges app.*', 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO :app'],
  ['gate.undeclared-access app.settings', 'GRANT SELECT ON app.settings TO :app'],
];

describe('the gates', () => {
  it('say nothing of a sound schema', async () => {
    expect(await gateAfter('SELECT 1')).toEqual([]);
  });

  it.each(broken)('find %s after %s', async (expected, sql) => {
    expect(await gateAfter(sql)).toContain(expected);
  });

  it('find a column whose comment has not the form that was asked for', async () => {
    const columnComment = { pattern: '^class=', except: ['app.members', 'app.settings'] };
    expect(await gateAfter('SELECT 1', { columnComment })).toContain('gate.column-comment app.replies');
  });

  it('say that a role is missing instead of passing it', async () => {
    expect(await gateAfter('SELECT 1', { loginRoles: ['nobody_at_all'] })).toContain(
      'gate.role-posture nobody_at_all',
    );
  });

  it('each have a control above', () => {
    const controlled = new Set([...broken.map(([name]) => name.split(' ')[0]), 'gate.column-comment']);
    expect(gates.map((gate) => gate.name).filter((name) => !controlled.has(name))).toEqual([]);
  });

  it('let a declared definer function, policy and key pass', async () => {
    const declared = await gateAfter(
      `${definer(`SET search_path = pg_catalog ${body}`)}; CREATE UNIQUE INDEX bodies ON app.notes (body)`,
      {
        definerFunctions: [{ name: 'app.all_notes', reason: 'a test' }],
        sharedKeys: [{ name: 'app.notes: bodies', reason: 'a test' }],
      },
    );
    expect(declared).toEqual([]);
  });
});
