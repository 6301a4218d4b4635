import type { Logger } from '@cordon/service';
import type { AuditAppender } from '../audit/appender.ts';
import type { AuditAction, AuditEntry } from '../audit/entry.ts';
import type { Stores } from '../stores/stores.ts';
import { listTenants } from './list-tenants.ts';

/** Carries the outcomes of committed changes from the clinical outbox to the audit log. */
export interface OutcomeRelay {
  /** Something was committed for this tenant. */
  wake(tenantId: string): void;
  /** Carries everything that waits, of all tenants. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

interface OutboxRow {
  id: string;
  topic: AuditAction;
  intent_id: string;
  request_id: string | null;
}

const sweepEveryMs = 5_000;
const leaseSeconds = 30;
const batchSize = 200;

/**
 * A row is leased, its entry appended under the row's own id, then the row is marked: a relay killed in between sends the
 * same entry again, which the append function knows by its id. No clinical transaction is open while audit is awaited.
 */
export function startOutcomeRelay(stores: Stores, audit: AuditAppender, logger: Logger): OutcomeRelay {
  const waiting = new Set<string>();
  let running: Promise<void> | undefined;
  let closed = false;

  async function carryBatch(tenantId: string): Promise<number> {
    const rows = await stores.withTenantJob(tenantId, async (transaction) => {
      const leased = await transaction.query<OutboxRow>(
        `UPDATE clinical.outbox SET leased_until = now() + make_interval(secs => $2), attempts = attempts + 1
         WHERE tenant_id = $1 AND id IN (
           SELECT id FROM clinical.outbox
           WHERE tenant_id = $1 AND delivered_at IS NULL AND (leased_until IS NULL OR leased_until < now())
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

  async function carryWaiting(): Promise<void> {
    for (const tenantId of waiting) {
      waiting.delete(tenantId);
      try {
        while ((await carryBatch(tenantId)) === batchSize);
      } catch (error) {
        logger.warn('outcomes wait', { component: 'relay', err: error });
      }
    }
  }

  function run(): Promise<void> {
    running ??= carryWaiting().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function sweep(): Promise<void> {
    for (const tenantId of await listTenants(stores)) waiting.add(tenantId);
    await run();
    // What was added while the loop was at its end.
    if (waiting.size > 0) await run();
  }

  const timer = setInterval(() => {
    sweep().catch((error: unknown) => {
      logger.warn('outcomes wait', { component: 'relay', err: error });
    });
  }, sweepEveryMs);
  timer.unref();

  return {
    wake(tenantId) {
      if (closed) return;
      waiting.add(tenantId);
      void run();
    },
    sweep,
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}

function outcomeOf(tenantId: string, row: OutboxRow): AuditEntry {
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
