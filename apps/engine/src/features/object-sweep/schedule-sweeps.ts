import { addJobs } from '../../jobs/index.ts';
import type { Stores } from '../../stores/stores.ts';

const sweepEveryMs = 60 * 60_000;
const sweeps = ['sweep-objects', 'sweep-served'] as const;

/**
 * Leaves the sweeps of each tenant once an hour, from this process's start on. Under one name a tenant and kind: replicas leave one job of each
 * kind between them while it waits, and a second sweep finds nothing to do.
 */
export function scheduleSweeps(stores: Stores, now: () => number = Date.now) {
  const left = new Map<string, number>();
  return async (tenantIds: readonly string[]): Promise<void> => {
    for (const tenantId of tenantIds) {
      const last = left.get(tenantId);
      if (last !== undefined && now() - last < sweepEveryMs) continue;
      await stores.withTenantJob(tenantId, (transaction) =>
        addJobs(
          transaction,
          sweeps.map((identifier) => ({
            identifier,
            payload: { tenantId },
            run_at: null,
            job_key: `${identifier}:${tenantId}`,
          })),
        ),
      );
      left.set(tenantId, now());
    }
  };
}
