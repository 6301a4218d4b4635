import { entryLineSql, hashEntry, readEntryLine } from '@cordon/audit-log';
import type { Client } from 'pg';
import { SequencerError } from './error.ts';

/**
 * Rows become visible when their transaction commits, not when they are written: a position in any order of time could
 * pass rows by that commit late. So each row carries its transaction's id (xid8, never reused), and the sequencer keeps
 * a horizon: every transaction below it has ended, and all its rows have leaves. Rows at or above the horizon are looked
 * at again each time; those that have a leaf already are left out. The window is as long as the oldest open transaction.
 */
export interface SequencingState {
  /** Leaves so far. */
  readonly size: number;
  /** xid8 as text. */
  readonly horizon: string;
  /** A look at every row, once, at the start: a restored store has rows of another server, where ids ran higher. */
  readonly sweep: { readonly from: string; readonly horizon: string | undefined } | undefined;
}

export interface SequencedBatch extends SequencingState {
  readonly leafHashes: readonly Uint8Array[];
  /** False when more rows wait. */
  readonly caughtUp: boolean;
}

interface CandidateRow {
  readonly id: string;
  readonly line: string;
  readonly salt: string;
  readonly xid: string;
}

const candidates = (everything: boolean): string =>
  `SELECT a.id::text AS id, ${entryLineSql('a')} AS line, encode(a.salt, 'hex') AS salt, a.appended_in::text AS xid
   FROM audit.audit_logs a
   WHERE a.appended_in >= $1::text::xid8 ${everything ? '' : 'AND a.appended_in < pg_snapshot_xmax(pg_current_snapshot())'}
     AND (a.appended_in, a.id) > ($2::text::xid8, $3::uuid)
   ORDER BY a.appended_in, a.id LIMIT $4`;

const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Writes leaves for the next rows without one, in one transaction.
 * @throws SequencerError `another-sequencer`: the leaves have grown since; nothing was written
 */
export async function sequenceBatch(
  client: Client,
  state: SequencingState,
  batchSize: number,
): Promise<SequencedBatch> {
  // One snapshot for the rows, the leaves and the horizon.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    const { rows: snapshot } = await client.query<{ xmin: string; size: string }>(
      `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin,
         (SELECT coalesce(max(leaf_index) + 1, 0) FROM audit.audit_leaves)::text AS size`,
    );
    const xmin = snapshot[0]?.xmin ?? '0';
    if (Number(snapshot[0]?.size) !== state.size) throw new SequencerError('another-sequencer');
    const found: CandidateRow[] = [];
    let after = { xid: '0', id: nobody };
    let caughtUp = false;
    while (found.length === 0 && !caughtUp) {
      const { rows } = await client.query<CandidateRow>(candidates(state.sweep !== undefined), [
        state.sweep?.from ?? state.horizon,
        after.xid,
        after.id,
        batchSize,
      ]);
      found.push(...(await withoutLeaf(client, rows)));
      caughtUp = rows.length < batchSize;
      after = rows.at(-1) ?? after;
    }
    const entries = found.map((row) => readEntryLine(row.line));
    const leafHashes = entries.map((entry, position) =>
      hashEntry(Buffer.from(found[position]?.salt ?? '', 'hex'), entry),
    );
    if (found.length > 0)
      await client.query(
        `INSERT INTO audit.audit_leaves (leaf_index, entry_id, entry_at, leaf_hash)
         SELECT $1::bigint + n - 1, l.id::uuid, l.at::timestamptz, decode(l.hash, 'hex')
         FROM unnest(string_to_array($2, ','), string_to_array($3, ','), string_to_array($4, ',')) WITH ORDINALITY AS l (id, at, hash, n)`,
        [
          state.size,
          found.map((row) => row.id).join(','),
          entries.map((entry) => entry.at).join(','),
          leafHashes.map((hash) => Buffer.from(hash).toString('hex')).join(','),
        ],
      );
    await client.query('COMMIT');
    return {
      leafHashes,
      size: state.size + found.length,
      ...moveOn(state, xmin, after.xid, caughtUp),
      caughtUp,
    };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw isConflict(error) ? new SequencerError('another-sequencer') : error;
  }
}

function moveOn(
  { horizon, sweep }: SequencingState,
  xmin: string,
  lastSeen: string,
  caughtUp: boolean,
): Pick<SequencingState, 'horizon' | 'sweep'> {
  if (sweep === undefined) return { horizon: caughtUp ? xmin : smaller(xmin, lastSeen), sweep };
  // What commits behind the sweep is at or above the horizon that its first snapshot had.
  const first = sweep.horizon ?? xmin;
  return caughtUp
    ? { horizon: first, sweep: undefined }
    : { horizon, sweep: { from: lastSeen, horizon: first } };
}

async function withoutLeaf(client: Client, rows: readonly CandidateRow[]): Promise<CandidateRow[]> {
  if (rows.length === 0) return [];
  const { rows: known } = await client.query<{ id: string }>(
    `SELECT entry_id::text AS id FROM audit.audit_leaves WHERE entry_id = ANY (string_to_array($1, ',')::uuid[])`,
    [rows.map((row) => row.id).join(',')],
  );
  const ids = new Set(known.map(({ id }) => id));
  return rows.filter(({ id }) => !ids.has(id));
}

/** Hashes of leaves from `from` on, at most `count`, which must follow one another. */
export async function readLeafHashes(client: Client, from: number, count: number): Promise<Uint8Array[]> {
  const { rows } = await client.query<{ at: string; leaf_hash: Buffer }>(
    `SELECT leaf_index::text AS at, leaf_hash FROM audit.audit_leaves
     WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT $2`,
    [from, count],
  );
  rows.forEach(({ at }, position) => {
    if (Number(at) !== from + position)
      throw new SequencerError('log-forked', `leaf ${from + position} is missing`);
  });
  return rows.map(({ leaf_hash }) => leaf_hash);
}

/** Where a sequencer that starts takes up. */
export async function readState(client: Client): Promise<SequencingState> {
  const { rows } = await client.query<{ size: string; horizon: string | null; current: boolean }>(
    `SELECT (SELECT coalesce(max(leaf_index) + 1, 0) FROM audit.audit_leaves)::text AS size, c.horizon::text AS horizon,
       coalesce(c.horizon <= pg_snapshot_xmax(pg_current_snapshot()), false) AS current
     FROM (SELECT) nothing LEFT JOIN LATERAL (SELECT horizon FROM audit.checkpoints ORDER BY tree_size DESC LIMIT 1) c ON true`,
  );
  const row = rows[0];
  // A horizon from the future is one of another server: the store was restored, and every row is looked at once.
  const horizon = row?.current === true ? (row.horizon ?? '0') : '0';
  return {
    size: Number(row?.size ?? 0),
    horizon,
    sweep: horizon === '0' ? { from: '0', horizon: undefined } : undefined,
  };
}

/** Keeps a checkpoint in the store as well. */
export async function keepCheckpoint(
  client: Client,
  size: number,
  note: string,
  horizon: string,
): Promise<void> {
  await client.query(
    `INSERT INTO audit.checkpoints (tree_size, note, horizon) SELECT $1, $2, $3::text::xid8
     WHERE NOT EXISTS (SELECT FROM audit.checkpoints WHERE tree_size = $1)`,
    [size, note, horizon],
  );
}

function smaller(one: string, other: string): string {
  return BigInt(one) < BigInt(other) ? one : other;
}

/** 23505: the leaf's number or its entry is taken. 40001: the same, seen at commit. */
function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '23505' || error.code === '40001');
}
