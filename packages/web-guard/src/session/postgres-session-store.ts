/* eslint-disable cordon/no-string-built-sql -- a table's name cannot be a parameter; the schema is checked to be a plain name */
import { WebGuardError } from '../error.ts';
import type { LiveSession, SessionStore } from './session-store.ts';

/** The part of a `pg` pool that is used: every statement stands alone, so no connection is held between two. */
export interface QueryablePool {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

interface Row {
  payload: Buffer;
  key_id: string;
  generation: number;
  idle_seconds: number;
  absolute_seconds: number;
  locked: boolean;
}

interface ListedRow extends Row {
  id_hash: Buffer;
  created_at: Date;
  last_seen_at: Date;
}

function toLive(idHash: Buffer, row: Row): LiveSession {
  return {
    idHash,
    payload: row.payload.toString('ascii'),
    keyId: row.key_id,
    generation: row.generation,
    idleSeconds: row.idle_seconds,
    absoluteSeconds: row.absolute_seconds,
    locked: row.locked,
  };
}

/** A person's further browsers push out the one that was used longest ago. */
const mostSessionsOfOneSubject = 20;
const sweptAtOnce = 100;

/** Idle time is written down in steps of a twentieth, at most 5 s: a page's burst of requests writes once. */
const touchStep = (idleSeconds: number) => Math.min(5, idleSeconds / 20);

const active = 'idle_expires_at > now() AND absolute_expires_at > now()';
const timesLeft = `
  greatest(0, floor(extract(epoch FROM idle_expires_at - now())))::int AS idle_seconds,
  floor(extract(epoch FROM absolute_expires_at - now()))::int AS absolute_seconds,
  idle_expires_at <= now() AS locked`;

/**
 * Sessions in PostgreSQL (15 or newer), in the table `<schema>.browser_sessions` as in
 * `database/identity/0002_browser_sessions.sql`. Sessions end when idle, or with `locks` are kept until their absolute end.
 */
export function createPostgresSessionStore(options: {
  pool: QueryablePool;
  schema: string;
  locks?: boolean;
}): SessionStore {
  const { pool, schema } = options;
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema))
    throw new WebGuardError('guard-option-invalid', 'The name of the session schema is not a plain name.');
  const table = `${schema}.browser_sessions`;
  const alive = options.locks === true ? 'absolute_expires_at > now()' : active;

  /** How many rows the statement changed. */
  async function change(text: string, values: unknown[]): Promise<number> {
    return (await pool.query(text, values)).rowCount ?? 0;
  }

  return {
    async create(session, limits) {
      const made = await change(
        `WITH expired AS (
           DELETE FROM ${table} WHERE id_hash IN (
             SELECT id_hash FROM ${table} WHERE idle_expires_at <= now() AND NOT (${alive}) LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED)),
         crowded AS (
           DELETE FROM ${table} WHERE id_hash IN (
             SELECT id_hash FROM ${table} WHERE subject_hash = $4 AND id_hash IS DISTINCT FROM $6
              ORDER BY last_seen_at DESC OFFSET ${mostSessionsOfOneSubject - 1})),
         replaced AS (DELETE FROM ${table} WHERE id_hash = $6 RETURNING absolute_expires_at, ${alive} AS alive),
         ends AS (
           SELECT now() + $8::float8 * interval '1 second' AS at WHERE NOT $9
           UNION ALL SELECT absolute_expires_at FROM replaced WHERE $9 AND alive)
         INSERT INTO ${table} (id_hash, payload, key_id, subject_hash, sid_hash, idle_expires_at, absolute_expires_at)
         SELECT $1, $2, $3, $4, $5, least(now() + $7::float8 * interval '1 second', ends.at), ends.at FROM ends`,
        [
          session.idHash,
          Buffer.from(session.payload, 'ascii'),
          session.keyId,
          session.subjectHash,
          session.sidHash,
          session.replaces,
          limits.idleSeconds,
          limits.absoluteSeconds,
          session.goesOn,
        ],
      );
      return made === 1;
    },

    async find(idHash, limits, use) {
      const { rows } = await pool.query(
        `WITH touched AS (
           UPDATE ${table}
              SET last_seen_at = now(),
                  idle_expires_at = least(now() + $2::float8 * interval '1 second', absolute_expires_at)
            WHERE id_hash = $1 AND $3 AND ${active} AND last_seen_at < now() - $4::float8 * interval '1 second'
           RETURNING idle_expires_at)
         SELECT payload, key_id, generation, ${timesLeft}
           FROM (SELECT payload, key_id, generation, absolute_expires_at,
                        coalesce((SELECT idle_expires_at FROM touched), idle_expires_at) AS idle_expires_at
                   FROM ${table} WHERE id_hash = $1 AND ${alive}) AS session`,
        [idHash, limits.idleSeconds, use === 'activity', touchStep(limits.idleSeconds)],
      );
      const row = (rows as Row[])[0];
      if (row === undefined) return undefined;
      return toLive(idHash, row);
    },

    async lock(idHash) {
      await change(`UPDATE ${table} SET idle_expires_at = now() WHERE id_hash = $1 AND ${active}`, [idHash]);
    },

    async takeRefreshTurn(idHash, generation, holder, seconds) {
      const taken = await change(
        `UPDATE ${table} SET refreshing_by = $3, refreshing_until = now() + $4::float8 * interval '1 second'
          WHERE id_hash = $1 AND generation = $2 AND ${alive}
            AND (refreshing_until IS NULL OR refreshing_until <= now())`,
        [idHash, generation, holder, seconds],
      );
      return taken === 1;
    },

    async finishRefresh(session, holder) {
      const finished = await change(
        `UPDATE ${table} SET payload = $3, key_id = $4, generation = generation + 1,
                refreshing_by = NULL, refreshing_until = NULL
          WHERE id_hash = $1 AND refreshing_by = $2 AND ${alive}`,
        [session.idHash, holder, Buffer.from(session.payload, 'ascii'), session.keyId],
      );
      return finished === 1;
    },

    async giveRefreshTurnBack(idHash, holder) {
      await change(
        `UPDATE ${table} SET refreshing_by = NULL, refreshing_until = NULL WHERE id_hash = $1 AND refreshing_by = $2`,
        [idHash, holder],
      );
    },

    async remove(idHash, generation) {
      const { rows } = await pool.query(
        `DELETE FROM ${table} WHERE id_hash = $1 AND ($2::int IS NULL OR generation = $2)
         RETURNING payload, key_id, generation, ${timesLeft}`,
        [idHash, generation ?? null],
      );
      const row = (rows as Row[])[0];
      return row && toLive(idHash, row);
    },

    async listBySubject(subjectHash) {
      const { rows } = await pool.query(
        `SELECT id_hash, payload, key_id, generation, created_at, last_seen_at, ${timesLeft}
           FROM ${table} WHERE subject_hash = $1 AND ${alive}
          ORDER BY last_seen_at DESC LIMIT ${mostSessionsOfOneSubject}`,
        [subjectHash],
      );
      return (rows as ListedRow[]).map((row) => ({
        ...toLive(row.id_hash, row),
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
      }));
    },

    removeBySid: (sidHash) => change(`DELETE FROM ${table} WHERE sid_hash = $1`, [sidHash]),
    removeBySubject: (subjectHash) => change(`DELETE FROM ${table} WHERE subject_hash = $1`, [subjectHash]),
  };
}
