import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { inject } from 'vitest';
import '../../../testing/cluster.ts';
import type { ProverConfig } from '../src/prover/config.ts';
import type { Proof } from '../src/prover/prove.ts';
import type { Target } from '../src/prover/session.ts';

/** A database of a test's own, with one login role that nobody else uses. */
export interface Fixture {
  readonly target: Target;
  readonly app: string;
  /** A second one, `:app_other` in SQL. */
  readonly other: string;
  readonly database: string;
  /** Runs SQL as the administrator; `:app` and `:database` stand for the names. */
  readonly apply: (sql: string) => Promise<void>;
  /** A second database made like this one, which goes with it. */
  readonly copy: () => Promise<pg.ClientConfig>;
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
  const maintain = (text: string): Promise<void> =>
    asAdministrator({ ...server, database: 'postgres' }, text);
  const apply = (text: string): Promise<void> =>
    asAdministrator(administrator, text.replaceAll(':app', app).replaceAll(':database', database));
  await maintain(`CREATE DATABASE ${database}`);
  await maintain(
    `CREATE ROLE ${app} LOGIN; CREATE ROLE ${app}_other LOGIN; REVOKE ALL ON DATABASE ${database} FROM PUBLIC; GRANT CONNECT ON DATABASE ${database} TO ${app}, ${app}_other`,
  );
  await apply('CREATE SCHEMA extensions; CREATE EXTENSION btree_gist SCHEMA extensions');
  for (const text of sql) await apply(text);
  const copied = `${database}_copy`;
  return {
    target: { administrator },
    app,
    other: `${app}_other`,
    database,
    apply,
    copy: async () => {
      await maintain(`CREATE DATABASE ${copied} TEMPLATE ${database}`);
      return { ...server, database: copied };
    },
    drop: async () => {
      for (const each of [copied, database]) await maintain(`DROP DATABASE IF EXISTS ${each} WITH (FORCE)`);
      await maintain(`DROP ROLE ${app}, ${app}_other`);
    },
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

export const readSoundSchema = (): Promise<string> =>
  readFile(new URL('sound-schema.sql', import.meta.url), 'utf8');

/** The configuration of the sound schema. */
export function soundConfig({ app, other }: Fixture, change: Partial<ProverConfig> = {}): ProverConfig {
  return settingConfig(app, {
    loginRoles: [app, other],
    driver: { kind: 'setting', settings: { 'app.tenant_id': '$tenant', 'app.member': '$subject' } },
    callers: [{ name: 'member', loginRoles: [app], reach: 'tenant', membership: 'tenant' }],
    membership: {
      table: 'app.members',
      values: { tenant_id: '$tenant', account_id: '$subject' },
      revoke: 'ended_at = now()',
    },
    reaches: [
      {
        tables: ['app.members'],
        loginRoles: [app],
        reach: 'nothing',
        reason: 'a member sees its own membership',
      },
    ],
    withoutTenant: [{ name: 'app.settings', loginRoles: [], reason: 'of the whole installation' }],
    ...change,
  });
}

/** `channel table` of everything that leaked. */
export const leaksOf = ({ record }: Proof): string[] => [
  ...new Set(record.attempts('leaked').map(({ channel, table }) => `${channel} ${table}`)),
];
