import { canonicalizeJson } from '@cordon/transparency-log';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entryFields, readEntryJson, readEntryLine, type LoggedEntry } from './entry.ts';
import { isPlain, openEntryLine } from './entry-line.ts';
import { hashEntry, writeEntry } from './leaf.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((value) => value.isWellFormed());
const nullable = fc.option(text, { nil: null });
const required = new Set([
  'action',
  'at',
  'decision',
  'id',
  'initiator_type',
  'outcome',
  'reason_code',
  'written_by',
]);
const entries = fc.record(
  Object.fromEntries(
    entryFields.map((field) => [
      field,
      field === 'data_class_ids' ? fc.array(text, { maxLength: 4 })
        : field === 'record_count' ? fc.option(fc.integer(), { nil: null })
          : required.has(field) ? text : nullable,
    ]),
  ),
) as unknown as fc.Arbitrary<LoggedEntry>; // prettier-ignore

it('writes every entry as RFC 8785 does', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      expect(writeEntry(entry)).toBe(canonicalizeJson(entry));
    }),
  );
});

it('reads back from JSON what it wrote', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      expect(writeEntry(readEntryJson(JSON.parse(writeEntry(entry))))).toBe(writeEntry(entry));
    }),
  );
});

it('gives two entries two leaves, and one entry under two salts as well', () => {
  fc.assert(
    fc.property(entries, entries, (one, other) => {
      const salt = Buffer.alloc(32, 1);
      const equal = writeEntry(one) === writeEntry(other);
      expect(Buffer.compare(hashEntry(salt, one), hashEntry(salt, other)) === 0).toBe(equal);
      expect(Buffer.compare(hashEntry(salt, one), hashEntry(Buffer.alloc(32, 2), one))).not.toBe(0);
    }),
  );
});

it('refuses rows with a column too many, whatever their text', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), (parts) => {
      fc.pre(parts.length !== entryFields.length && parts.every((part) => !part.includes('\u001f')));
      expect(() => readEntryLine(parts.join('\u001f'))).toThrow('entry-malformed');
    }),
  );
});

const column = fc.oneof(
  fc.constant('\u001e'),
  fc.stringMatching(/^[A-Za-z0-9.,_:-]{1,20}$/),
  fc.string({ unit: 'binary-ascii', maxLength: 8 }),
);
/** A row as the store writes it, its parts of the given texts. */
const linesOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> => fc
  .tuple(...entryFields.map((field) =>
    field === 'at' ? fc.constant('2026-11-21 23:35:42.8390+00')
      : field === 'data_class_ids' ? fc.constantFrom('{}', '{patientProfile}', '{a,b}')
        : field === 'record_count' ? fc.constantFrom('\u001e', '0', '17')
          : texts.filter((value) => !value.includes('\u001f') && (value !== '\u001e' || !required.has(field))),
  ))
  .map((parts) => parts.join('\u001f')); // prettier-ignore
/** Parts of any text, and rows without one that needs the long way. */
const lines = fc.oneof(linesOf(column), linesOf(fc.constantFrom('x', 'user', 'record.opened')));

it('opens a row as its canonical text by the short way just as by the long one', () => {
  let short = 0;
  fc.assert(
    fc.property(lines, (line) => {
      const entry = readEntryLine(line);
      const { text, id, at, outcome, intent_id } = openEntryLine(line);
      expect({ text, id, at, outcome, intent_id }).toEqual({
        text: writeEntry(entry),
        id: entry.id,
        at: entry.at,
        outcome: entry.outcome,
        intent_id: entry.intent_id,
      });
      if (isPlain(line)) short += 1;
    }),
  );
  expect(short).toBeGreaterThan(0);
});

it('opens nothing that has a column too few or too many, or another time', () => {
  const good = ['a.b', ...Array<string>(23).fill('x')];
  good[4] = '2026-11-21 23:35:42+00';
  good[7] = '{}';
  expect(openEntryLine(good.join('\u001f')).at).toBe('2026-11-21T23:35:42.000000Z');
  const bad = [good.slice(1), [...good, 'x'], good.with(4, 'infinity'), good.with(7, '{"a b"}')];
  for (const parts of bad) expect(() => openEntryLine(parts.join('\u001f'))).toThrow('entry-malformed');
});
