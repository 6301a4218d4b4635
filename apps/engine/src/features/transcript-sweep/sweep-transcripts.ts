import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../audit/entry.ts';
import { outcomeStores } from '../../outbox/outcome-stores.ts';
import { recordFailure } from '../../pipeline/intent.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { readLimits } from './read-limits.ts';
import { transcriptStores } from './transcript-stores.ts';

/** In steps, each a transaction of its own, so that none holds many rows for long. */
const rowsAStep = 500;
/** What comes behind is the next run's. */
const stepsOfOneRun = 20;

/**
 * Deletes one tenant's conversations whose retention has ended, by the policy in force now: patients' with what stood there
 * before, and visitors'. Answers how many.
 */
export async function sweepTranscripts(engine: EngineContext, tenantId: string): Promise<number> {
  let removed = 0;
  for (const store of ['clinical', 'marketing'] as const)
    for (let step = 0; step < stepsOfOneRun; step += 1) {
      const inThisStep = await sweepStep(engine, tenantId, store);
      removed += inThisStep;
      if (inThisStep < rowsAStep) break;
    }
  if (removed > 0) engine.logger.info('transcripts swept', { component: 'ai', tenantId, count: removed });
  return removed;
}

/**
 * Told to the audit log first, by number; the outcome is left in the transaction that deletes. All that were told go, or none:
 * one that is gone on with, or held, since it was found makes the step fail, and the next run finds the others.
 */
async function sweepStep(
  engine: EngineContext,
  tenantId: string,
  name: keyof typeof transcriptStores,
): Promise<number> {
  const { within } = outcomeStores[name];
  const store = transcriptStores[name];
  const limits = JSON.stringify(readLimits(engine.policy(), store.dataClass));
  const { rows } = await within(engine.stores, tenantId, (transaction) =>
    transaction.query<{ id: string }>(store.findEnded, [tenantId, limits, rowsAStep]),
  );
  if (rows.length === 0) return 0;
  const intent: AuditEntry = {
    id: randomUUID(),
    tenantId,
    initiatorType: 'system',
    action: 'transcripts.swept',
    resourceType: store.resourceType,
    dataClassIds: [store.dataClass],
    decision: 'permit',
    reasonCode: 'retention-ended',
    outcome: 'intent',
    recordCount: rows.length,
  };
  await engine.audit.append([intent]);
  try {
    await within(engine.stores, tenantId, async (transaction) => {
      const ids = rows.map(({ id }) => id);
      let deleted: number | null = null;
      for (const statement of store.remove)
        deleted = (await transaction.query(statement, [tenantId, ids])).rowCount;
      if (deleted !== ids.length) throw new Error('some of what was to be deleted may not go any more');
      await transaction.query(store.leaveOutcome, [tenantId, randomUUID(), intent.action, intent.id]);
    });
  } catch (error) {
    await recordFailure(engine, intent);
    throw error;
  }
  engine.wakeRelay(tenantId);
  return rows.length;
}
