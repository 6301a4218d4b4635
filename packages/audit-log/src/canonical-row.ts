import { lengthOf, startOf, type CopiedTable } from './copied-table.ts';
import { assertCell, countOf, elementsOf, entryColumns, timeOf } from './entry-row.ts';
import { formatTime } from './entry-time.ts';
import { uuidLength, writeUuid } from './uuid-bytes.ts';

const columns = entryColumns.map(({ field, kind }, turn) => ({
  kind,
  head: Buffer.from(`${turn === 0 ? '{' : ','}"${field}":`),
}));
const quote = 0x22;

/** What a cell becomes at most: six characters for a byte that JSON escapes; null, or a time in its quotes, for eight and fewer. */
const mostPerByte = 6;
const mostBesides = columns.reduce((sum, { head }) => sum + head.length + 32, 1);

let scratch = Buffer.alloc(16 * 1024);

/**
 * The RFC 8785 text of a row, as UTF-8: the same as `writeEntry(readEntryRow(…))` (a test holds them together) at several times
 * its speed, for no entry and no string is made. What is answered is overwritten by the next call.
 * @throws AuditLogError `entry-malformed`
 */
export function writeEntryRow(table: CopiedTable, first: number): Buffer {
  const length = startOf(table, first + columns.length - 1) + lengthOf(table, first + columns.length - 1);
  const most = mostBesides + mostPerByte * Math.max(0, length - startOf(table, first));
  if (most > scratch.length) scratch = Buffer.alloc(most);
  let at = 0;
  for (let turn = 0; turn < columns.length; turn += 1) {
    const { kind, head } = columns[turn] ?? { kind: 'text', head: scratch };
    const place = first + turn;
    assertCell(table, place, turn);
    at = put(head, at);
    const start = startOf(table, place);
    if (lengthOf(table, place) < 0) at = put(nothing, at);
    else if (kind === 'text') at = putText(table.bytes, start, start + lengthOf(table, place), at);
    else if (kind === 'uuid') {
      scratch[at] = quote;
      writeUuid(scratch, at + 1, table.bytes, start);
      scratch[at + 1 + uuidLength] = quote;
      at += uuidLength + 2;
    } else if (kind === 'time') at += scratch.write(`"${formatTime(timeOf(table, place))}"`, at, 'latin1');
    else if (kind === 'count') at += scratch.write(String(countOf(table, place)), at, 'latin1');
    else at = putList(table, place, at);
  }
  scratch[at] = 0x7d;
  return scratch.subarray(0, at + 1);
}

const nothing = Buffer.from('null');

function put(bytes: Uint8Array, at: number): number {
  for (let byte = 0; byte < bytes.length; byte += 1) scratch[at + byte] = bytes[byte] ?? 0;
  return at + bytes.length;
}

function putList(table: CopiedTable, place: number, at: number): number {
  let to = at;
  scratch[to] = 0x5b;
  for (const { start, end } of elementsOf(table, place)) {
    if (to > at) scratch[(to += 1)] = 0x2c;
    to = putText(table.bytes, start, end, to + 1) - 1;
  }
  scratch[to + 1] = 0x5d;
  return to + 2;
}

/** Printable ASCII without quote and backslash is what JSON takes as it is, and nearly everything. */
function putText(bytes: Buffer, start: number, end: number, at: number): number {
  scratch[at] = quote;
  let to = at + 1;
  for (let from = start; from < end; from += 1, to += 1) {
    const byte = bytes[from] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === quote || byte === 0x5c)
      return at + scratch.write(JSON.stringify(bytes.toString('utf8', start, end)), at, 'utf8');
    scratch[to] = byte;
  }
  scratch[to] = quote;
  return to + 1;
}
