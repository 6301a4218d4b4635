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
async function dispatchOutbox(stores: Stores, tenantId: string): Promise<void> {
  while ((await dispatchBatch(stores, tenantId)) === batchSize);
}

/** The same for outcomes in the marketing store, which has no queue: a job of the clinical one carries them. */
async function dispatchLeads(stores: Stores, tenantId: string): Promise<void> {
  const { marketing } = outcomeStores;
  const { rows } = await marketing.within(stores, tenantId, (transaction) =>
    transaction.query<{ waiting: boolean }>(marketing.waits, [tenantId]),
  );
  if (rows[0]?.waiting !== true) return;
  const job_key = `carry-lead-outcomes:${tenantId}`;
  await stores.withTenantJob(tenantId, (transaction) =>
    addJobs(transaction, [
      { identifier: 'carry-lead-outcomes', payload: { tenantId }, run_at: null, job_key },
    ]),
  );
}

async function dispatchBatch(stores: Stores, tenantId: string): Promise<number> {
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
    if (outcomes.rows[0]?.waiting === true)
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
  const leads = new Map<string, Promise<unknown>>();
  let running: Promise<void> | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const warn = (error: unknown) => {
    logger.warn('the outbox waits', { component: 'outbox', err: error });
  };

  /** Beside the others: alerts do not wait for a marketing store that is away. What is missed now, the next sweep finds. */
  function lookForLeads(tenantId: string): void {
    if (leads.has(tenantId)) return;
    const looking = dispatchLeads(stores, tenantId)
      .catch(warn)
      .finally(() => leads.delete(tenantId));
    leads.set(tenantId, looking);
  }

  async function dispatchWaiting(): Promise<void> {
    for (const tenantId of waiting) {
      waiting.delete(tenantId);
      lookForLeads(tenantId);
      await dispatchOutbox(stores, tenantId).catch(warn);
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
      await Promise.all(leads.values());
    },
  };
}
