import { entryFields, type LoggedEntry } from '../src/entry.ts';
import { parseTime } from '../src/entry-time.ts';
import { parseUuid } from '../src/uuid-bytes.ts';

const since2000 = BigInt(Date.UTC(2000, 0, 1) * 1000);

/** Rows as PostgreSQL copies them out, null cells among them. */
export function copyRows(rows: readonly (readonly (Buffer | null)[])[]): Buffer {
  const parts: Buffer[] = [Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)];
  for (const cells of rows) {
    parts.push(int16(cells.length));
    for (const cell of cells) parts.push(int32(cell?.length ?? -1), cell ?? Buffer.alloc(0));
  }
  return Buffer.concat([...parts, int16(-1)]);
}

/** The cells of an entry, in the order of its fields. */
export function cellsOf(entry: LoggedEntry): (Buffer | null)[] {
  return entryFields.map((field) => {
    const value = entry[field];
    if (value === null) return null;
    if (typeof value === 'number') return int32(value);
    if (typeof value !== 'string') return listOf(value);
    if (field === 'at') return int64(BigInt(parseTime(value)) - since2000);
    const isId = /_id$|^id$|_subject$|_session$|_pseudonym$/.test(field);
    return isId && !/^(provider|purpose|request)_/.test(field) ? parseUuid(value) : Buffer.from(value);
  });
}

function listOf(items: readonly string[]): Buffer {
  const textType = int32(25);
  if (items.length === 0) return Buffer.concat([int32(0), int32(0), textType]);
  const parts = items.flatMap((item) => [int32(Buffer.byteLength(item)), Buffer.from(item)]);
  return Buffer.concat([int32(1), int32(0), textType, int32(items.length), int32(1), ...parts]);
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
