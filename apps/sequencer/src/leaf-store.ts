import { AuditLogError } from '@cordon/audit-log';
import {
  cellOf,
  CopyOut,
  entryColumnsSql,
  formatUuid,
  hashCanonical,
  readCopiedTable,
  startOf,
  writeEntryRow,
  type CopiedTable,
} from '@cordon/audit-log/postgres';
import pg, { type Client } from 'pg';
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

/** Where a page of rows ends. */
interface LastRow {
  readonly xid: string;
  readonly id: string;
}

interface Page {
  readonly table: CopiedTable;
  readonly last: LastRow;
  readonly isLast: boolean;
}

/** Columns before those of the entry. */
const head = { xid: 0, salt: 1, entry: 2 } as const;
const columns = head.entry + 24;
const idOfRow = head.entry + 9;
const timeOfRow = head.entry + 4;

function selectCandidates(
  horizon: string,
  { sweeping, xmax }: { sweeping: boolean; xmax: string },
  after: LastRow,
  most: number,
): string {
  const quoted = pg.escapeLiteral;

  return `
    SELECT a.appended_in, a.salt, ${entryColumnsSql('a')} FROM audit.audit_logs a
    WHERE a.appended_in >= ${quoted(horizon)}::xid8 ${sweeping ? '' : `AND a.appended_in < ${quoted(xmax)}::xid8`}
      AND (a.appended_in, a.id) > (${quoted(after.xid)}::xid8, ${quoted(after.id)}::uuid)
      AND NOT EXISTS (SELECT FROM audit.audit_leaves l WHERE l.entry_id = a.id)
    ORDER BY a.appended_in, a.id LIMIT ${quoted(String(most))}`;
}

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
  const read = (after: LastRow): Promise<Page> => {
    const bounds = { sweeping: state.sweeping, xmax };
    return readPage(reader, selectCandidates(state.horizon, bounds, after, batchSize), batchSize);
  };
  let reading: Promise<Page> | undefined = read({ xid: '0', id: nobody });
  let writing: Promise<SequencedBatch> | undefined;
  let size = state.size;
  while (reading !== undefined) {
    const page: Page = await reading;
    reading = page.isLast ? undefined : read(page.last);
    // A failure of either, while the other is awaited, is told when its own turn comes.
    reading?.catch(() => undefined);
    const leafHashes = hashRows(page.table);
    if (writing !== undefined) yield await writing;
    const from = size;
    size += leafHashes.length;
    const horizon = state.sweeping || leafHashes.length === 0 ? state.horizon : smaller(xmin, page.last.xid);
    writing = writeLeaves(writer, from, page.table, leafHashes).then(() => ({
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

async function readPage(reader: Client, select: string, batchSize: number): Promise<Page> {
  const table = readCopiedTable(await reader.query(new CopyOut(select)).bytes, columns);
  const row = (table.rows - 1) * columns;
  const last =
    table.rows === 0
      ? { xid: '0', id: nobody }
      : {
          xid: String(cellOf(table, row + head.xid).readBigUInt64BE()),
          id: formatUuid(table.bytes, startOf(table, row + idOfRow)),
        };
  return { table, last, isLast: table.rows < batchSize };
}

/** @throws SequencerError `row-malformed`: somebody came past the table's checks */
function hashRows(table: CopiedTable): Uint8Array[] {
  try {
    return Array.from({ length: table.rows }, (_, turn) => {
      const row = turn * columns;
      return hashCanonical(cellOf(table, row + head.salt), writeEntryRow(table, row + head.entry));
    });
  } catch (error) {
    if (error instanceof AuditLogError) throw new SequencerError('row-malformed', error.detail);
    throw error;
  }
}

/**
 * Cells of one column as the binary form of an array, which the server takes without reading a text.
 * @param type what PostgreSQL calls it, from `pg_type`
 */
function arrayOf(type: number, cells: readonly Uint8Array[]): Buffer {
  const length = cells.reduce((sum, cell) => sum + 4 + cell.length, 20);
  const array = Buffer.alloc(length);
  // One dimension, no flags, the type; its size, and that it counts from 1.
  for (const [turn, number] of [1, 0, type, cells.length, 1].entries()) array.writeInt32BE(number, turn * 4);
  let at = 20;
  for (const cell of cells) {
    array.writeInt32BE(cell.length, at);
    array.set(cell, at + 4);
    at += 4 + cell.length;
  }
  return array;
}

const typeIds = { bytea: 17, timestamptz: 1184, uuid: 2950 } as const;

async function writeLeaves(
  writer: Client,
  from: number,
  table: CopiedTable,
  leafHashes: readonly Uint8Array[],
): Promise<void> {
  if (table.rows === 0) return;
  const column = (place: number): Buffer[] =>
    leafHashes.map((_, row) => cellOf(table, row * columns + place));
  try {
    const { rowCount } = await writer.query(
      `INSERT INTO audit.audit_leaves (leaf_index, entry_id, entry_at, leaf_hash)
       SELECT $1::bigint + n - 1, l.id, l.at, l.leaf_hash
       FROM unnest($2::uuid[], $3::timestamptz[], $4::bytea[]) WITH ORDINALITY AS l (id, at, leaf_hash, n)
       WHERE (SELECT coalesce(max(leaf_index) + 1, 0) FROM audit.audit_leaves) = $1::bigint`,
      [
        from,
        arrayOf(typeIds.uuid, column(idOfRow)),
        arrayOf(typeIds.timestamptz, column(timeOfRow)),
        arrayOf(typeIds.bytea, leafHashes),
      ],
    );
    if (rowCount !== table.rows) throw new SequencerError('another-sequencer');
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
