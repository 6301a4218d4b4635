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

function quote(value: string | number | undefined): string {
  if (value === undefined) return 'NULL';
  // Nearly all values are ids and codes: asking is cheaper than escaping.
  const text = String(value);
  return /^[A-Za-z0-9_.:/-]+$/.test(text) ? `"${text}"` : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Entries as the engine's door takes them: an array literal a column. */
export function writeColumns(entries: readonly AuditEntry[]): string {
  return columns.map((of) => `{${entries.map((entry) => quote(of(entry))).join(',')}}`).join(separator);
}
