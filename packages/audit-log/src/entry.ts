import { AuditLogError } from './error.ts';

/** What a leaf commits to: one row of `audit.audit_logs` without its salt and without the bookkeeping of its writer. */
export interface LoggedEntry {
  readonly action: string;
  readonly actor_role: string | null;
  readonly actor_session: string | null;
  readonly actor_subject: string | null;
  /** UTC with microseconds: `2026-01-01T00:00:00.000000Z`. */
  readonly at: string;
  readonly client_address: string | null;
  readonly clinic_id: string | null;
  readonly data_class_ids: readonly string[];
  readonly decision: string;
  readonly id: string;
  readonly initiator_type: string;
  readonly intent_id: string | null;
  readonly outcome: string;
  readonly patient_pseudonym: string | null;
  readonly provider_id: string | null;
  readonly purpose: string | null;
  readonly purpose_id: string | null;
  readonly reason_code: string;
  readonly record_count: number | null;
  readonly request_id: string | null;
  readonly resource_id: string | null;
  readonly resource_type: string | null;
  readonly tenant_id: string | null;
  readonly written_by: string;
}

/** In the order of RFC 8785, which for these names is that of the alphabet. */
export const entryFields = [
  'action', 'actor_role', 'actor_session', 'actor_subject', 'at', 'client_address', 'clinic_id', 'data_class_ids',
  'decision', 'id', 'initiator_type', 'intent_id', 'outcome', 'patient_pseudonym', 'provider_id', 'purpose', 'purpose_id',
  'reason_code', 'record_count', 'request_id', 'resource_id', 'resource_type', 'tenant_id', 'written_by',
] as const satisfies readonly (keyof LoggedEntry)[]; // prettier-ignore

/** Never null in the table. */
export const requiredFields: ReadonlySet<string> = new Set(['action', 'at', 'data_class_ids', 'decision', 'id', 'initiator_type', 'outcome', 'reason_code', 'written_by']); // prettier-ignore

/** Between the columns of a row that the store gives as one text. */
const separator = '\u001f';
/** Stands for NULL there. */
const absent = '\u001e';

/**
 * SQL for a row as one text: a column a row costs the driver far less than 24. Sessions that use it must have the
 * settings of `entrySession`, for the text of a time depends on them.
 * @param alias of `audit.audit_logs` in the statement; never from input
 */
export function entryLineSql(alias: string): string {
  const parts = entryFields.map((field) =>
    // concat_ws passes NULL by, which would move the columns behind it.
    requiredFields.has(field) ? `${alias}.${field}` : `coalesce(${alias}.${field}::text, E'\\x1e')`,
  );
  return `concat_ws(E'\\x1f', ${parts.join(', ')})`;
}

/**
 * Start-up options of a session that reads entry lines. It pages by indexes; figures of an empty log must not lead the
 * planner to read all of a large one for each page.
 */
export const entrySession = [
  '-c TimeZone=UTC -c DateStyle=ISO',
  '-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_sort=off',
].join(' ');

const timeForm = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]{0,7}\+00$/;

/** The store's text of a time as an entry has it. @throws AuditLogError `entry-malformed` */
function readTime(text: string): string {
  if (!timeForm.test(text)) throw new AuditLogError('entry-malformed', { detail: 'the time' });
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(6, '0')}Z`;
}

/** A list of data classes, as PostgreSQL writes it. @throws AuditLogError `entry-malformed` */
function readList(text: string): string[] {
  // What needs quotes is no data class: the table's check refuses it, so a row that has it came past the check.
  if (!/^\{[A-Za-z0-9,]*\}$/.test(text))
    throw new AuditLogError('entry-malformed', { detail: 'the data classes' });
  return text === '{}' ? [] : text.slice(1, -1).split(',');
}

/**
 * Reads a row that `entryLineSql` wrote.
 * @throws AuditLogError `entry-malformed`: a value holds a separator, or has another form than the table's checks allow
 */
export function readEntryLine(line: string): LoggedEntry {
  const parts = line.split(separator);
  if (parts.length !== entryFields.length)
    throw new AuditLogError('entry-malformed', { detail: `${parts.length} columns` });
  const text = (position: number): string => {
    const part = parts[position];
    if (part === undefined || part === absent)
      throw new AuditLogError('entry-malformed', { detail: entryFields[position] ?? '' });
    return part;
  };
  const optional = (position: number): string | null => {
    const part = parts[position];
    return part === absent || part === undefined ? null : part;
  };
  const count = optional(18);
  return {
    action: text(0),
    actor_role: optional(1),
    actor_session: optional(2),
    actor_subject: optional(3),
    at: readTime(text(4)),
    client_address: optional(5),
    clinic_id: optional(6),
    data_class_ids: readList(text(7)),
    decision: text(8),
    id: text(9),
    initiator_type: text(10),
    intent_id: optional(11),
    outcome: text(12),
    patient_pseudonym: optional(13),
    provider_id: optional(14),
    purpose: optional(15),
    purpose_id: optional(16),
    reason_code: text(17),
    record_count: count === null ? null : Number(count),
    request_id: optional(19),
    resource_id: optional(20),
    resource_type: optional(21),
    tenant_id: optional(22),
    written_by: text(23),
  };
}

/**
 * An entry that came as JSON, as in an export.
 * @throws AuditLogError `entry-malformed` for a member too many, too few, or of another type
 */
export function readEntryJson(value: unknown): LoggedEntry {
  const refuse = (detail: string): AuditLogError => new AuditLogError('entry-malformed', { detail });
  if (typeof value !== 'object' || value === null) throw refuse('not an object');
  const members = value as Record<string, unknown>;
  if (Object.keys(members).length !== entryFields.length) throw refuse('other members than an entry has');
  for (const field of entryFields) {
    const member = members[field];
    const fits =
      field === 'data_class_ids'
        ? Array.isArray(member) && member.every((each) => typeof each === 'string')
        : field === 'record_count'
          ? member === null || Number.isSafeInteger(member)
          : member === null
            ? !requiredFields.has(field)
            : typeof member === 'string';
    if (!fits) throw refuse(field);
  }
  return members as unknown as LoggedEntry;
}
