import type { Transaction } from '@cordon/row-security';
import type { Stores } from '../stores/stores.ts';
import { outcomeStores } from './outcome-stores.ts';

const hour = 3_600;
/** A sender repeats a create within minutes; a day is what the header's draft calls a usual time (…-idempotency-key-header, 2.3). */
const keyLifeSeconds = 24 * hour;
/** Delivered outcomes stand in the audit log; they stay here for a week, for whoever looks into a fault. */
const servedLifeSeconds = 7 * 24 * hour;
const rowsAStep = 1_000;

const sweepKeys = `DELETE FROM clinical.idempotency_keys WHERE tenant_id = $1 AND id IN (
    SELECT id FROM clinical.idempotency_keys
    WHERE tenant_id = $1 AND created_at < now() - make_interval(secs => $2) LIMIT $3)`;

/** Takes away one tenant's rows that have served: idempotency keys after a day, what the outboxes delivered after a week. */
export async function sweepServed(stores: Stores, tenantId: string): Promise<void> {
  const { clinical, marketing } = outcomeStores;
  const inClinical = (work: (transaction: Transaction) => Promise<number>) =>
    clinical.within(stores, tenantId, work);
  await sweepAll(inClinical, sweepKeys, [tenantId, keyLifeSeconds, rowsAStep]);
  await sweepAll(inClinical, clinical.sweep, [tenantId, servedLifeSeconds, rowsAStep]);
  await sweepAll((work) => marketing.within(stores, tenantId, work), marketing.sweep, [
    tenantId,
    servedLifeSeconds,
    rowsAStep,
  ]);
}

/** In steps, each a transaction of its own, so that none holds many rows for long. */
async function sweepAll(
  within: (work: (transaction: Transaction) => Promise<number>) => Promise<number>,
  statement: string,
  values: unknown[],
): Promise<void> {
  let removed: number;
  do
    removed = await within(async (transaction) => (await transaction.query(statement, values)).rowCount ?? 0);
  while (removed === rowsAStep);
}
