import { z } from 'zod';
import { proofOf, type EntryRow } from './query-entries.ts';

const nullable = z.string().nullable();

export const proofState = z.object({
  state: z.enum(['waiting', 'logged', 'proven']),
  leafIndex: z.number().int().nullable(),
});

/** An entry as the API shows it. */
export const shownEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actorSubject: nullable,
  actorRole: nullable,
  initiatorType: z.string(),
  action: z.string(),
  dataClassIds: z.array(z.string()),
  decision: z.string(),
  reasonCode: z.string(),
  resourceType: nullable,
  resourceId: nullable,
  clinicId: nullable,
  patientPseudonym: nullable,
  purpose: nullable,
  outcome: z.string(),
  intentId: nullable,
  requestId: nullable,
  clientAddress: nullable,
  /** Of calls to a model. */
  providerId: nullable,
  purposeId: nullable,
  recordCount: z.number().int().nullable(),
  proof: proofState,
});
export type ShownEntry = z.output<typeof shownEntry>;

export function showEntry(row: EntryRow): ShownEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actorSubject: row.actor_subject,
    actorRole: row.actor_role,
    initiatorType: row.initiator_type,
    action: row.action,
    dataClassIds: row.data_class_ids,
    decision: row.decision,
    reasonCode: row.reason_code,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    clinicId: row.clinic_id,
    patientPseudonym: row.patient_pseudonym,
    purpose: row.purpose,
    outcome: row.outcome,
    intentId: row.intent_id,
    requestId: row.request_id,
    clientAddress: row.client_address,
    providerId: row.provider_id,
    purposeId: row.purpose_id,
    recordCount: row.record_count,
    proof: proofOf(row),
  };
}
