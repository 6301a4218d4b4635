import { randomUUID } from 'node:crypto';
import type { SealedContext, Transaction } from '@cordon/row-security';
import type { RequestCaller } from '../caller/caller.ts';
import { refuseWhenAway } from '../stores/stores.ts';
import { changeWithoutPatient } from './change-without-patient.ts';
import type { Subject } from './decide.ts';
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
 * A write in the marketing store, whose own outbox holds the row that the relay turns into the outcome.
 * @throws EngineError `access-denied`, `audit-unavailable`, `records-unavailable`; what `work` throws.
 */
export const changeMarketing = <Result>(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject & { readonly resourceId: string },
  clinicId: string | null,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> =>
  changeWithoutPatient(engine, caller, { subject, clinicId: clinicId ?? undefined }, (intent) =>
    withMarketing(engine, caller, async (transaction) => {
      const done = await work(transaction);
      await transaction.query(
        'INSERT INTO marketing.outbox (tenant_id, id, topic, intent_id, request_id) VALUES ($1, $2, $3, $4, $5)',
        [caller.tenantId, randomUUID(), intent.action, intent.id, intent.requestId],
      );
      return done;
    }),
  );
