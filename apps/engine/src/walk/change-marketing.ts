import { randomUUID } from 'node:crypto';
import type { SealedContext, Transaction } from '@cordon/row-security';
import { describeCaller } from '../audit/describe.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { refuseWhenAway } from '../stores/stores.ts';
import { recordFailure } from './change-record.ts';
import { decideOrRefuse, type Subject } from './decide.ts';
import type { EngineContext } from './engine-context.ts';

const contextOf = (engine: EngineContext, caller: RequestCaller): SealedContext => ({
  tenantId: caller.tenantId,
  subject: caller.subject,
  role: caller.role,
  clinicIds: caller.clinicIds,
  expiresAt: new Date(Math.min(caller.expiresAt * 1000 + 5_000, Date.now() + 60_000)),
  ...engine.policy().ceilingOf(caller.role),
});

/** One transaction of the marketing store, as the caller. */
export const withMarketing = <Result>(
  engine: EngineContext,
  caller: RequestCaller,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> =>
  refuseWhenAway('records-unavailable', () =>
    engine.stores.pools.engine_marketing.within(contextOf(engine, caller), work),
  );

/**
 * A write in the marketing store, by the way of every write: decide, make the intent durable, then one transaction that also
 * writes the store's outbox, from which the relay takes the outcome.
 * @throws EngineError `access-denied`, `audit-unavailable`, `records-unavailable`, and what `work` throws
 */
export async function changeMarketing<Result>(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject & { readonly resourceId: string },
  clinicId: string | null,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const permit = await decideOrRefuse(engine, caller, subject, {
    tenantId: caller.tenantId,
    clinicId: clinicId ?? undefined,
  });
  const intent: AuditEntry = {
    ...describeCaller(caller),
    action: subject.auditAction,
    resourceType: subject.resourceType,
    resourceId: subject.resourceId,
    clinicId: clinicId ?? undefined,
    dataClassIds: [subject.dataClass],
    decision: 'permit',
    reasonCode: permit.reason,
    outcome: 'intent',
  };
  await engine.audit.append([intent]);
  try {
    const result = await withMarketing(engine, caller, async (transaction) => {
      const done = await work(transaction);
      await transaction.query(
        'INSERT INTO marketing.outbox (tenant_id, id, topic, intent_id, request_id) VALUES ($1, $2, $3, $4, $5)',
        [caller.tenantId, randomUUID(), intent.action, intent.id, intent.requestId],
      );
      return done;
    });
    engine.wakeRelay(caller.tenantId);
    return result;
  } catch (error) {
    await recordFailure(engine, intent);
    throw error;
  }
}
