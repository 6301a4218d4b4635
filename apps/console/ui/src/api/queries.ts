import { downloadFile, getJson, getPicture, withQuery } from '@cordon/clinic-page';
import { hashKey, queryOptions } from '@tanstack/react-query';
import type {
  AuditEntry,
  IntakeForm,
  Me,
  Page,
  PatientRecord,
  PatientSummary,
  UrgencyAlert,
} from './types.ts';

export const PAGE_SIZE = 50;

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<Me>('/api/v1/me', { signal }),
  staleTime: Infinity,
});

/**
 * Keeps the page before on screen while the next one of the same list loads. Another clinic's list, or another filter's, must not
 * be taken for the one asked for.
 */
export function isSameList(
  before: { readonly queryKey: readonly unknown[] } | undefined,
  scope: unknown,
): boolean {
  return before !== undefined && hashKey([before.queryKey[1]]) === hashKey([scope]);
}

export function patientsQuery(clinicId: string | null, cursor: string | null) {
  return queryOptions({
    queryKey: ['patients', clinicId, cursor],
    queryFn: ({ signal }) =>
      getJson<Page<PatientSummary>>(
        withQuery('/api/v1/patients', { clinicId, cursor, limit: String(PAGE_SIZE) }),
        { signal },
      ),
    placeholderData: (data, before) => (isSameList(before, clinicId) ? data : undefined),
  });
}

export function patientQuery(patientId: string) {
  return queryOptions({
    queryKey: ['patient', patientId],
    queryFn: ({ signal }) =>
      getJson<PatientRecord>(`/api/v1/patients/${encodeURIComponent(patientId)}`, { signal }),
  });
}

export function intakeFormsQuery(patientId: string) {
  return queryOptions({
    queryKey: ['patient', patientId, 'intake-forms'],
    queryFn: ({ signal }) =>
      getJson<{ items: readonly IntakeForm[] }>(
        `/api/v1/patients/${encodeURIComponent(patientId)}/intake-forms`,
        { signal },
      ),
  });
}

export function formPictureQuery(intakeFormId: string, page: number) {
  return queryOptions({
    queryKey: ['intake-form', intakeFormId, 'picture', page],
    queryFn: ({ signal }) =>
      getPicture(
        withQuery(`/api/v1/intake-forms/${encodeURIComponent(intakeFormId)}/image`, { page: String(page) }),
        { signal },
      ),
  });
}

/** Alerts that somebody has taken; those that wait come live. */
export function takenAlertsQuery(clinicId: string | null, cursor: string | null) {
  return queryOptions({
    queryKey: ['alerts', clinicId, cursor],
    queryFn: ({ signal }) =>
      getJson<Page<UrgencyAlert>>(withQuery('/api/v1/alerts', { clinicId, cursor, state: 'ACKNOWLEDGED' }), {
        signal,
      }),
    placeholderData: (data, before) => (isSameList(before, clinicId) ? data : undefined),
    staleTime: 0,
  });
}

export interface AuditFilter {
  /** ISO 8601 instants; null is open-ended. */
  readonly from: string | null;
  readonly to: string | null;
  readonly action: string | null;
  readonly actor: string | null;
  readonly patient: string | null;
  readonly decision: string | null;
}

export type AuditExportFormat = 'csv' | 'ndjson' | 'fhir';

/** Takes the entries that fit the filter away as a file; asks for a fresh factor. Throws RequestError. */
export function downloadAudit(filter: AuditFilter, format: AuditExportFormat): Promise<void> {
  const name = `audit-log.${format === 'csv' ? 'csv' : format === 'fhir' ? 'fhir.ndjson' : 'ndjson'}`;
  return downloadFile(withQuery('/api/v1/audit-entries/export', { ...filter, format }), name);
}

export function auditQuery(filter: AuditFilter, cursor: string | null) {
  return queryOptions({
    queryKey: ['audit', filter, cursor],
    queryFn: ({ signal }) =>
      getJson<Page<AuditEntry>>(
        withQuery('/api/v1/audit-entries', { ...filter, cursor, limit: String(PAGE_SIZE) }),
        { signal },
      ),
    placeholderData: (data, before) => (isSameList(before, filter) ? data : undefined),
    staleTime: 0,
  });
}
