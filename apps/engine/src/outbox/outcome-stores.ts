import type { Transaction } from '@cordon/row-security';
import { refuseWhenAway, type Stores } from '../stores/stores.ts';
import { systemContext } from '../stores/system-context.ts';

/** A store whose changes leave their outcomes in an outbox of its own. */
export interface OutcomeStore {
  /** One transaction of one tenant's background work. */
  readonly within: <Result>(
    stores: Stores,
    tenantId: string,
    work: (transaction: Transaction) => Promise<Result>,
  ) => Promise<Result>;
  /** tenant: whether any outcome waits. */
  readonly waits: string;
  /** tenant, seconds, limit: takes rows for a while. */
  readonly lease: string;
  /** tenant, ids */
  readonly mark: string;
  /** tenant, ids of intents: those whose outcome is here, delivered or not. */
  readonly find: string;
  /** tenant, seconds, limit: removes what was delivered longer ago. */
  readonly sweep: string;
}

/** Jobs of the clinical outbox are rows with a task; the dispatcher makes them. */
const clinical: OutcomeStore = {
  within: (stores, tenantId, work) => stores.withTenantJob(tenantId, work),
  waits: `SELECT EXISTS (SELECT FROM clinical.outbox WHERE tenant_id = $1 AND delivered_at IS NULL AND task IS NULL
      AND (leased_until IS NULL OR leased_until < now())) AS waiting`,
  lease: `UPDATE clinical.outbox SET leased_until = now() + make_interval(secs => $2), attempts = attempts + 1
    WHERE tenant_id = $1 AND id IN (
      SELECT id FROM clinical.outbox
      WHERE tenant_id = $1 AND delivered_at IS NULL AND task IS NULL
        AND (leased_until IS NULL OR leased_until < now())
      ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED)
    RETURNING id, topic, intent_id, request_id`,
  mark: 'UPDATE clinical.outbox SET delivered_at = now() WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
  find: 'SELECT intent_id FROM clinical.outbox WHERE tenant_id = $1 AND intent_id = ANY ($2::uuid[])',
  sweep: `DELETE FROM clinical.outbox WHERE tenant_id = $1 AND id IN (SELECT id FROM clinical.outbox
      WHERE tenant_id = $1 AND delivered_at < now() - make_interval(secs => $2) LIMIT $3)`,
};

const marketing: OutcomeStore = {
  within: (stores, tenantId, work) =>
    refuseWhenAway('records-unavailable', () =>
      stores.pools.engine_marketing.within(systemContext(tenantId), work),
    ),
  waits: `SELECT EXISTS (SELECT FROM marketing.outbox WHERE tenant_id = $1 AND delivered_at IS NULL
      AND (leased_until IS NULL OR leased_until < now())) AS waiting`,
  lease: `UPDATE marketing.outbox SET leased_until = now() + make_interval(secs => $2), attempts = attempts + 1
    WHERE tenant_id = $1 AND id IN (
      SELECT id FROM marketing.outbox
      WHERE tenant_id = $1 AND delivered_at IS NULL AND (leased_until IS NULL OR leased_until < now())
      ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED)
    RETURNING id, topic, intent_id, request_id`,
  mark: 'UPDATE marketing.outbox SET delivered_at = now() WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
  find: 'SELECT intent_id FROM marketing.outbox WHERE tenant_id = $1 AND intent_id = ANY ($2::uuid[])',
  sweep: `DELETE FROM marketing.outbox WHERE tenant_id = $1 AND id IN (SELECT id FROM marketing.outbox
      WHERE tenant_id = $1 AND delivered_at < now() - make_interval(secs => $2) LIMIT $3)`,
};

export const outcomeStores = { clinical, marketing } as const;
