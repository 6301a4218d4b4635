import type { Transaction } from '@cordon/row-security';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { sealForTenant } from '../../pipeline/tenant-cells.ts';
import { clinicianTable } from './clinician-table.ts';

/**
 * Keeps what clinics call one of their clinicians, in these clinics alone: who administers one names nobody in another. A
 * name is what an administrator says; it is never asked of identity, which would tell one tenant that another knows the person.
 */
export async function nameClinician(
  engine: EngineContext,
  transaction: Transaction,
  {
    tenantId,
    accountId,
    clinicIds,
    fullName,
    unnamedOnly = false,
  }: {
    tenantId: string;
    accountId: string;
    clinicIds: readonly string[];
    fullName: string;
    unnamedOnly?: boolean;
  },
): Promise<void> {
  const { rows } = await transaction.query<{ id: string }>(
    `SELECT id FROM clinical.clinicians
     WHERE tenant_id = $1 AND account_id = $2 AND clinic_id = ANY ($3::uuid[]) AND (NOT $4::boolean OR key_id IS NULL)`,
    [tenantId, accountId, clinicIds, unnamedOnly],
  );
  if (rows.length === 0) return;
  const cells = rows.map(({ id }) => ({
    table: clinicianTable,
    column: 'full_name',
    rowId: id,
    plaintext: fullName,
  }));
  const { keyId, sealed } = await sealForTenant(engine, transaction, tenantId, cells);
  await transaction.query(
    `UPDATE clinical.clinicians c SET full_name = named.cell, key_id = $2
     FROM unnest($3::uuid[], $4::bytea[]) AS named (id, cell) WHERE c.tenant_id = $1 AND c.id = named.id`,
    [tenantId, keyId, rows.map(({ id }) => id), sealed],
  );
}
