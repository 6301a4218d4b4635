import type { AuditEntry } from './entry.ts';

/** Between the columns of a batch. No value that the store accepts holds it. */
const separator = '\u001e';

/** In the order in which `audit.insert_columns` takes them. */
const columns: readonly ((entry: AuditEntry) => string | number | undefined)[] = [
  (entry) => entry.id,
  (entry) => entry.tenantId,
  (entry) => entry.clinicId,
  (entry) => entry.actorSubject,
  (entry) => entry.actorRole,
  (entry) => entry.actorSession,
  (entry) => entry.initiatorType,
  (entry) => entry.action,
  (entry) => entry.resourceType,
  (entry) => entry.resourceId,
  (entry) => entry.dataClassIds.join(','),
  (entry) => entry.patientPseudonym,
  (entry) => entry.purpose,
  (entry) => entry.decision,
  (entry) => entry.reasonCode,
  (entry) => entry.outcome,
  (entry) => entry.intentId,
  (entry) => entry.requestId,
  (entry) => entry.clientAddress,
  (entry) => entry.providerId,
  (entry) => entry.purposeId,
  (entry) => entry.recordCount,
];

/** An array literal of PostgreSQL. */
function writeColumn(values: readonly (string | number | undefined)[]): string {
  // Nearly all values are ids and codes: asking once a column is cheaper than escaping each.
  const plain = !/["\\]/.test(values.join(''));
  const quoted = values.map((value) => {
    if (value === undefined) return 'NULL';
    return plain ? `"${value}"` : `"${String(value).replaceAll(/["\\]/g, '\\$&')}"`;
  });
  return `{${quoted.join(',')}}`;
}

/** Entries as the engine's door takes them: an array literal a column. */
export function writeColumns(entries: readonly AuditEntry[]): string {
  return columns.map((of) => writeColumn(entries.map(of))).join(separator);
}
