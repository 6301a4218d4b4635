import type pg from 'pg';
import type { CallerConfig, ProverConfig } from '../config.ts';
import { makeWords } from '../drivers/words.ts';
import { identifier, literal } from '../sql.ts';
import type { LevelMap } from './levels.ts';
import type { Scope } from './world.ts';

/** The rows that make callers members; made and ended by the administrator. */
export interface Memberships {
  readonly grant: (caller: CallerConfig, scope: Scope) => Promise<void>;
  /** Runs `work`, which may revoke, and brings the row back as it was. */
  readonly during: (caller: CallerConfig, scope: Scope, work: () => Promise<void>) => Promise<void>;
  /** SQL that revokes. */
  readonly revocation: (caller: CallerConfig, scope: Scope) => string;
}

export function keepMemberships(
  client: pg.ClientBase,
  config: ProverConfig,
  levels: LevelMap,
): Memberships | undefined {
  const { membership } = config;
  if (!membership) return undefined;
  const words = makeWords(levels);
  const table = membership.table.split('.').map(identifier).join('.');
  const valuesOf = (caller: CallerConfig, scope: Scope): [string, string | null][] =>
    Object.entries(membership.values).map(([name, template]) => [name, words(template, caller, scope)]);
  const where = (caller: CallerConfig, scope: Scope): string =>
    valuesOf(caller, scope)
      .map(([name, value]) => `${identifier(name)} ${value === null ? 'IS NULL' : `= ${literal(value)}`}`)
      .join(' AND ');
  const revocation = (caller: CallerConfig, scope: Scope): string =>
    `UPDATE ${table} SET ${membership.revoke} WHERE ${where(caller, scope)}`;
  return {
    revocation,
    grant: async (caller, scope) => {
      const values = valuesOf(caller, scope);
      await client.query(
        `INSERT INTO ${table} (${values.map(([name]) => identifier(name)).join(', ')}) VALUES (${values.map(([, value]) => literal(value)).join(', ')})`,
      );
    },
    during: async (caller, scope, work) => {
      const { rows } = await client.query<{ row: string }>(
        `SELECT m::text AS row FROM ${table} AS m WHERE ${where(caller, scope)}`,
      );
      try {
        await work();
      } finally {
        await client.query(`DELETE FROM ${table} WHERE ${where(caller, scope)}`);
        for (const { row } of rows)
          await client.query(`INSERT INTO ${table} SELECT (${literal(row)}::${table}).*`);
      }
    },
  };
}
