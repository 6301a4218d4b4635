import { entryLineSql, readEntryLine, type LeafRow, type LeafSource } from '@cordon/audit-log';
import type { Client } from 'pg';

const atOnce = 20_000;

interface Row {
  readonly leaf_index: string;
  readonly entry_id: string;
  readonly leaf_hash: string;
  readonly salt: string | null;
  readonly line: string | null;
  readonly expired: boolean;
}

/* eslint-disable cordon/no-string-built-sql -- a constant list of columns; nothing of it is input */
const statement = `
  SELECT l.leaf_index::text AS leaf_index, l.entry_id::text AS entry_id, encode(l.leaf_hash, 'hex') AS leaf_hash,
    a.id IS NULL AND EXISTS (SELECT FROM audit.dropped_months d
      WHERE l.entry_at >= d.starts_at AND l.entry_at < d.ends_at AND d.ends_at < now() - interval '1 year') AS expired,
    encode(a.salt, 'hex') AS salt, CASE WHEN a.id IS NOT NULL THEN ${entryLineSql('a')} END AS line
  FROM (SELECT * FROM audit.audit_leaves WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index LIMIT $3) l
  LEFT JOIN audit.audit_logs a ON a.at = l.entry_at AND a.id = l.entry_id
  ORDER BY l.leaf_index`;
/* eslint-enable cordon/no-string-built-sql */

/** The store itself, read as `audit_verifier`. Leaves that come while it is read are left to the next time. */
export async function openStoreSource(client: Client): Promise<LeafSource> {
  const { rows: counted } = await client.query<{ size: string; now: Date }>(
    'SELECT coalesce(max(leaf_index) + 1, 0)::text AS size, now() AS now FROM audit.audit_leaves',
  );
  const size = Number(counted[0]?.size ?? 0);
  // The number of the last leaf is not their count when leaves were renumbered: paging goes by what was read.
  const read = async (from: number): Promise<Row[]> =>
    (await client.query<Row>(statement, [from, size, atOnce])).rows;
  return {
    until: counted[0]?.now.getTime() ?? 0,
    async *leaves() {
      let coming = read(0);
      for (;;) {
        const rows = await coming;
        const last = rows.at(-1);
        if (last === undefined) return;
        // The server works on the next batch while this one is hashed.
        coming = read(Number(last.leaf_index) + 1);
        // A failure while this batch is still worked on is told when it is awaited.
        coming.catch(() => undefined);
        yield rows.map(toLeaf);
      }
    },
    async rowsWithoutLeaf() {
      const { rows } = await client.query<{ id: string; at: string }>(
        `SELECT a.id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM audit.audit_logs a
         WHERE a.at < now() - interval '1 minute'
           AND NOT EXISTS (SELECT FROM audit.audit_leaves l WHERE l.entry_id = a.id AND l.entry_at = a.at)
         ORDER BY a.at LIMIT 100`,
      );
      return rows.map(({ id, at }) => ({ entryId: id, at }));
    },
  };
}

function toLeaf(row: Row): LeafRow {
  return {
    index: Number(row.leaf_index),
    entryId: row.entry_id,
    leafHash: Buffer.from(row.leaf_hash, 'hex'),
    row: readRow(row),
  };
}

function readRow({ line, salt, expired }: Row): LeafRow['row'] {
  if (expired) return 'expired';
  if (line === null || salt === null) return null;
  try {
    return { salt: Buffer.from(salt, 'hex'), entry: readEntryLine(line) };
  } catch {
    return 'unreadable';
  }
}
