import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, copyRows, int64 } from '../testing/copied-rows.ts';
import { writeEntryRow } from './canonical-row.ts';
import { integerOf, readCopiedTable, type CopiedTable } from './copied-table.ts';
import { entryFields, type LoggedEntry } from './entry.ts';
import { openEntryRow, readEntryRow } from './entry-row.ts';
import { formatTime, parseTime } from './entry-time.ts';
import { writeEntry } from './leaf.ts';

const text = fc.oneof(
  fc.constantFrom('user', 'record.opened', 'retention.month-dropped', '', '"', '\\', '\u007f', '\u2028'),
  fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => value.isWellFormed()),
);
const uuid = fc.uuid();
const time = fc
  .tuple(
    fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    fc.nat(999),
  )
  .map(([date, micros]) => formatTime(date.getTime() * 1000 + micros));
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const entries: fc.Arbitrary<LoggedEntry> = fc.record({
  action: text,
  actor_role: orNull(text),
  actor_session: orNull(uuid),
  actor_subject: orNull(uuid),
  at: time,
  client_address: orNull(text),
  clinic_id: orNull(uuid),
  data_class_ids: fc.array(text, { maxLength: 4 }),
  decision: text,
  id: uuid,
  initiator_type: text,
  intent_id: orNull(uuid),
  outcome: fc.constantFrom('intent', 'success', 'none', 'intend'),
  patient_pseudonym: orNull(uuid),
  provider_id: orNull(text),
  purpose: orNull(text),
  purpose_id: orNull(text),
  reason_code: text,
  record_count: orNull(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  request_id: orNull(text),
  resource_id: orNull(uuid),
  resource_type: orNull(text),
  tenant_id: orNull(uuid),
  written_by: text,
});

const tableOf = (...rows: (Buffer | null)[][]): CopiedTable =>
  readCopiedTable(copyRows(rows), entryFields.length);

it('reads and writes a row that came as bytes just as an entry that came as text', () => {
  fc.assert(
    fc.property(entries, entries, (one, other) => {
      const table = tableOf(cellsOf(one), cellsOf(other));
      for (const [row, entry] of [one, other].entries()) {
        const first = row * table.columns;
        expect(readEntryRow(table, first)).toEqual(entry);
        expect(writeEntryRow(table, first).toString('utf8')).toBe(writeEntry(entry));
        expect(openEntryRow(table, first)).toMatchObject({
          at: parseTime(entry.at),
          isIntent: entry.outcome === 'intent',
          intentId: entry.intent_id,
        });
      }
    }),
  );
});

it.each([
  '0001-01-01T00:00:00.000000Z',
  '1714-07-29T00:12:25.258105Z',
  '2026-11-22T09:48:00.123457Z',
  '2250-06-01T00:00:00.000001Z',
])('reads the time %s to its microsecond', (at) => {
  expect(
    readEntryRow(tableOf(withCell('at', cellsOf({ ...good, at })[entryFields.indexOf('at')] ?? null)), 0).at,
  ).toBe(at);
});

const good = (fc.sample(entries, 1)[0] ?? {}) as LoggedEntry;
const withCell = (field: keyof LoggedEntry, cell: Buffer | null) =>
  cellsOf(good).with(entryFields.indexOf(field), cell);

describe('a row that the table’s columns could not hold is refused, and its column named:', () => {
  it.each([
    ['a UUID of fifteen bytes', 'tenant_id', Buffer.alloc(15), 'tenant_id'],
    ['no action', 'action', null, 'action'],
    ['no time', 'at', null, 'at'],
    ['a time without end', 'at', Buffer.from('7fffffffffffffff', 'hex'), 'the time'],
    ['a time before our era', 'at', int64(-(2n ** 57n)), 'the time'],
    ['a number of two bytes', 'record_count', Buffer.alloc(2), 'record_count'],
    ['a list of two dimensions', 'data_class_ids', Buffer.alloc(28, 1), 'the data classes'],
    ['a list that is cut off', 'data_class_ids', (cellsOf({ ...good, data_class_ids: ['a', 'b'] })[7] ?? Buffer.alloc(0)).subarray(0, -1), 'the data classes'],
  ] as const)('%s', (_, field, cell, named) => {
    const table = tableOf(withCell(field, cell));
    for (const read of [readEntryRow, writeEntryRow])
      expect(() => read(table, 0)).toThrow(expect.objectContaining({ code: 'entry-malformed', detail: named }));
  }); // prettier-ignore
});

it('refuses bytes that are no copy, of other columns, or cut off anywhere', () => {
  const bytes = copyRows([cellsOf(good)]);
  const refused = expect.objectContaining({ code: 'rows-malformed' }) as unknown;
  for (let length = 0; length < bytes.length; length += 1)
    expect(() => readCopiedTable(bytes.subarray(0, length), entryFields.length)).toThrow(refused);
  expect(() => readCopiedTable(bytes, entryFields.length - 1)).toThrow(refused);
  const large = readCopiedTable(copyRows([[Buffer.from('7fffffffffffffff', 'hex')]]), 1);
  expect(() => integerOf(large, 0)).toThrow(refused);
});

it('reads no time that it would write otherwise', () => {
  for (const other of [
    '2026-02-30T00:00:00.000000Z',
    '2026-01-01T24:00:00.000000Z',
    '2026-01-01T00:00:00Z',
    '',
  ])
    expect(parseTime(other)).toBeNaN();
});
