import type { Transaction } from '@cordon/row-security';
import { EngineError } from '../../error.ts';

/**
 * Appointments are given to those who work in the clinic at this moment; asked in the transaction that writes.
 * @throws EngineError `record-invalid`, naming the field
 */
export async function requireClinician(
  transaction: Transaction,
  { tenantId, clinicId }: { tenantId: string; clinicId: string },
  clinicianId: string,
): Promise<void> {
  const { rowCount } = await transaction.query(
    `SELECT FROM clinical.clinicians
     WHERE tenant_id = $1 AND clinic_id = $2 AND account_id = $3 AND ended_at IS NULL`,
    [tenantId, clinicId, clinicianId],
  );
  if (rowCount !== 1)
    throw new EngineError('record-invalid', {
      fields: [{ field: 'clinicianId', reason: 'not-a-clinician-of-this-clinic' }],
    });
}
