import type { Transaction } from '@cordon/row-security';
import { z } from 'zod';
import { placeColumn, type PagePlace, isKnownYear } from '../../server/page-cursor.ts';

/** What a reader may ask for. A patient is named by record id; the log knows the pseudonym alone. */
export const entryFilter = z.strictObject({
  from: z.iso.datetime({ offset: true }).refine(isKnownYear).optional(),
  to: z.iso.datetime({ offset: true }).refine(isKnownYear).optional(),
  action: z
    .string()
    .regex(/^[a-z.-]{1,80}$/)
    .optional(),
  actor: z.uuid().optional(),
  patient: z.uuid().optional(),
  decision: z.enum(['permit', 'deny']).optional(),
});
export type EntryFilter = z.output<typeof entryFilter>;

export interface EntryRow {
  readonly id: string;
  readonly place: string;
  readonly at: Date;
  readonly actor_subject: string | null;
  readonly actor_role: string | null;
  readonly initiator_type: string;
  readonly action: string;
  readonly data_class_ids: string[];
  readonly decision: string;
  readonly reason_code: string;
  readonly resource_type: string | null;
  readonly resource_id: string | null;
  readonly clinic_id: string | null;
  readonly patient_pseudonym: string | null;
  readonly purpose: string | null;
  readonly provider_id: string | null;
  readonly purpose_id: string | null;
  readonly outcome: string;
  readonly intent_id: string | null;
  readonly request_id: string | null;
  readonly client_address: string | null;
  readonly record_count: number | null;
  readonly leaf_index: string | null;
  readonly proven: boolean;
}

/**
 * A page of the log under the caller's row security, newest first. `pseudonym`: undefined where none is asked for.
 * `accessesOnce` leaves out that something succeeded of which the intent names the same patient.
 */
export async function queryEntries(
  transaction: Transaction,
  tenantId: string,
  filter: EntryFilter & { readonly accessesOnce?: boolean },
  pseudonym: string | undefined,
  after: PagePlace | null,
  limit: number,
): Promise<readonly EntryRow[]> {
  const { rows } = await transaction.query<EntryRow>(
    `SELECT a.id, a.at, ${placeColumn('a.at')} AS place, a.actor_subject, a.actor_role, a.initiator_type, a.action,
       a.data_class_ids, a.decision, a.reason_code, a.resource_type, a.resource_id, a.clinic_id, a.patient_pseudonym,
       a.purpose, a.provider_id, a.purpose_id, a.outcome, a.intent_id, a.request_id, host(a.client_address) AS client_address, a.record_count,
       l.leaf_index::text AS leaf_index,
       coalesce(l.leaf_index < (SELECT max(tree_size) FROM audit.checkpoints), false) AS proven
     FROM (SELECT * FROM audit.audit_logs e
       WHERE tenant_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
         AND ($4::text IS NULL OR action = $4) AND ($5::uuid IS NULL OR actor_subject = $5)
         AND ($6::uuid IS NULL OR patient_pseudonym = $6) AND ($7::text IS NULL OR decision = $7)
         AND ($8::timestamptz IS NULL OR (at, id) < ($8, $9::uuid))
         AND NOT ($11 AND outcome = 'success' AND EXISTS (SELECT FROM audit.audit_logs i
           WHERE i.id = e.intent_id AND i.id <> e.id AND i.patient_pseudonym = e.patient_pseudonym))
       ORDER BY at DESC, id DESC LIMIT $10) a
     LEFT JOIN audit.audit_leaves l ON l.entry_id = a.id
     ORDER BY a.at DESC, a.id DESC`,
    [
      tenantId, filter.from ?? null, filter.to ?? null, filter.action ?? null, filter.actor ?? null, pseudonym ?? null,
      filter.decision ?? null, after?.at ?? null, after?.id ?? null, limit,
      filter.accessesOnce ?? false,
    ],
  ); // prettier-ignore
  return rows;
}

/** `waiting` for its place in the tree, `logged` in it, `proven` by a signed checkpoint that is kept. */
export function proofOf(row: EntryRow): { state: 'waiting' | 'logged' | 'proven'; leafIndex: number | null } {
  if (row.leaf_index === null) return { state: 'waiting', leafIndex: null };
  return { state: row.proven ? 'proven' : 'logged', leafIndex: Number(row.leaf_index) };
}
