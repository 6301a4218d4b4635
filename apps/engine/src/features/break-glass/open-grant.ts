import { randomUUID } from 'node:crypto';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { leaveJob } from '../../jobs/index.ts';
import { scrubText } from '../../records/index.ts';
import { changeRecord, sealFields } from '../../pipeline/change-record.ts';
import type { Subject } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { grantTable } from './grant-rows.ts';

export interface OpenedGrant {
  readonly id: string;
  readonly patientId: string;
  readonly clinicId: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export const breakGlassSubject = (id: string) =>
  ({
    action: 'break-glass',
    dataClass: 'patientProfile',
    auditAction: 'break-glass.opened',
    resourceType: 'BreakGlassGrant',
    resourceId: id,
  }) as const satisfies Subject;

/**
 * Opens one record for the caller alone, as long as the store says, and leaves the notice for whom the clinic has named.
 * @throws EngineError as `changeRecord`
 */
export async function openGrant(
  engine: EngineContext,
  caller: RequestCaller,
  { patientId, clinicId }: { patientId: string; clinicId: string },
  reason: string,
  id: string = randomUUID(),
): Promise<OpenedGrant> {
  const { tenantId } = caller;
  const expiresAt = await changeRecord(engine, caller, {
    subject: breakGlassSubject(id),
    clinicId,
    patientId,
    opensPatient: true,
    work: async (transaction, key) => {
      const cells = await sealFields(transaction, { tenantId, table: grantTable, rowId: id }, key, {
        reason: scrubText(reason),
      });
      await transaction.query(
        `INSERT INTO clinical.break_glass_grants (tenant_id, id, clinic_id, patient_id, account_id, key_id, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [tenantId, id, clinicId, patientId, caller.subject, key.keyId, cells.reason],
      );
      await leaveJob(transaction, { tenantId, task: 'notify-break-glass', resourceId: id });
      const { rows } = await transaction.query<{ expires_at: Date }>(
        'SELECT expires_at FROM clinical.break_glass_grants WHERE tenant_id = $1 AND id = $2',
        [tenantId, id],
      );
      return rows[0]?.expires_at;
    },
  });
  if (expiresAt === undefined)
    throw new EngineError('access-denied', { detail: 'the grant is not the caller’s' });
  // For whoever watches the log for the privacy officer: ids alone, and where the reason is to be read.
  engine.logger.warn('SECURITY_EVENT:BREAK_GLASS', {
    securityEvent: 'BREAK_GLASS',
    requestId: caller.requestId,
    tenantId,
    clinicId,
    resourceId: id,
  });
  return { id, patientId, clinicId, expiresAt: expiresAt.toISOString() };
}
