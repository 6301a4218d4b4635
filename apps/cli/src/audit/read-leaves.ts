import {
  buildLeafBatch,
  entryLineSql,
  isPlain,
  openEntryLine,
  openPlainParts,
  readEntryLine,
  type LeafBatch,
  type LeafRow,
} from '@cordon/audit-log';
import type { Client } from 'pg';

/** Leaves of one batch: as one text of about two megabytes, which the driver takes at once. */
export const leavesAtOnce = 4_096;

export interface LeafRange {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/*
 * Leaves and their rows were written in the same order, so the rows of a batch lie in one stretch of time: a scan of that
 * stretch and a hash join cost half of looking up row by row.
 */
/* eslint-disable cordon/no-string-built-sql -- constant lists of columns; nothing of it is input */
const leaves = 'SELECT * FROM audit.audit_leaves WHERE leaf_index >= $1 AND leaf_index < $2';
const found = `
  SELECT l.leaf_index, concat_ws(E'\\x1f', l.leaf_index, l.entry_id, encode(l.leaf_hash, 'hex'),
    CASE WHEN a.id IS NULL THEN
      CASE WHEN EXISTS (SELECT FROM audit.dropped_months d
        WHERE l.entry_at >= d.starts_at AND l.entry_at < d.ends_at AND d.ends_at < now() - interval '1 year')
      THEN 'expired' ELSE 'gone' END
    ELSE encode(a.salt, 'hex') END,
    CASE WHEN a.id IS NULL THEN to_char(l.entry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    ELSE ${entryLineSql('a')} END) AS line
  FROM (${leaves}) l
  LEFT JOIN (SELECT * FROM audit.audit_logs WHERE at >= (SELECT min(entry_at) FROM (${leaves}) m)
    AND at <= (SELECT max(entry_at) FROM (${leaves}) m)) a ON a.at = l.entry_at AND a.id = l.entry_id`;
const inOneText = `SELECT string_agg(line, E'\\x1d') AS lines, count(*)::int AS count FROM (${found}) f`;
const oneByOne = `SELECT line FROM (${found}) f ORDER BY leaf_index`;
/* eslint-enable cordon/no-string-built-sql */

/** Start-up options of a session that reads batches of leaves: other plans than entrySession's, the same text of times. */
export const leafSession =
  '-c TimeZone=UTC -c DateStyle=ISO -c enable_nestloop=off -c enable_mergejoin=off -c work_mem=32MB -c jit=off';

/** Columns of a line before those of the entry. */
const headColumns = 4;
const separator = '\u001f';

interface FoundLeaf {
  readonly index: number;
  readonly entryId: string;
  readonly leafHash: Uint8Array;
}

/** Leaves of one batch, each held against its row. */
export async function readLeafBatch(client: Client, range: LeafRange): Promise<LeafBatch> {
  return checkLeafLines(await readLeafLines(client, range));
}

/** The part of it that costs this process its time; the server may read the next batch meanwhile. */
export function checkLeafLines({ lines, allPlain }: LeafLines): LeafBatch {
  const builder = buildLeafBatch(lines.length);
  for (const line of lines) {
    const parts = line.split(separator);
    const leaf = readHead(parts);
    const salt = parts[headColumns - 1] ?? '';
    if (salt === 'gone') builder.add(leaf, null);
    else if (salt === 'expired') builder.add(leaf, { expiredAt: parts[headColumns] ?? '' });
    else
      builder.add(
        leaf,
        orUnreadable(() => {
          const opened = allPlain ? openPlainParts(parts, headColumns) : openEntryLine(entryOf(line));
          return { ...opened, salt: Buffer.from(salt, 'hex') };
        }),
      );
  }
  return builder.finish();
}

/** The same with whole rows. */
export async function readLeafRows(client: Client, range: LeafRange): Promise<LeafRow[]> {
  const { lines } = await readLeafLines(client, range);
  return lines.map((line) => {
    const parts = line.split(separator);
    const leaf = readHead(parts);
    const salt = parts[headColumns - 1] ?? '';
    if (salt === 'gone') return { ...leaf, row: null };
    if (salt === 'expired') return { ...leaf, row: { expiredAt: parts[headColumns] ?? '' } };
    const read = () => ({ salt: Buffer.from(salt, 'hex'), entry: readEntryLine(entryOf(line)) });
    return { ...leaf, row: orUnreadable(read) };
  });
}

function readHead([index = '', entryId = '', hash = '']: readonly string[]): FoundLeaf {
  return { index: Number(index), entryId, leafHash: Buffer.from(hash, 'hex') };
}

/** What stands behind the head, which holds no text of an entry. */
function entryOf(line: string): string {
  let at = 0;
  for (let column = 0; column < headColumns; column += 1) at = line.indexOf(separator, at) + 1;
  return line.slice(at);
}

function orUnreadable<Row>(read: () => Row): Row | 'unreadable' {
  try {
    return read();
  } catch {
    return 'unreadable';
  }
}

export interface LeafLines {
  readonly lines: readonly string[];
  readonly allPlain: boolean;
}

export async function readLeafLines(client: Client, { from, to }: LeafRange): Promise<LeafLines> {
  const { rows } = await client.query<{ lines: string | null; count: number }>(inOneText, [from, to]);
  const text = rows[0]?.lines ?? '';
  const lines = text === '' ? [] : text.split('\u001d');
  // A row that was changed by force may hold the separator itself; then each comes alone.
  if (lines.length !== rows[0]?.count)
    return {
      lines: (await client.query<{ line: string }>(oneByOne, [from, to])).rows.map((row) => row.line),
      allPlain: false,
    };
  const indexOf = (line: string | undefined): number => parseInt(line ?? '', 10);
  const inOrder = lines.every((line, place) => place === 0 || indexOf(line) > indexOf(lines[place - 1]));
  return {
    lines: inOrder ? lines : lines.sort((one, other) => indexOf(one) - indexOf(other)),
    allPlain: isPlain(text),
  };
}
