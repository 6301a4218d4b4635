import type { Transaction } from '@cordon/row-security';
import { placeColumn, type PagePlace } from '../../server/page-cursor.ts';
import type { RecordRow } from '../../pipeline/disclose-records.ts';

export const grantTable = 'clinical.break_glass_grants';

export interface GrantRow extends RecordRow {
  readonly account_id: string;
  readonly granted_at: Date;
  readonly expires_at: Date;
  readonly review: 'justified' | 'not-justified' | null;
  readonly reviewed_by: string | null;
  readonly reviewed_at: Date | null;
  readonly reason: Buffer;
  readonly place: string;
}

/** Newest first; row security shows those of the reviewer's clinics. */
export async function listGrants(
  transaction: Transaction,
  tenantId: string,
  page: { waiting: boolean; after: PagePlace | null; limit: number },
): Promise<readonly GrantRow[]> {
  const { rows } = await transaction.query<GrantRow>(
    `SELECT id, clinic_id, patient_id, account_id, granted_at, expires_at, review, reviewed_by, reviewed_at, reason,
       ${placeColumn('granted_at')} AS place
     FROM clinical.break_glass_grants
     WHERE tenant_id = $1 AND (NOT $2::boolean OR review IS NULL)
       AND ($3::timestamptz IS NULL OR (granted_at, id) < ($3, $4::uuid))
     ORDER BY granted_at DESC, id DESC LIMIT $5`,
    [tenantId, page.waiting, page.after?.at ?? null, page.after?.id ?? null, page.limit + 1],
  );
  return rows;
}

/** Clinic and patient of one grant, where the reviewer sees it. */
export async function findGrant(
  transaction: Transaction,
  tenantId: string,
  id: string,
): Promise<RecordRow | undefined> {
  const { rows } = await transaction.query<RecordRow & { account_id: string }>(
    'SELECT id, clinic_id, patient_id FROM clinical.break_glass_grants WHERE tenant_id = $1 AND id = $2',
    [tenantId, id],
  );
  return rows[0];
}
