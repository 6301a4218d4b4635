import type { LeafBatch, LeafRow, LeafSource, RowSource, RowWithoutLeaf } from '@cordon/audit-log';
import type { Client, ClientConfig } from 'pg';
import { checkInThreads } from './check-pool.ts';
import { leavesAtOnce, readLeafBatch, readLeafRows, type LeafRange } from './read-leaves.ts';

export interface SourceThreads {
  readonly count: number;
  readonly database: () => ClientConfig;
  /** Below so many leaves a thread takes longer to start than to be useful. Default 50,000. */
  readonly worthThreads?: number | undefined;
}

/**
 * The store itself, read as `audit_verifier`. Leaves that came while it was read are read at the end, once: a month that was
 * dropped meanwhile was announced by one of them.
 */
export async function openStoreSource(
  client: Client,
  threads?: SourceThreads,
): Promise<LeafSource & RowSource> {
  const { size, now } = await readSize(client);
  const ranges = await cutIntoRanges(client, 0, size);

  async function* readInOrder<Batch>(
    wanted: readonly LeafRange[],
    read: (range: LeafRange) => Promise<Batch>,
  ): AsyncGenerator<Batch> {
    let coming = wanted[0] && read(wanted[0]);
    for (let turn = 1; coming !== undefined; turn += 1) {
      const batch: Batch = await coming;
      const range = wanted[turn];
      // The server works on the next batch while this one is looked at.
      coming = range && read(range);
      // A failure while this batch is still worked on is told when it is awaited.
      coming?.catch(() => undefined);
      yield batch;
    }
  }

  async function* readLater<Batch>(read: (range: LeafRange) => Promise<Batch>): AsyncGenerator<Batch> {
    yield* readInOrder(await cutIntoRanges(client, size, (await readSize(client)).size), read);
  }

  const batchOf = (range: LeafRange): Promise<LeafBatch> => readLeafBatch(client, range);
  let withoutLeaf: Promise<readonly RowWithoutLeaf[]> | undefined;
  const rowsOf = (range: LeafRange): Promise<LeafRow[]> => readLeafRows(client, range);
  return {
    until: now,
    async *leaves(): AsyncGenerator<LeafBatch> {
      if (threads === undefined || threads.count < 2 || size < (threads.worthThreads ?? 50_000))
        yield* readInOrder(ranges, batchOf);
      else {
        // Asked while the threads work, whose connections are their own.
        withoutLeaf ??= readRowsWithoutLeaf(client);
        withoutLeaf.catch(() => undefined);
        yield* checkInThreads(threads.database(), threads.count, ranges);
      }
      yield* readLater(batchOf);
    },
    async *rows() {
      yield* readInOrder(ranges, rowsOf);
      yield* readLater(rowsOf);
    },
    rowsWithoutLeaf: () => withoutLeaf ?? readRowsWithoutLeaf(client),
  };
}

async function readSize(client: Client): Promise<{ size: number; now: number }> {
  const { rows } = await client.query<{ size: string; now: Date }>(
    'SELECT coalesce(max(leaf_index) + 1, 0)::text AS size, now() AS now FROM audit.audit_leaves',
  );
  return { size: Number(rows[0]?.size ?? 0), now: rows[0]?.now.getTime() ?? 0 };
}

/** Where each batch begins and ends. By what is there, not by arithmetic: numbers may be missing, be huge, or stand there twice. */
async function cutIntoRanges(client: Client, from: number, size: number): Promise<LeafRange[]> {
  const { rows } = await client.query<{ leaf_index: string }>(
    `WITH RECURSIVE starts (leaf_index) AS (
       SELECT min(leaf_index) FROM audit.audit_leaves WHERE leaf_index >= $1 AND leaf_index < $2
       UNION
       SELECT (SELECT l.leaf_index FROM audit.audit_leaves l WHERE l.leaf_index >= s.leaf_index AND l.leaf_index < $2
         ORDER BY l.leaf_index OFFSET $3 LIMIT 1)
       FROM starts s WHERE s.leaf_index IS NOT NULL)
     SELECT leaf_index::text AS leaf_index FROM starts WHERE leaf_index IS NOT NULL`,
    [from, size, leavesAtOnce],
  );
  const starts = rows.map((row) => Number(row.leaf_index));
  return starts.map((start, turn) => ({ from: start, to: starts[turn + 1] ?? size }));
}

async function readRowsWithoutLeaf(client: Client): Promise<RowWithoutLeaf[]> {
  const { rows } = await client.query<{ id: string; at: string }>(
    `SELECT a.id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM audit.audit_logs a
     WHERE a.at < now() - interval '1 minute'
       AND NOT EXISTS (SELECT FROM audit.audit_leaves l WHERE l.entry_id = a.id AND l.entry_at = a.at)
     ORDER BY a.at LIMIT 100`,
  );
  return rows.map(({ id, at }) => ({ entryId: id, at }));
}
