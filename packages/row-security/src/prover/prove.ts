import type pg from 'pg';
import { runAttacks } from './attacks/run-attacks.ts';
import { differencesOf, takeFingerprint } from './catalog/fingerprint.ts';
import { readCatalog } from './catalog/read-catalog.ts';
import type { Catalog } from './catalog/types.ts';
import type { ProverConfig } from './config.ts';
import { makeDriver } from './drivers/make-driver.ts';
import { ProverError } from './error.ts';
import { readFacts } from './gates/facts.ts';
import { runGates } from './gates/run-gates.ts';
import { Record } from './report/outcome.ts';
import { findLevels, type LevelMap } from './rows/levels.ts';
import { keepMemberships } from './rows/memberships.ts';
import { Planter } from './rows/plant-rows.ts';
import { takeSnapshot } from './rows/snapshot.ts';
import { home, otherTenant } from './rows/world.ts';
import { openClient, type Target } from './session.ts';

export interface ProveOptions {
  readonly config: ProverConfig;
  /** A database that may be filled and attacked. Its rows do not matter to anybody. */
  readonly scratch: Target;
  /** The database that people work with: compared and read, never written. */
  readonly live?: pg.ClientConfig;
  /** For acceptances that end; default: now. */
  readonly now?: Date;
}

export interface Proof {
  readonly name: string;
  readonly database: string;
  /** The digest of all that decides who sees what. */
  readonly fingerprint: string;
  /** Whether a live database was compared and read as well. */
  readonly live: string | null;
  readonly record: Record;
}

/**
 * Fills a scratch database, attacks it as every login role, and runs the catalog gates on it and on the live one.
 * Throws `ProverError` when no proof can be made; what leaks is in the record.
 */
export async function prove(options: ProveOptions): Promise<Proof> {
  const { config } = options;
  const record = new Record(config.accepted, options.now);
  const admin = await openClient(options.scratch.administrator, 'the administrator of the scratch database');
  try {
    await requirePower(admin);
    if (options.live) await requireAnother(admin, options.live);
    const fingerprint = await takeFingerprint(admin, config.ignoreSchemas);
    const live = options.live ? await gateLive(options.live, config, fingerprint, record) : null;
    const catalog = await readCatalog(admin, config.ignoreSchemas);
    const levels = findLevels(catalog, config.columns);
    const facts = await readFacts(admin, config.loginRoles, config.ignoreSchemas);
    const missing = facts.roles.filter((role) => !role.exists).map((role) => role.name);
    if (missing.length > 0)
      throw new ProverError(
        'prover-role-missing',
        `The server has no role ${missing.join(', ')}: create it, or correct loginRoles.`,
      );
    await requireNoRows(admin, catalog, levels);
    if (live === null) runGates({ catalog, config, levels, facts }, record);
    await plantAndAttack(admin, catalog, options, record);
    return { name: config.name, database: catalog.database, fingerprint: fingerprint.digest, live, record };
  } finally {
    await admin.end();
  }
}

async function plantAndAttack(
  admin: pg.Client,
  catalog: Catalog,
  { config, scratch }: ProveOptions,
  record: Record,
): Promise<void> {
  const levels = findLevels(catalog, config.columns);
  const planter = new Planter(admin, catalog, config, levels);
  for (const [table, reason] of await planter.plant()) record.notRun('rows.planted', table, reason);
  const memberships = keepMemberships(admin, config, levels);
  for (const caller of config.callers.filter((each) => each.membership !== undefined))
    for (const scope of [home, otherTenant]) await memberships?.grant(caller, scope);
  // What a materialized view shows is what was there when it was filled.
  for (const view of catalog.views.filter((each) => each.materialized))
    await admin.query(`REFRESH MATERIALIZED VIEW ${view.sql}`);
  await admin.query('ANALYZE');
  const rows = await takeSnapshot(admin, catalog, levels);
  for (const [id, found] of rows)
    if (found.rows.length > 0) record.held('rows.planted', id);
    else if (found.table.parent === null)
      record.notRun('rows.planted', id, 'it holds no row, so attacks on it would prove nothing');
  await runAttacks({
    config,
    catalog,
    levels,
    planter,
    rows,
    driver: makeDriver(config.driver, levels),
    record,
    admin,
    target: scratch,
  });
}

/** Compares the live database and runs the gates on it, in one read-only transaction. */
async function gateLive(
  address: pg.ClientConfig,
  config: ProverConfig,
  scratch: Awaited<ReturnType<typeof takeFingerprint>>,
  record: Record,
): Promise<string> {
  const client = await openClient(address, 'the reader of the live database');
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const fingerprint = await takeFingerprint(client, config.ignoreSchemas);
    if (fingerprint.digest !== scratch.digest) {
      const names = differencesOf(fingerprint, scratch);
      throw new ProverError(
        'prover-fingerprint-differs',
        `The scratch database is not made like the live one, so attacks on it would prove nothing: ${names.length} differences, among them ` +
          `${names.slice(0, 5).join('; ')}. Apply the same migrations and grants to both.`,
        { detail: names.join('\n') },
      );
    }
    const catalog = await readCatalog(client, config.ignoreSchemas);
    const facts = await readFacts(client, config.loginRoles, config.ignoreSchemas);
    runGates({ catalog, config, levels: findLevels(catalog, config.columns), facts }, record);
    await client.query('ROLLBACK');
    return catalog.database;
  } finally {
    await client.end();
  }
}

/** Rows of every tenant are planted past the policies. Says which right is missing for it. */
async function requirePower(admin: pg.ClientBase): Promise<void> {
  const { rows } = await admin.query<{ name: string; super: string }>(
    'SELECT rolname AS name, rolsuper AS super FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.super !== 't')
    throw new ProverError(
      'prover-may-not-plant',
      `The role ${rows[0]?.name ?? ''} cannot prepare the scratch database: it needs SUPERUSER there, to plant rows of every tenant past row ` +
        'security and to become each login role. A throw-away server is the place for it.',
    );
}

/** What stands in a tenant's table may be somebody's: a scratch database begins without rows. */
async function requireNoRows(admin: pg.ClientBase, catalog: Catalog, levels: LevelMap): Promise<void> {
  for (const table of catalog.tables.filter(
    (each) => each.kind !== 'f' && levels.of(each.id).has('tenant'),
  )) {
    const { rowCount } = await admin.query(`SELECT FROM ${table.sql} LIMIT 1`);
    if ((rowCount ?? 0) > 0)
      throw new ProverError(
        'prover-scratch-unsafe',
        `The scratch database has rows in ${table.id}: give one that was made for this and holds the schema alone.`,
      );
  }
}

async function requireAnother(admin: pg.ClientBase, live: pg.ClientConfig): Promise<void> {
  const identity = `SELECT pg_postmaster_start_time()::text || (SELECT oid FROM pg_database WHERE datname = current_database())::text AS name`;
  const own = await admin.query<{ name: string }>(identity);
  const client = await openClient(live, 'the reader of the live database');
  try {
    const other = await client.query<{ name: string }>(identity);
    if (own.rows[0]?.name === other.rows[0]?.name)
      throw new ProverError(
        'prover-scratch-unsafe',
        'The scratch database and the live one are the same: attacks write, so give a database of their own.',
      );
  } finally {
    await client.end();
  }
}
