import type { Logger } from '@cordon/service';
import type { Stores } from '../../stores/stores.ts';

/** Wakes the open consoles of a tenant. What woke them they read themselves, each as its own caller. */
export interface LiveAlerts {
  /** Something about an alert of this tenant was committed here. */
  readonly wake: (tenantId: string) => void;
  /** Calls `listener` at each wake until the returned function is called. */
  listen(tenantId: string, listener: () => void): () => void;
  close(): void;
}

const lookEveryMs = 1_000;

/** Other replicas commit as well, and so do jobs: the clinics' numbers are looked at, one statement a tenant that listens. */
export function createLiveAlerts(stores: Stores, logger: Logger): LiveAlerts {
  const listeners = new Map<string, Set<() => void>>();
  const seen = new Map<string, string>();
  let looking = false;

  function wake(tenantId: string): void {
    for (const listener of listeners.get(tenantId) ?? []) listener();
  }

  async function look(): Promise<void> {
    for (const tenantId of listeners.keys()) {
      const { rows } = await stores.withTenantJob(tenantId, (transaction) =>
        transaction.query<{ total: string }>(
          'SELECT coalesce(sum(last), 0)::text AS total FROM clinical.alert_sequences WHERE tenant_id = $1',
          [tenantId],
        ),
      );
      const total = rows[0]?.total ?? '0';
      if (seen.get(tenantId) === total) continue;
      seen.set(tenantId, total);
      wake(tenantId);
    }
  }

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => {
        logger.warn('live alerts not looked at', { component: 'alerts', err: error });
      })
      .finally(() => {
        looking = false;
      });
  }, lookEveryMs).unref();

  return {
    wake,
    listen(tenantId, listener) {
      const group = listeners.get(tenantId) ?? new Set();
      listeners.set(tenantId, group.add(listener));
      return () => {
        group.delete(listener);
        if (group.size > 0) return;
        listeners.delete(tenantId);
        seen.delete(tenantId);
      };
    },
    close() {
      clearInterval(timer);
    },
  };
}
