import { randomUUID } from 'node:crypto';
import { describeCaller } from '../../audit/describe.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { recordFailure } from '../../walk/change-record.ts';
import type { EngineContext } from '../../walk/engine-context.ts';
import { decideSettings } from './decide-settings.ts';
import type { ClinicSettings } from './read-settings.ts';

/**
 * The way of every write, for a row that is no patient's: decide, make the intent durable, then change and outbox row in
 * one transaction under row security.
 * @throws EngineError `access-denied`, `record-unknown`, `audit-unavailable`
 */
export async function changeSettings(
  engine: EngineContext,
  caller: RequestCaller,
  clinicId: string,
  settings: ClinicSettings,
): Promise<void> {
  const { tenantId } = caller;
  const { subject, permit } = await decideSettings(engine, caller, clinicId);
  const intent: AuditEntry = {
    ...describeCaller(caller),
    action: subject.auditAction,
    resourceType: subject.resourceType,
    resourceId: clinicId,
    clinicId,
    dataClassIds: [subject.dataClass],
    decision: 'permit',
    reasonCode: permit.reason,
    outcome: 'intent',
  };
  await engine.audit.append([intent]);
  try {
    await engine.stores.withCaller(caller, async (transaction) => {
      const { rowCount } = await transaction.query(
        'UPDATE clinical.clinics SET keeps_form_pictures = $3 WHERE tenant_id = $1 AND id = $2',
        [tenantId, clinicId, settings.keepsFormPictures],
      );
      if (rowCount !== 1) throw new EngineError('record-unknown');
      await transaction.query(
        'INSERT INTO clinical.outbox (tenant_id, id, topic, intent_id, request_id) VALUES ($1, $2, $3, $4, $5)',
        [tenantId, randomUUID(), subject.auditAction, intent.id, caller.requestId],
      );
    });
  } catch (error) {
    await recordFailure(engine, intent);
    throw error;
  }
  engine.wakeRelay(tenantId);
}
