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
const nothing = Buffer.from('null');

/**
 * The RFC 8785 text of a row, as UTF-8: the same as `writeEntry(readEntryRow(…))` (a test holds them together) at several times
 * its speed, for no entry and no string is made. What is answered is overwritten by the next call.
 * @throws AuditLogError `entry-malformed`
 */
export function writeEntryRow(table: CopiedTable, first: number): Buffer {
  const end = startOf(table, first + columns.length - 1) + lengthOf(table, first + columns.length - 1);
  const most = mostBesides + mostPerByte * Math.max(0, end - startOf(table, first));
  if (most > scratch.length) scratch = Buffer.alloc(most);
  // A constant: the compiler need not look again at each byte whether it is still the same.
  const target = scratch;
  const { bytes } = table;
  let at = 0;
  for (let turn = 0; turn < columns.length; turn += 1) {
    const { kind, head } = columns[turn] ?? { kind: 'text', head: nothing };
    const place = first + turn;
    assertCell(table, place, turn);
    at = put(target, at, head);
    const start = startOf(table, place);
    const length = lengthOf(table, place);
    if (length < 0) at = put(target, at, nothing);
    else if (kind === 'text') at = putText(target, at, bytes, start, start + length);
    else if (kind === 'uuid') {
      target[at] = quote;
      writeUuid(target, at + 1, bytes, start);
      target[at + 1 + uuidLength] = quote;
      at += uuidLength + 2;
    } else if (kind === 'time') at += target.write(`"${formatTime(timeOf(table, place))}"`, at, 'latin1');
    else if (kind === 'count') at += target.write(String(countOf(table, place)), at, 'latin1');
    else at = putList(target, at, table, place);
  }
  target[at] = 0x7d;
  return target.subarray(0, at + 1);
}

function put(target: Buffer, at: number, bytes: Buffer): number {
  target.set(bytes, at);
  return at + bytes.length;
}

function putList(target: Buffer, at: number, table: CopiedTable, place: number): number {
  let to = at;
  target[to] = 0x5b;
  for (const { start, end } of elementsOf(table, place)) {
    if (to > at) target[(to += 1)] = 0x2c;
    to = putText(target, to + 1, table.bytes, start, end) - 1;
  }
  target[to + 1] = 0x5d;
  return to + 2;
}

/** Printable ASCII without quote and backslash is what JSON takes as it is, and nearly everything. */
function putText(target: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  target[at] = quote;
  let to = at + 1;
  for (let from = start; from < end; from += 1, to += 1) {
    const byte = bytes[from] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === quote || byte === 0x5c)
      return at + target.write(JSON.stringify(bytes.toString('utf8', start, end)), at, 'utf8');
    target[to] = byte;
  }
  target[to] = quote;
  return to + 1;
}
