import { addJobs } from '../../jobs/index.ts';
import type { Stores } from '../../stores/stores.ts';

const minute = 60_000;
/** How often each is left. */
const sweeps = [
  ['sweep-objects', 60 * minute],
  ['sweep-served', 60 * minute],
  ['sweep-transcripts', 60 * minute],
  ['settle-intents', 5 * minute],
] as const;

/**
 * Leaves the sweeps of each tenant, each in its own time, from this process's start on. Under one name a tenant and kind:
 * replicas leave one job of each kind between them while it waits, and a second sweep finds nothing to do.
 */
export function scheduleSweeps(stores: Stores, now: () => number = Date.now) {
  const left = new Map<string, number>();
  return async (tenantIds: readonly string[]): Promise<void> => {
    for (const tenantId of tenantIds) {
      const keyOf = (identifier: string): string => `${identifier}:${tenantId}`;
      const due = sweeps.filter(
        ([identifier, everyMs]) => now() - (left.get(keyOf(identifier)) ?? -Infinity) >= everyMs,
      );
      if (due.length === 0) continue;
      await stores.withTenantJob(tenantId, (transaction) =>
        addJobs(
          transaction,
          due.map(([identifier]) => ({
            identifier,
            payload: { tenantId },
            run_at: null,
            job_key: keyOf(identifier),
          })),
        ),
      );
      for (const [identifier] of due) left.set(keyOf(identifier), now());
    }
  };
}
