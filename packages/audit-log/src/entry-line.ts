import { droppedMonth, type DroppedMonth } from './dropped-month.ts';
import {
  absent,
  entryFields,
  readEntryLine,
  readList,
  readTime,
  separator,
  type LoggedEntry,
} from './entry.ts';
import { AuditLogError } from './error.ts';
import { writeEntry } from './leaf.ts';

/** What verification needs of a row: the text that its leaf commits to, and what tells the order of events. */
export interface OpenedLine extends Pick<LoggedEntry, 'id' | 'at' | 'outcome' | 'intent_id'> {
  /** RFC 8785. */
  readonly text: string;
  /** The month that this entry says was dropped, if it does. */
  readonly dropped: DroppedMonth | null;
}

const places = Object.fromEntries(entryFields.map((field, place) => [field, place])) as Record<
  (typeof entryFields)[number],
  number
>;
const heads = entryFields.map((field, place) => `${place === 0 ? '{' : ','}"${field}":`);
/** Nothing that JSON would escape: so is every line that the table's checks let in. */
// eslint-disable-next-line no-control-regex -- the separators are what is looked past
const plain = /^[ !#-[\]-~\u001c-\u001f]*$/;

/** True of lines, or of many at once with separators between, whose columns JSON takes as they are. */
export function isPlain(lines: string): boolean {
  return plain.test(lines);
}

/**
 * The columns of a row that `entryLineSql` wrote, as its canonical text: the same as `writeEntry(readEntryLine(line))` (a test
 * holds them together) at several times its speed, since no entry is made and nothing asked twice.
 * @param parts the line, parted; it must be plain
 * @param from where the entry begins among them, and with which it ends
 * @throws AuditLogError `entry-malformed`
 */
export function openPlainParts(parts: readonly string[], from: number): OpenedLine {
  if (parts.length !== from + heads.length)
    throw new AuditLogError('entry-malformed', { detail: `${parts.length - from} columns` });
  const value = (field: keyof typeof places): string => parts[from + places[field]] ?? '';
  const at = readTime(value('at'));
  let text = '';
  for (let place = 0; place < heads.length; place += 1) {
    const part = parts[from + place] ?? '';
    text += heads[place] ?? '';
    if (part === absent) text += 'null';
    else if (place === places.at) text += `"${at}"`;
    else if (place === places.data_class_ids) text += quoteList(part);
    else if (place === places.record_count) text += String(Number(part));
    else text += `"${part}"`;
  }
  const intentId = value('intent_id');
  const dropped = value('action').startsWith('retention.')
    ? droppedMonth({
        action: value('action'),
        written_by: value('written_by'),
        purpose: value('purpose'),
        record_count: Number(value('record_count')),
        outcome: value('outcome'),
        at,
      })
    : null;
  return {
    id: value('id'),
    at,
    outcome: value('outcome'),
    intent_id: intentId === absent ? null : intentId,
    text: `${text}}`,
    dropped,
  };
}

/** A sign that parts, or stands for nothing, is one only by itself: within a text JSON escapes it. */
function hasPlainParts(parts: readonly string[]): boolean {
  return parts.every((part) => part === absent || !/[^ -~]/.test(part));
}

/** The same of any line. @throws AuditLogError `entry-malformed` */
export function openEntryLine(line: string): OpenedLine {
  const parts = line.split(separator);
  if (isPlain(line) && hasPlainParts(parts)) return openPlainParts(parts, 0);
  const entry = readEntryLine(line);
  // The store's own entries of retention are plain.
  return { ...entry, text: writeEntry(entry), dropped: null };
}

function quoteList(list: string): string {
  const ids = readList(list);
  return ids.length === 0 ? '[]' : `["${ids.join('","')}"]`;
}
