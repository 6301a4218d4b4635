import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { inject } from 'vitest';
import '../../../testing/cluster.ts';
import type { ProverConfig } from '../src/prover/config.ts';
import type { Target } from '../src/prover/session.ts';

/** A database of a test's own, with one login role that nobody else uses. */
export interface Fixture {
  readonly target: Target;
  readonly app: string;
  readonly database: string;
  /** Runs SQL as the administrator; `:app` and `:database` stand for the names. */
  readonly apply: (sql: string) => Promise<void>;
  readonly drop: () => Promise<void>;
}

export async function makeFixture(...sql: readonly string[]): Promise<Fixture> {
  const info = inject('testCluster');
  const database = `prover_${randomBytes(5).toString('hex')}`;
  const app = `${database}_app`;
  const server = { host: 'localhost', port: info.port, ...info.administrator, ssl: { ca: info.authority } };
  const administrator = { ...server, database };
  const asAdministrator = async (config: pg.ClientConfig, text: string): Promise<void> => {
    const client = new pg.Client(config);
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  const apply = (text: string): Promise<void> =>
    asAdministrator(administrator, text.replaceAll(':app', app).replaceAll(':database', database));
  await asAdministrator({ ...server, database: 'postgres' }, `CREATE DATABASE ${database}`);
  await asAdministrator(
    { ...server, database: 'postgres' },
    `CREATE ROLE ${app} LOGIN; REVOKE ALL ON DATABASE ${database} FROM PUBLIC; GRANT CONNECT ON DATABASE ${database} TO ${app}`,
  );
  await apply('CREATE SCHEMA extensions; CREATE EXTENSION btree_gist SCHEMA extensions');
  for (const text of sql) await apply(text);
  return {
    target: { administrator },
    app,
    database,
    apply,
    drop: () =>
      asAdministrator({ ...server, database: 'postgres' }, `DROP DATABASE ${database} WITH (FORCE)`).then(
        () => asAdministrator({ ...server, database: 'postgres' }, `DROP ROLE ${app}`),
      ),
  };
}

/** The configuration of a schema that keeps its tenant in a setting; parts may be replaced. */
export function settingConfig(app: string, change: Partial<ProverConfig> = {}): ProverConfig {
  return {
    name: 'fixture',
    columns: { tenant: 'tenant_id', patient: 'patient_id' },
    loginRoles: [app],
    driver: { kind: 'setting', settings: { 'app.tenant_id': '$tenant' } },
    callers: [{ name: 'tenant', loginRoles: [app], reach: 'tenant' }],
    withoutTenant: [],
    reaches: [],
    accepted: [],
    definerFunctions: [],
    openPolicies: [],
    sharedKeys: [],
    generators: {},
    ignoreSchemas: ['extensions'],
    ...change,
  };
}

export const readNaiveSchema = (): Promise<string> =>
  readFile(new URL('naive-schema.sql', import.meta.url), 'utf8');
