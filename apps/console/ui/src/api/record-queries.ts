import { getJson, patchJson, postJson, withQuery } from '@cordon/clinic-page';
import { queryOptions } from '@tanstack/react-query';
import type {
  Appointment,
  ClinicalRecord,
  Clinician,
  Conversation,
  OpenedConversation,
  Page,
  PatientSummary,
  TreatmentPlan,
} from './types.ts';

/** The engine gives at most this many at once; a day of one clinic has fewer. */
const MOST_OF_DAY = '100';

/** The appointments that begin in an interval: ISO instants, `to` left out. */
export function appointmentsQuery(clinicId: string, from: string, to: string) {
  return queryOptions({
    queryKey: ['appointments', clinicId, from, to],
    queryFn: ({ signal }) =>
      getJson<Page<Appointment>>(
        withQuery('/api/v1/appointments', { clinicId, from, to, limit: MOST_OF_DAY }),
        { signal },
      ),
    staleTime: 0,
  });
}

export function patientAppointmentsQuery(patientId: string) {
  return queryOptions({
    queryKey: ['appointments', 'of', patientId],
    queryFn: ({ signal }) =>
      getJson<Page<Appointment>>(withQuery('/api/v1/appointments', { patientId, limit: MOST_OF_DAY }), {
        signal,
      }),
    staleTime: 0,
  });
}

/** The names behind some ids, as one listing. */
export function namesQuery(ids: readonly string[]) {
  return queryOptions({
    queryKey: ['patients', 'named', ids],
    queryFn: ({ signal }) =>
      getJson<Page<PatientSummary>>(
        withQuery('/api/v1/patients', { ids: ids.join(','), limit: MOST_OF_DAY }),
        { signal },
      ),
    enabled: ids.length > 0,
  });
}

export function clinicalRecordsQuery(patientId: string) {
  return queryOptions({
    queryKey: ['clinical-records', patientId],
    queryFn: ({ signal }) =>
      getJson<Page<ClinicalRecord>>(withQuery('/api/v1/clinical-records', { patientId }), { signal }),
  });
}

export function treatmentPlansQuery(patientId: string) {
  return queryOptions({
    queryKey: ['treatment-plans', patientId],
    queryFn: ({ signal }) =>
      getJson<Page<TreatmentPlan>>(withQuery('/api/v1/treatment-plans', { patientId }), { signal }),
  });
}

export function conversationsQuery(patientId: string) {
  return queryOptions({
    queryKey: ['conversations', patientId],
    queryFn: ({ signal }) =>
      getJson<Page<Conversation>>(withQuery('/api/v1/chat-transcripts', { patientId }), { signal }),
    staleTime: 0,
  });
}

export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: ['conversations', 'whole', id],
    queryFn: ({ signal }) =>
      getJson<OpenedConversation>(`/api/v1/ai/conversations/${encodeURIComponent(id)}`, { signal }),
  });
}

/** One record opened whole, when a person asks for it. */
export function wholeQuery<Shown>(segment: 'clinical-records' | 'treatment-plans', id: string) {
  return queryOptions({
    queryKey: [segment, 'whole', id],
    queryFn: ({ signal }) => getJson<Shown>(`/api/v1/${segment}/${encodeURIComponent(id)}`, { signal }),
  });
}

export interface PatientSearch {
  readonly name?: string;
  readonly dateOfBirth?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly nhsNumber?: string;
}

export interface FoundPatients {
  readonly items: readonly PatientSummary[];
  /** More were found than are shown. */
  readonly more: boolean;
}

/** What is sought travels in the body: addresses are logged. Throws RequestError. */
export function searchPatients(search: PatientSearch): Promise<FoundPatients> {
  return postJson('/api/v1/patients/search', search);
}

/** Throws RequestError; refused where somebody changed it since it was read. */
export function changeAppointment({ id, version }: Appointment, state: string): Promise<unknown> {
  return patchJson(
    `/api/v1/appointments/${encodeURIComponent(id)}`,
    { state },
    { ifMatch: `"${id}.${version}"` },
  );
}

/** Whom one can book with in a clinic. */
export function cliniciansQuery(clinicId: string) {
  return queryOptions({
    queryKey: ['clinicians', clinicId],
    queryFn: ({ signal }) =>
      getJson<{ readonly items: readonly Clinician[] }>(withQuery('/api/v1/clinicians', { clinicId }), {
        signal,
      }),
  });
}

/** A record as it is and as it was, newest first. */
export function historyQuery<Shown>(
  segment: 'clinical-records' | 'treatment-plans' | 'patients',
  id: string,
) {
  return queryOptions({
    queryKey: [segment, 'history', id],
    queryFn: ({ signal }) =>
      getJson<Pick<Page<Shown>, 'items'>>(`/api/v1/${segment}/${encodeURIComponent(id)}/history`, {
        signal,
      }),
    staleTime: 0,
  });
}

/** The entry as it should have been; refused where somebody amended it since. Throws RequestError. */
export function amendEntry(
  id: string,
  body: object,
  idempotencyKey: string,
): Promise<{ readonly id: string }> {
  return postJson(`/api/v1/clinical-records/${encodeURIComponent(id)}/amendments`, body, {
    idempotencyKey,
    ifMatch: `"${id}.1"`,
  });
}

/** Throws RequestError. */
export function addRecord(
  segment: 'appointments' | 'clinical-records' | 'treatment-plans',
  body: object,
  idempotencyKey: string,
): Promise<{ readonly id: string }> {
  return postJson(`/api/v1/${segment}`, body, { idempotencyKey });
}
