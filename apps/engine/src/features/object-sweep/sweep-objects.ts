import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../audit/entry.ts';
import { addJobs, type JobTarget } from '../../jobs/index.ts';
import { mostListed, orphanAfterMs, type ObjectStore } from '../../objects/index.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { findUnnamed } from './find-unnamed.ts';

/** One run looks at this many pages; what comes behind is another job's. */
const pagesOfOneRun = 20;

/**
 * Removes what was written for a row that never came to be, because its process ended in between: objects older than an hour
 * that no row names (a row names an object within half of that, see `claimObject`), and unfinished files. What cannot be removed
 * now is found by the next sweep.
 */
export async function sweepObjects(
  engine: EngineContext,
  objects: ObjectStore,
  { tenantId, resourceId: after }: JobTarget,
  now: Date = new Date(),
): Promise<{ readonly looked: number; readonly removed: number }> {
  const before = new Date(now.getTime() - orphanAfterMs);
  let looked = 0;
  let removed = after === undefined ? await objects.removeUnfinished(tenantId, before) : 0;
  let place = after;
  for (let page = 0; page < pagesOfOneRun; page += 1) {
    const listing = await objects.list(tenantId, { after: place, limit: mostListed });
    const old = listing.objects.filter(({ writtenAt }) => writtenAt < before).map(({ objectId }) => objectId);
    looked += listing.objects.length;
    const unnamed = old.length === 0 ? [] : await findUnnamed(engine.stores, tenantId, old);
    removed += await removeObjects(engine, objects, tenantId, unnamed);
    place = listing.next;
    if (place === undefined) break;
  }
  if (place !== undefined) await leaveTheRest(engine, tenantId, place);
  engine.logger.info('objects swept', { component: 'objects', tenantId, count: removed });
  return { looked, removed };
}

/** Told to the audit log first, by number: the objects have no patient any more, and nobody can open them. */
async function removeObjects(
  engine: EngineContext,
  objects: ObjectStore,
  tenantId: string,
  objectIds: readonly string[],
): Promise<number> {
  if (objectIds.length === 0) return 0;
  const intent: AuditEntry = {
    id: randomUUID(),
    tenantId,
    initiatorType: 'system',
    action: 'objects.swept',
    dataClassIds: ['imagingAsset', 'intakeForm'],
    decision: 'permit',
    reasonCode: 'no-row-names-it',
    outcome: 'intent',
    recordCount: objectIds.length,
  };
  await engine.audit.append([intent]);
  const done = await Promise.allSettled(objectIds.map((objectId) => objects.remove({ tenantId, objectId })));
  const recordCount = done.filter(({ status }) => status === 'fulfilled').length;
  const outcome = recordCount === objectIds.length ? 'success' : 'failure';
  await engine.audit.append([{ ...intent, id: randomUUID(), intentId: intent.id, outcome, recordCount }]);
  return recordCount;
}

async function leaveTheRest(engine: EngineContext, tenantId: string, after: string): Promise<void> {
  await engine.stores.withTenantJob(tenantId, (transaction) =>
    addJobs(transaction, [
      { identifier: 'sweep-objects', payload: { tenantId, resourceId: after }, run_at: null, job_key: null },
    ]),
  );
}
