import type { Transaction } from '@cordon/row-security';
import { describeCaller } from '../audit/describe.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { leaveOutcome, recordFailure } from './change-record.ts';
import { decideOrRefuse, type Subject } from './decide.ts';
import type { EngineContext } from './engine-context.ts';

export interface CommonChange<Result> {
  readonly subject: Subject & { readonly resourceId: string };
  readonly clinicId: string;
  readonly work: (transaction: Transaction) => Promise<Result>;
}

/**
 * The way of a write that is about no patient: the same as `changeRecord`, without keys.
 * @throws EngineError `access-denied`, `audit-unavailable`; what `work` throws.
 */
export async function changeCommon<Result>(
  engine: EngineContext,
  caller: RequestCaller,
  { subject, clinicId, work }: CommonChange<Result>,
): Promise<Result> {
  const permit = await decideOrRefuse(engine, caller, subject, { tenantId: caller.tenantId, clinicId });
  const intent: AuditEntry = {
    ...describeCaller(caller),
    action: subject.auditAction,
    resourceType: subject.resourceType,
    resourceId: subject.resourceId,
    clinicId,
    dataClassIds: [subject.dataClass],
    decision: 'permit',
    reasonCode: permit.reason,
    outcome: 'intent',
  };
  await engine.audit.append([intent]);
  try {
    const result = await engine.stores.withCaller(caller, async (transaction) => {
      const done = await work(transaction);
      await leaveOutcome(transaction, intent);
      return done;
    });
    engine.wakeRelay(caller.tenantId);
    return result;
  } catch (error) {
    await recordFailure(engine, intent);
    throw error;
  }
}
