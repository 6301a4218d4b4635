import {
  entryLineSql,
  hashCanonical,
  isPlain,
  openEntryLine,
  openPlainParts,
  type OpenedLine,
} from '@cordon/audit-log';
import type { Client } from 'pg';
import { SequencerError } from './error.ts';

/**
 * Rows become visible when their transaction commits, not when they are written: a position in any order of time could
 * pass rows by that commit late. So each row carries its transaction's id (xid8, never reused), and the sequencer keeps
 * a horizon: every transaction below it has ended, and all its rows have leaves. Rows at or above the horizon are looked
 * at again in each pass; those that have a leaf already are left out. The window is as long as the oldest open transaction.
 */
export interface SequencingState {
  /** Leaves so far. */
  readonly size: number;
  /** xid8 as text. */
  readonly horizon: string;
  /** Looks at every row, once, at the start: a restored store has rows of another server, where ids ran higher. */
  readonly sweeping: boolean;
}

export interface SequencedBatch extends SequencingState {
  readonly leafHashes: readonly Uint8Array[];
}

/** Two connections: the server reads the next rows while it writes the leaves of the last ones. */
export interface SequencerConnections {
  readonly reader: Client;
  readonly writer: Client;
}

interface Page {
  readonly entries: readonly (OpenedLine & { readonly salt: Uint8Array })[];
  readonly last: { readonly xid: string; readonly id: string };
  readonly isLast: boolean;
}

/* eslint-disable cordon/no-string-built-sql -- a constant list of columns; nothing of it is input */
/** One text for all rows: a row for each costs the driver more than hashing it. */
const candidates = `
  SELECT string_agg(concat_ws(E'\\x1f', x.xid, x.salt, x.line), E'\\x1d') AS lines, count(*)::int AS count
  FROM (
    SELECT a.appended_in AS xid, encode(a.salt, 'hex') AS salt, ${entryLineSql('a')} AS line
    FROM audit.audit_logs a
    WHERE a.appended_in >= $1::text::xid8 AND ($2::text IS NULL OR a.appended_in < $2::text::xid8)
      AND (a.appended_in, a.id) > ($3::text::xid8, $4::uuid)
      AND NOT EXISTS (SELECT FROM audit.audit_leaves l WHERE l.entry_id = a.id)
    ORDER BY a.appended_in, a.id LIMIT $5) x`;
/* eslint-enable cordon/no-string-built-sql */

const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Goes once through the rows without a leaf and gives each its own; yields what has been committed, batch by batch. What
 * commits meanwhile is at or above the horizon that the first snapshot had, and found by the next pass.
 * @returns the state for the next pass
 * @throws SequencerError `another-sequencer`: the leaves have grown since, or shrunk; nothing more was written
 */
export async function* sequencePass(
  { reader, writer }: SequencerConnections,
  state: SequencingState,
  batchSize: number,
): AsyncGenerator<SequencedBatch, SequencingState> {
  const { xmin, xmax } = await takeSnapshot(reader);
  const read = (after: Page['last']): Promise<Page> => {
    const bounds = [state.horizon, state.sweeping ? null : xmax, after.xid, after.id];
    return readPage(reader, bounds, batchSize);
  };
  let reading: Promise<Page> | undefined = read({ xid: '0', id: nobody });
  let writing: Promise<SequencedBatch> | undefined;
  let size = state.size;
  while (reading !== undefined) {
    const page: Page = await reading;
    reading = page.isLast ? undefined : read(page.last);
    // A failure of either, while the other is awaited, is told when its own turn comes.
    reading?.catch(() => undefined);
    const leafHashes = page.entries.map(({ salt, text }) => hashCanonical(salt, text));
    if (writing !== undefined) yield await writing;
    const from = size;
    size += page.entries.length;
    const horizon =
      state.sweeping || page.entries.length === 0 ? state.horizon : smaller(xmin, page.last.xid);
    writing = writeLeaves(writer, from, page.entries, leafHashes).then(() => ({
      size: from + leafHashes.length,
      sweeping: state.sweeping,
      horizon,
      leafHashes,
    }));
    writing.catch(() => undefined);
  }
  if (writing !== undefined) yield await writing;
  return { size, horizon: xmin, sweeping: false };
}

async function takeSnapshot(reader: Client): Promise<{ xmin: string; xmax: string }> {
  const { rows } = await reader.query<{ xmin: string; xmax: string }>(
    `SELECT pg_snapshot_xmin(s)::text AS xmin, pg_snapshot_xmax(s)::text AS xmax FROM pg_current_snapshot() s`,
  );
  return rows[0] ?? { xmin: '0', xmax: '0' };
}

async function readPage(reader: Client, bounds: readonly unknown[], batchSize: number): Promise<Page> {
  const { rows } = await reader.query<{ lines: string | null; count: number }>(candidates, [
    ...bounds,
    batchSize,
  ]);
  const { lines, count } = rows[0] ?? { lines: null, count: 0 };
  const found = lines === null ? [] : lines.split('\u001d');
  // A separator within a row: somebody came past the table's checks.
  if (found.length !== count) throw new SequencerError('row-malformed');
  // Asked once for all: so is every row that the table's checks let in.
  const allPlain = isPlain(lines ?? '');
  let xid = '0';
  const entries = found.map((line) => {
    const parts = line.split('\u001f');
    const [rowXid = '', salt = ''] = parts;
    xid = rowXid;
    const opened = allPlain
      ? openPlainParts(parts, 2)
      : openEntryLine(line.slice(rowXid.length + salt.length + 2));
    return { ...opened, salt: Buffer.from(salt, 'hex') };
  });
  return { entries, last: { xid, id: entries.at(-1)?.id ?? nobody }, isLast: count < batchSize };
}

async function writeLeaves(
  writer: Client,
  from: number,
  entries: Page['entries'],
  leafHashes: readonly Uint8Array[],
): Promise<void> {
  if (entries.length === 0) return;
  try {
    const { rowCount } = await writer.query(
      `INSERT INTO audit.audit_leaves (leaf_index, entry_id, entry_at, leaf_hash)
       SELECT $1::bigint + n - 1, l.id, l.at, substring($4::bytea FROM (32 * (n - 1) + 1)::int FOR 32)
       FROM unnest($2::text::uuid[], $3::text::timestamptz[]) WITH ORDINALITY AS l (id, at, n)
       WHERE (SELECT coalesce(max(leaf_index) + 1, 0) FROM audit.audit_leaves) = $1::bigint`,
      [
        from,
        `{${entries.map((entry) => entry.id).join(',')}}`,
        `{${entries.map((entry) => entry.at).join(',')}}`,
        Buffer.concat(leafHashes),
      ],
    );
    if (rowCount !== entries.length) throw new SequencerError('another-sequencer');
  } catch (error) {
    throw isConflict(error) ? new SequencerError('another-sequencer') : error;
  }
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
    sweeping: horizon === '0',
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

/** 23505: the leaf's number or its entry is taken. */
function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
