import { showEntry, type ShownEntry } from './describe-entry.ts';
import { toAuditEvent } from './fhir.ts';
import type { EntryRow } from './query-entries.ts';

export interface ExportFormat {
  readonly mediaType: string;
  readonly head: string;
  readonly line: (row: EntryRow) => string;
}

const columns = [
  'at', 'id', 'actorSubject', 'actorRole', 'action', 'dataClassIds', 'decision', 'reasonCode', 'resourceType', 'resourceId',
  'clinicId', 'outcome', 'requestId', 'initiatorType', 'patientPseudonym', 'purpose', 'intentId', 'clientAddress', 'providerId',
  'purposeId', 'recordCount',
] as const satisfies readonly (keyof ShownEntry)[]; // prettier-ignore

/** Quoted per RFC 4180; a leading sign is defused, full-width ones too, since a spreadsheet would take it for a formula (OWASP, CSV injection). */
function quote(value: string): string {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

function toCsv(row: EntryRow): string {
  const shown = showEntry(row);
  const cells = columns.map((column) => {
    const value = shown[column];
    return quote(Array.isArray(value) ? value.join(' ') : String(value ?? ''));
  });
  return [...cells, quote(shown.proof.state), quote(String(shown.proof.leafIndex ?? ''))].join(',') + '\r\n';
}

export const exportFormats = {
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    head: `${[...columns, 'proofState', 'leafIndex'].join(',')}\r\n`,
    line: toCsv,
  },
  ndjson: {
    mediaType: 'application/x-ndjson',
    head: '',
    line: (row) => `${JSON.stringify(showEntry(row))}\n`,
  },
  fhir: {
    mediaType: 'application/fhir+ndjson',
    head: '',
    line: (row) => `${JSON.stringify(toAuditEvent(row))}\n`,
  },
} as const satisfies Record<string, ExportFormat>;
