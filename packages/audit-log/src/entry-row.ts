import { cellOf, lengthOf, startOf, type CopiedTable } from './copied-table.ts';
import { droppedMonth, type DroppedMonth } from './dropped-month.ts';
import { entryFields, requiredFields, type LoggedEntry } from './entry.ts';
import { formatTime, isTime } from './entry-time.ts';
import { AuditLogError } from './error.ts';
import { formatUuid, uuidBytes } from './uuid-bytes.ts';

/** What verification needs of a row besides the text that its leaf commits to: what tells the order of events. */
export interface OpenedRow {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly isIntent: boolean;
  /** The intent that this row is the outcome of. */
  readonly intentId: string | null;
  /** The month that this entry says was dropped, if it does. */
  readonly dropped: DroppedMonth | null;
}

export type ColumnKind = 'text' | 'uuid' | 'time' | 'list' | 'count';
type Field = (typeof entryFields)[number];

const kinds: Partial<Record<Field, ColumnKind>> = {
  actor_session: 'uuid',
  actor_subject: 'uuid',
  at: 'time',
  clinic_id: 'uuid',
  data_class_ids: 'list',
  id: 'uuid',
  intent_id: 'uuid',
  patient_pseudonym: 'uuid',
  record_count: 'count',
  resource_id: 'uuid',
  tenant_id: 'uuid',
};

export const entryColumns = entryFields.map((field) => ({
  field,
  kind: kinds[field] ?? 'text',
  required: requiredFields.has(field),
}));

const places = Object.fromEntries(entryFields.map((field, place) => [field, place])) as Record<Field, number>;

/**
 * The columns of an entry, for a SELECT that is copied out.
 * @param alias of `audit.audit_logs` in the statement; never from input
 */
export function entryColumnsSql(alias: string): string {
  // The text of an address is the server's own; everything else has one binary form.
  return entryFields
    .map((field) => (field === 'client_address' ? `${alias}.${field}::text` : `${alias}.${field}`))
    .join(', ');
}

/** PostgreSQL counts from the year 2000. */
const epochShift = Date.UTC(2000, 0, 1) * 1000;
/** Upper halves of counts whose sums stay below 2^53, where a number holds every microsecond: the years 1858 to 2142. */
const exactHalves = 2 ** 20;

/** A `timestamptz` as microseconds since 1970. @throws AuditLogError `entry-malformed` */
export function timeOf(table: CopiedTable, place: number): number {
  const start = startOf(table, place);
  const micros = lengthOf(table, place) === 8 ? microsAt(table.bytes, start) : NaN;
  if (!isTime(micros)) throw new AuditLogError('entry-malformed', { detail: 'the time' });
  return micros;
}

/** Where a double cannot hold the exact microsecond, the nearest one it can: rounded once, at the end. */
function microsAt(bytes: Buffer, start: number): number {
  const upper = bytes.readInt32BE(start);
  return Math.abs(upper) < exactHalves
    ? upper * 0x1_0000_0000 + bytes.readUInt32BE(start + 4) + epochShift
    : Number(bytes.readBigInt64BE(start) + BigInt(epochShift));
}

/** Where the elements of a `text[]` lie, each before its length. @throws AuditLogError `entry-malformed` */
export function elementsOf(table: CopiedTable, place: number): { start: number; end: number }[] {
  const refuse = (): AuditLogError => new AuditLogError('entry-malformed', { detail: 'the data classes' });
  const cell = cellOf(table, place);
  // Dimensions, flags, type; then size and first number of the one dimension.
  if (cell.length === 12 && cell.readInt32BE(0) === 0) return [];
  if (cell.length < 20 || cell.readInt32BE(0) !== 1 || cell.readInt32BE(16) !== 1) throw refuse();
  const elements = [];
  let at = 20;
  for (let left = cell.readInt32BE(12); left > 0; left -= 1) {
    const length = at + 4 <= cell.length ? cell.readInt32BE(at) : -1;
    if (length < 0 || at + 4 + length > cell.length) throw refuse();
    const start = startOf(table, place) + at + 4;
    elements.push({ start, end: start + length });
    at += 4 + length;
  }
  if (at !== cell.length) throw refuse();
  return elements;
}

/** An `integer`. @throws AuditLogError `entry-malformed` */
export function countOf(table: CopiedTable, place: number): number {
  if (lengthOf(table, place) !== 4) throw new AuditLogError('entry-malformed', { detail: 'record_count' });
  return table.bytes.readInt32BE(startOf(table, place));
}

/**
 * Refuses what the table's own columns could not hold.
 * @throws AuditLogError `entry-malformed`
 */
export function assertCell(table: CopiedTable, place: number, field: number): void {
  const column = entryColumns[field];
  const length = lengthOf(table, place);
  if (column === undefined || (length < 0 ? column.required : column.kind === 'uuid' && length !== uuidBytes))
    throw new AuditLogError('entry-malformed', { detail: column?.field ?? '' });
}

/**
 * A row of which `entryColumnsSql` gave the columns.
 * @param first the place of its first column
 * @throws AuditLogError `entry-malformed`: a value has another form than the table gives it
 */
export function readEntryRow(table: CopiedTable, first: number): LoggedEntry {
  const entry: Record<string, unknown> = {};
  for (const [turn, { field, kind }] of entryColumns.entries()) {
    const place = first + turn;
    assertCell(table, place, turn);
    const start = startOf(table, place);
    if (lengthOf(table, place) < 0) entry[field] = null;
    else if (kind === 'uuid') entry[field] = formatUuid(table.bytes, start);
    else if (kind === 'time') entry[field] = formatTime(timeOf(table, place));
    else if (kind === 'count') entry[field] = countOf(table, place);
    else if (kind === 'list')
      entry[field] = elementsOf(table, place).map((part) =>
        table.bytes.toString('utf8', part.start, part.end),
      );
    else entry[field] = cellOf(table, place).toString('utf8');
  }
  return entry as unknown as LoggedEntry;
}

const retention = Buffer.from('retention.');
const intent = Buffer.from('intent');

/**
 * What verification needs of a row, without reading the rest of it.
 * @param first the place of its first column
 * @throws AuditLogError `entry-malformed`
 */
export function openEntryRow(table: CopiedTable, first: number): OpenedRow {
  const intentAt = first + places.intent_id;
  const outcomeAt = first + places.outcome;
  return {
    at: timeOf(table, first + places.at),
    isIntent: lengthOf(table, outcomeAt) === intent.length && beginsWith(table, outcomeAt, intent),
    intentId: lengthOf(table, intentAt) < 0 ? null : formatUuid(table.bytes, startOf(table, intentAt)),
    dropped: beginsWith(table, first + places.action, retention)
      ? droppedMonth(readEntryRow(table, first))
      : null,
  };
}

function beginsWith(table: CopiedTable, place: number, words: Buffer): boolean {
  const start = startOf(table, place);
  if (lengthOf(table, place) < words.length) return false;
  for (let byte = 0; byte < words.length; byte += 1)
    if (table.bytes[start + byte] !== words[byte]) return false;
  return true;
}
