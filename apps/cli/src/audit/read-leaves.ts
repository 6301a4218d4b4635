import { AuditLogError, type LeafBatch, type LeafRow } from '@cordon/audit-log';
import {
  buildLeafBatch,
  cellOf,
  CopyOut,
  entryColumnsSql,
  formatTime,
  formatUuid,
  integerOf,
  lengthOf,
  openEntryRow,
  readCopiedTable,
  readEntryRow,
  startOf,
  timeOf,
  writeEntryRow,
  type CopiedTable,
} from '@cordon/audit-log/postgres';
import { SALT_BYTES } from '@cordon/transparency-log';
import type { Client } from 'pg';

/** Leaves of one batch, about two megabytes. */
export const leavesAtOnce = 4_096;

export interface LeafRange {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** Columns before those of the entry, and the entry's: PostgreSQL's text types, numbers, times as they are. */
const head = { index: 0, entryId: 1, leafHash: 2, leafAt: 3, expired: 4, salt: 5, entry: 6 } as const;
const columns = head.entry + 24;
/** Within the entry: null where there is no row. */
const idOfRow = head.entry + 9;

/*
 * Leaves and their rows were written in the same order, so the rows of a batch lie in one stretch of time: a scan of that
 * stretch and a hash join cost half of looking up row by row.
 */
function selectLeaves({ from, to }: LeafRange): string {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) throw new RangeError('a range of leaves');

  const leaves = `SELECT * FROM audit.audit_leaves WHERE leaf_index >= ${from} AND leaf_index < ${to}`;
  return `
    SELECT l.leaf_index, l.entry_id, l.leaf_hash, l.entry_at,
      CASE WHEN a.id IS NULL THEN EXISTS (SELECT FROM audit.dropped_months d
        WHERE l.entry_at >= d.starts_at AND l.entry_at < d.ends_at AND d.ends_at < now() - interval '1 year') END,
      a.salt, ${entryColumnsSql('a')}
    FROM (${leaves}) l
    LEFT JOIN (SELECT * FROM audit.audit_logs WHERE at >= (SELECT min(entry_at) FROM (${leaves}) m)
      AND at <= (SELECT max(entry_at) FROM (${leaves}) m)) a ON a.at = l.entry_at AND a.id = l.entry_id`;
}

/** Start-up options of a session that reads batches of leaves: other plans than entrySession's, the same text of times. */
export const leafSession =
  '-c TimeZone=UTC -c DateStyle=ISO -c enable_nestloop=off -c enable_mergejoin=off -c work_mem=32MB -c jit=off';

export function copyLeaves(client: Client, range: LeafRange): Promise<Buffer> {
  return client.query(new CopyOut(selectLeaves(range), 'audit.audit_logs')).bytes;
}

/** Leaves of one batch, each held against its row. */
export async function readLeafBatch(client: Client, range: LeafRange): Promise<LeafBatch> {
  return checkLeaves(await copyLeaves(client, range));
}

/** The part of it that costs this process its time; the server may read the next batch meanwhile. */
export function checkLeaves(bytes: Buffer): LeafBatch {
  const table = readCopiedTable(bytes, columns);
  const builder = buildLeafBatch(table.rows);
  for (const row of rowsInOrder(table)) {
    const leaf = {
      index: integerOf(table, row + head.index),
      entryId: entryIdOf(table, row),
      leafHash: leafHashOf(table, row),
    };
    const first = row + head.entry;
    if (hasRow(table, row))
      builder.add(
        leaf,
        orUnreadable(() => ({
          ...openEntryRow(table, first),
          salt: saltOf(table, row),
          text: writeEntryRow(table, first),
        })),
      );
    else if (isExpired(table, row))
      builder.add(
        leaf,
        orUnreadable(() => ({ expiredAt: timeOf(table, row + head.leafAt) })),
      );
    else builder.add(leaf, null);
  }
  return builder.finish();
}

/** The same with whole rows. */
export async function readLeafRows(client: Client, range: LeafRange): Promise<LeafRow[]> {
  const table = readCopiedTable(await copyLeaves(client, range), columns);
  return rowsInOrder(table).map((row) => {
    const leaf = {
      index: integerOf(table, row + head.index),
      entryId: formatUuid(entryIdOf(table, row), 0),
      leafHash: leafHashOf(table, row),
    };
    if (hasRow(table, row)) {
      const read = () => ({ salt: saltOf(table, row), entry: readEntryRow(table, row + head.entry) });
      return { ...leaf, row: orUnreadable(read) };
    }
    if (!isExpired(table, row)) return { ...leaf, row: null };
    return {
      ...leaf,
      row: orUnreadable(() => ({ expiredAt: formatTime(timeOf(table, row + head.leafAt)) })),
    };
  });
}

/** The places at which the rows begin, by the numbers of their leaves; a join need not keep them in order. */
function rowsInOrder(table: CopiedTable): number[] {
  const rows = Array.from({ length: table.rows }, (_, row) => row * table.columns);
  const indexes = rows.map((row) => integerOf(table, row + head.index));
  const indexOf = (row: number): number => indexes[row / table.columns] ?? 0;
  const inOrder = indexes.every((index, turn) => turn === 0 || index > (indexes[turn - 1] ?? 0));
  return inOrder ? rows : rows.sort((one, other) => indexOf(one) - indexOf(other));
}

function hasRow(table: CopiedTable, row: number): boolean {
  return lengthOf(table, row + idOfRow) >= 0;
}

function isExpired(table: CopiedTable, row: number): boolean {
  return table.bytes[startOf(table, row + head.expired)] === 1;
}

function entryIdOf(table: CopiedTable, row: number): Buffer {
  const id = cellOf(table, row + head.entryId);
  if (id.length !== 16) throw new AuditLogError('rows-malformed', { detail: 'the id of an entry' });
  return id;
}

/** A hash of another length, which the table's check refuses, fits no row. */
function leafHashOf(table: CopiedTable, row: number): Buffer {
  const hash = cellOf(table, row + head.leafHash);
  return hash.length === 32 ? hash : Buffer.alloc(32);
}

function saltOf(table: CopiedTable, row: number): Buffer {
  const salt = cellOf(table, row + head.salt);
  if (salt.length !== SALT_BYTES) throw new AuditLogError('entry-malformed', { detail: 'the salt' });
  return salt;
}

function orUnreadable<Row>(read: () => Row): Row | 'unreadable' {
  try {
    return read();
  } catch {
    return 'unreadable';
  }
}
