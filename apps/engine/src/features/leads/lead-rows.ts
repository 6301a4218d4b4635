import type { Transaction } from '@cordon/row-security';
import { z } from 'zod';
import { placeColumn, type PagePlace } from '../../server/page-cursor.ts';

export const leadTable = 'marketing.leads';
export const leadState = z.enum(['new', 'contacted', 'closed', 'withdrawn']);

export interface LeadRow {
  readonly id: string;
  readonly clinic_id: string | null;
  readonly state: z.infer<typeof leadState>;
  readonly consent_to_contact: boolean;
  readonly consent_wording_version: number;
  readonly key_id: string;
  readonly full_name: Buffer;
  readonly contact: Buffer;
  readonly message: Buffer | null;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly updated_by: string | null;
  readonly body_token: Buffer | null;
  readonly place: string;
}

const columns = `id, clinic_id, state, consent_to_contact, consent_wording_version, key_id, full_name, contact, message,
  version, created_at, updated_at, updated_by, body_token, ${placeColumn('created_at')} AS place`;

export async function findLead(
  transaction: Transaction,
  tenantId: string,
  id: string,
): Promise<LeadRow | undefined> {
  const { rows } = await transaction.query<LeadRow>(
    `SELECT ${columns} FROM marketing.leads WHERE tenant_id = $1 AND id = $2`,
    [tenantId, id],
  );
  return rows[0];
}

/** Newest first, of the given clinics and of none. */
export async function listLeads(
  transaction: Transaction,
  tenantId: string,
  page: { clinicIds: readonly string[] | null; after: PagePlace | null; limit: number },
): Promise<readonly LeadRow[]> {
  const { rows } = await transaction.query<LeadRow>(
    `SELECT ${columns} FROM marketing.leads
     WHERE tenant_id = $1 AND ($2::uuid[] IS NULL OR clinic_id IS NULL OR clinic_id = ANY ($2))
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $5`,
    [tenantId, page.clinicIds, page.after?.at ?? null, page.after?.id ?? null, page.limit + 1],
  );
  return rows;
}

export interface LeadVersion {
  readonly version: number;
  readonly state: z.infer<typeof leadState>;
  readonly updated_at: Date;
  readonly updated_by: string | null;
}

export async function listLeadVersions(
  transaction: Transaction,
  tenantId: string,
  id: string,
): Promise<readonly LeadVersion[]> {
  const { rows } = await transaction.query<LeadVersion>(
    `SELECT version, state, updated_at, updated_by FROM marketing.lead_versions
     WHERE tenant_id = $1 AND lead_id = $2 ORDER BY version DESC LIMIT 200`,
    [tenantId, id],
  );
  return rows;
}

/** Keeps the state that was and sets the next, from this version alone. */
export async function changeLead(
  transaction: Transaction,
  target: { tenantId: string; id: string; version: number; subject: string; versionId: string },
  state: z.infer<typeof leadState>,
): Promise<boolean> {
  const { tenantId, id, version, subject, versionId } = target;
  await transaction.query(
    `INSERT INTO marketing.lead_versions (tenant_id, id, lead_id, version, state, updated_at, updated_by)
     SELECT tenant_id, $4, id, version, state, updated_at, updated_by FROM marketing.leads
     WHERE tenant_id = $1 AND id = $2 AND version = $3 FOR UPDATE
     ON CONFLICT (tenant_id, lead_id, version) DO NOTHING`,
    [tenantId, id, version, versionId],
  );
  const { rowCount } = await transaction.query(
    `UPDATE marketing.leads SET state = $4, version = version + 1, updated_at = now(), updated_by = $5
     WHERE tenant_id = $1 AND id = $2 AND version = $3`,
    [tenantId, id, version, state, subject],
  );
  return rowCount === 1;
}
