import { canonicalizeJson } from '@cordon/transparency-log';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entryFields, readEntryJson, readEntryLine, type LoggedEntry } from './entry.ts';
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
