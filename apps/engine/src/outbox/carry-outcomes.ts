import type { AuditAppender } from '../audit/appender.ts';
import type { AuditAction, AuditEntry } from '../audit/entry.ts';
import type { Stores } from '../stores/stores.ts';

interface OutcomeRow {
  id: string;
  topic: AuditAction;
  intent_id: string;
  request_id: string | null;
}

const leaseSeconds = 30;
const batchSize = 200;

/**
 * Carries the outcomes of one tenant's committed changes from the clinical outbox to the audit log. A row is leased, its
 * entry appended under the row's own id, then the row is marked: a process killed in between sends the same entry again, which
 * the append function knows by its id. No clinical transaction is open while audit is awaited.
 */
export async function carryOutcomes(stores: Stores, audit: AuditAppender, tenantId: string): Promise<void> {
  while ((await carryBatch(stores, audit, tenantId)) === batchSize);
}

async function carryBatch(stores: Stores, audit: AuditAppender, tenantId: string): Promise<number> {
  const rows = await stores.withTenantJob(tenantId, async (transaction) => {
    const leased = await transaction.query<OutcomeRow>(
      `UPDATE clinical.outbox SET leased_until = now() + make_interval(secs => $2), attempts = attempts + 1
       WHERE tenant_id = $1 AND id IN (
         SELECT id FROM clinical.outbox
         WHERE tenant_id = $1 AND delivered_at IS NULL AND task IS NULL
           AND (leased_until IS NULL OR leased_until < now())
         ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING id, topic, intent_id, request_id`,
      [tenantId, leaseSeconds, batchSize],
    );
    return leased.rows;
  });
  if (rows.length === 0) return 0;
  await audit.append(rows.map((row) => outcomeOf(tenantId, row)));
  await stores.withTenantJob(tenantId, (transaction) =>
    transaction.query(
      'UPDATE clinical.outbox SET delivered_at = now() WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
      [tenantId, rows.map((row) => row.id)],
    ),
  );
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
