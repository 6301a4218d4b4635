import type { Logger } from '@cordon/service';
import { addJobs, type JobSpec, type TaskName } from '../jobs/index.ts';
import type { Stores } from '../stores/stores.ts';
import { outcomeStores } from './outcome-stores.ts';
import { listTenants } from './list-tenants.ts';

/** Turns what changes left in the outbox into jobs. */
export interface Dispatcher {
  /** Something was committed for this tenant. */
  wake(tenantId: string): void;
  /** Looks through all tenants from now on, for what a process left that died before it could wake anybody. */
  start(alsoEachSweep: (tenantIds: readonly string[]) => Promise<void>): void;
  close(): Promise<void>;
}

interface JobRow {
  task: TaskName;
  resource_id: string;
  run_at: Date | null;
}

const sweepEveryMs = 5_000;
const batchSize = 200;

/**
 * The mark on the outbox and the job are one transaction, in the tenant's own context: no job is lost, and none is made
 * twice. Outcomes share one job a tenant, which carries all that wait.
 */
export async function dispatchOutbox(
  stores: Stores,
  tenantId: string,
  onAway: (error: unknown) => void,
): Promise<void> {
  const { marketing } = outcomeStores;
  // The marketing store has no queue: what waits there is carried by the same job. While it is away, the others go on.
  const leadsWait = await marketing
    .within(stores, tenantId, (transaction) =>
      transaction.query<{ waiting: boolean }>(marketing.waits, [tenantId]),
    )
    .then(
      ({ rows }) => rows[0]?.waiting === true,
      (error: unknown) => {
        onAway(error);
        return false;
      },
    );
  while ((await dispatchBatch(stores, tenantId, leadsWait)) === batchSize);
}

async function dispatchBatch(stores: Stores, tenantId: string, leadsWait: boolean): Promise<number> {
  return stores.withTenantJob(tenantId, async (transaction) => {
    const [jobs, outcomes] = await Promise.all([
      transaction.query<JobRow>(
        `UPDATE clinical.outbox SET delivered_at = now(), attempts = attempts + 1
         WHERE tenant_id = $1 AND id IN (
           SELECT id FROM clinical.outbox WHERE tenant_id = $1 AND delivered_at IS NULL AND task IS NOT NULL
           ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING task, resource_id, run_at`,
        [tenantId, batchSize],
      ),
      transaction.query<{ waiting: boolean }>(outcomeStores.clinical.waits, [tenantId]),
    ]);
    const specs = jobs.rows.map((row): JobSpec => ({
      identifier: row.task,
      payload: { tenantId, resourceId: row.resource_id },
      run_at: row.run_at,
      job_key: null,
    }));
    if (leadsWait || outcomes.rows[0]?.waiting === true)
      specs.push({
        identifier: 'carry-outcomes',
        payload: { tenantId },
        run_at: null,
        job_key: `carry-outcomes:${tenantId}`,
      });
    if (specs.length > 0) await addJobs(transaction, specs);
    return jobs.rows.length;
  });
}

export function createDispatcher(stores: Stores, logger: Logger): Dispatcher {
  const waiting = new Set<string>();
  let running: Promise<void> | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const warn = (error: unknown) => {
    logger.warn('the outbox waits', { component: 'outbox', err: error });
  };

  async function dispatchWaiting(): Promise<void> {
    for (const tenantId of waiting) {
      waiting.delete(tenantId);
      await dispatchOutbox(stores, tenantId, warn).catch(warn);
    }
  }

  function run(): Promise<void> {
    running ??= dispatchWaiting().finally(() => {
      running = undefined;
      // What was added while the loop was at its end.
      if (waiting.size > 0 && !closed) void run();
    });
    return running;
  }

  return {
    wake(tenantId) {
      if (closed) return;
      waiting.add(tenantId);
      void run();
    },
    start(alsoEachSweep) {
      const sweep = async () => {
        const tenantIds = await listTenants(stores);
        for (const tenantId of tenantIds) waiting.add(tenantId);
        await run();
        await alsoEachSweep(tenantIds);
      };
      let sweeping = false;
      const tick = () => {
        if (sweeping || closed) return;
        sweeping = true;
        sweep()
          .catch(warn)
          .finally(() => {
            sweeping = false;
          });
      };
      timer = setInterval(tick, sweepEveryMs).unref();
      tick();
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
