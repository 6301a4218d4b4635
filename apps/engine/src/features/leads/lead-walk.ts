import { randomUUID } from 'node:crypto';
import type { Permit, Resource } from '@cordon/access-policy';
import type { SealedContext, Transaction } from '@cordon/row-security';
import { describeCaller } from '../../audit/describe.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { refuseWhenAway } from '../../stores/stores.ts';
import { recordFailure } from '../../walk/change-record.ts';
import { decideFor, decideOrRefuse, readContext, type Subject } from '../../walk/decide.ts';
import type { EngineContext } from '../../walk/engine-context.ts';
import type { LeadRow } from './lead-rows.ts';

const contextOf = (engine: EngineContext, caller: RequestCaller): SealedContext => ({
  tenantId: caller.tenantId,
  subject: caller.subject,
  role: caller.role,
  clinicIds: caller.clinicIds,
  expiresAt: new Date(Math.min(caller.expiresAt * 1000 + 5_000, Date.now() + 60_000)),
  ...engine.policy().ceilingOf(caller.role),
});

/** One transaction of the marketing store, as the caller. */
export const withLeads = <Result>(
  engine: EngineContext,
  caller: RequestCaller,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> =>
  refuseWhenAway('records-unavailable', () =>
    engine.stores.pools.engine_marketing.within(contextOf(engine, caller), work),
  );

export function leadSubject(
  action: Subject['action'],
  auditAction: Subject['auditAction'],
  resourceId?: string,
): Subject {
  return { action, dataClass: 'marketingLead', auditAction, resourceType: 'Lead', resourceId };
}

const resourceOf = (caller: RequestCaller, clinicId: string | null): Resource => ({
  tenantId: caller.tenantId,
  clinicId: clinicId ?? undefined,
});

/** The rows that the policy opens to the caller, once an entry says for how many. */
export async function permitLeads(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  rows: readonly LeadRow[],
): Promise<readonly LeadRow[]> {
  const context = await readContext(engine, caller);
  const permitted = rows.filter(
    (row) =>
      decideFor(engine, caller, subject, resourceOf(caller, row.clinic_id), context).decision === 'permit',
  );
  const missing = subject.resourceId !== undefined && permitted.length === 0;
  await engine.audit.append([
    {
      ...describeCaller(caller),
      action: subject.auditAction,
      resourceType: subject.resourceType,
      resourceId: subject.resourceId,
      dataClassIds: [subject.dataClass],
      decision: missing ? 'deny' : 'permit',
      reasonCode: missing ? 'no-such-record' : 'granted',
      outcome: 'none',
      recordCount: permitted.length,
    },
  ]);
  if (missing) throw new EngineError('record-unknown');
  return permitted;
}

/** Asks the policy before anything is looked for. */
export const decideLeads = (
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  clinicId: string | null = caller.clinicIds[0] ?? null,
): Promise<Permit> => decideOrRefuse(engine, caller, subject, resourceOf(caller, clinicId));

/**
 * A write in the marketing store, by the way of every write: decide, make the intent durable, then one transaction that also
 * writes the store's outbox, from which the relay takes the outcome.
 */
export async function writeLead<Result>(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject & { readonly resourceId: string },
  clinicId: string | null,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const permit = await decideLeads(engine, caller, subject, clinicId);
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
    const result = await withLeads(engine, caller, async (transaction) => {
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
