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
  action: z.string(),
  dataClassIds: z.array(z.string()),
  decision: z.string(),
  reasonCode: z.string(),
  resourceType: nullable,
  resourceId: nullable,
  clinicId: nullable,
  outcome: z.string(),
  requestId: nullable,
  proof: proofState,
});
export type ShownEntry = z.output<typeof shownEntry>;

export function showEntry(row: EntryRow): ShownEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actorSubject: row.actor_subject,
    actorRole: row.actor_role,
    action: row.action,
    dataClassIds: row.data_class_ids,
    decision: row.decision,
    reasonCode: row.reason_code,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    clinicId: row.clinic_id,
    outcome: row.outcome,
    requestId: row.request_id,
    proof: proofOf(row),
  };
}
