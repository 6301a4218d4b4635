import type { AuditAppender } from '../audit/appender.ts';
import type { AuditAction, AuditEntry } from '../audit/entry.ts';
import type { Stores } from '../stores/stores.ts';
import { outcomeStores, type OutcomeStore } from './outcome-stores.ts';

interface OutcomeRow {
  id: string;
  topic: AuditAction;
  intent_id: string;
  request_id: string | null;
}

const leaseSeconds = 30;
const batchSize = 200;

/**
 * Carries the outcomes of one tenant's committed changes from a store's outbox to the audit log. A row is leased, its
 * entry appended under the row's own id, then the row is marked: a process killed in between sends the same entry again, which
 * the append function knows by its id. No transaction is open while audit is awaited.
 */
export async function carryOutcomes(
  stores: Stores,
  audit: AuditAppender,
  tenantId: string,
  from: keyof typeof outcomeStores,
): Promise<void> {
  while ((await carryBatch(outcomeStores[from], stores, audit, tenantId)) === batchSize);
}

async function carryBatch(
  store: OutcomeStore,
  stores: Stores,
  audit: AuditAppender,
  tenantId: string,
): Promise<number> {
  const { rows } = await store.within(stores, tenantId, (transaction) =>
    transaction.query<OutcomeRow>(store.lease, [tenantId, leaseSeconds, batchSize]),
  );
  if (rows.length === 0) return 0;
  await audit.append(rows.map((row) => outcomeOf(tenantId, row)));
  const ids = rows.map((row) => row.id);
  await store.within(stores, tenantId, (transaction) => transaction.query(store.mark, [tenantId, ids]));
  return rows.length;
}

function outcomeOf(tenantId: string, row: OutcomeRow): AuditEntry {
  return {
    id: row.id,
    tenantId,
    initiatorType: 'system',
    action: row.topic,
    dataClassIds: [],
    decision: 'permit',
    reasonCode: 'granted',
    outcome: 'success',
    intentId: row.intent_id,
    requestId: row.request_id ?? undefined,
  };
}
