import { createHash } from 'node:crypto';
import type { DataClassId } from '@cordon/access-policy';
import type { AuditAction, AuditEntry } from '../audit/entry.ts';
import { uuidOfDigest } from '../audit/uuid-of-digest.ts';
import type { Stores } from '../stores/stores.ts';
import { systemContext } from '../stores/system-context.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import { outcomeStores } from './outcome-stores.ts';

export interface OpenIntent {
  readonly id: string;
  readonly action: AuditAction;
  readonly resource_type: string | null;
  readonly resource_id: string | null;
  readonly clinic_id: string | null;
  readonly patient_pseudonym: string | null;
  readonly data_class_ids: readonly DataClassId[];
  readonly request_id: string | null;
}

/** Ids of those intents whose change is there, by what it left in a store. */
export type FindDone = (
  stores: Stores,
  tenantId: string,
  intents: readonly OpenIntent[],
) => Promise<ReadonlySet<string>>;

/** No request, job or command takes as long between its intent and its outcome. */
const endedAfterSeconds = 10 * 60;
const atOnce = 500;

/*
 * Destructions are taken up where they stopped, and rotations of keys when they are asked for again: those take long, and a
 * day later nobody is at it any more.
 */
const openIntents = `
  SELECT i.id, i.action, i.resource_type, i.resource_id, i.clinic_id, i.patient_pseudonym, i.data_class_ids, i.request_id
  FROM audit.audit_logs i
  WHERE i.tenant_id = $1 AND i.outcome = 'intent' AND i.at > now() - interval '31 days'
    AND i.at < now() - make_interval(secs => $2) AND i.action <> 'key.destroyed'
    AND (i.action NOT IN ('key.rotated', 'seal-key.rotated', 'seal-key.retired') OR i.at < now() - interval '1 day')
    AND i.id <> ALL ($3::uuid[])
    AND NOT EXISTS (SELECT FROM audit.audit_logs o WHERE o.intent_id = i.id AND o.at > i.at - interval '5 minutes')
  ORDER BY i.at LIMIT $4`;

/**
 * Gives an outcome to the intents of processes that ended before they could: `success` where the change is there, `failure`
 * with the reason `process-ended` where it is not, or nobody can tell. Changes that leave their outcome in an outbox are the
 * relay's: one that is not there was not committed. Run twice, it writes each outcome once. Answers how many it gave.
 */
export async function settleIntents(
  { stores, audit }: Pick<EngineContext, 'stores' | 'audit'>,
  tenantId: string,
  findDone: readonly FindDone[],
  afterSeconds = endedAfterSeconds,
): Promise<number> {
  const context = { ...systemContext(tenantId), readable: ['auditLogEntry'] };
  const left: string[] = [];
  for (let settled = 0; ;) {
    const { rows } = await stores.pools.audit_reader.query<OpenIntent>(context, openIntents, [
      tenantId,
      afterSeconds,
      left,
      atOnce,
    ]);
    const waiting = await findWaiting(
      stores,
      tenantId,
      rows.map(({ id }) => id),
    );
    const open = rows.filter(({ id }) => !waiting.has(id));
    left.push(...waiting);
    const done = new Set<string>();
    for (const find of findDone) for (const id of await find(stores, tenantId, open)) done.add(id);
    if (open.length > 0) await audit.append(open.map((intent) => outcomeOf(tenantId, intent, done)));
    settled += open.length;
    if (rows.length < atOnce) return settled;
  }
}

/** Intents whose outcome an outbox holds: their change was committed. */
async function findWaiting(stores: Stores, tenantId: string, ids: readonly string[]): Promise<Set<string>> {
  const waiting = new Set<string>();
  if (ids.length === 0) return waiting;
  for (const store of Object.values(outcomeStores)) {
    const { rows } = await store.within(stores, tenantId, (transaction) =>
      transaction.query<{ intent_id: string }>(store.find, [tenantId, ids]),
    );
    for (const row of rows) waiting.add(row.intent_id);
  }
  return waiting;
}

function outcomeOf(tenantId: string, intent: OpenIntent, done: ReadonlySet<string>): AuditEntry {
  const isDone = done.has(intent.id);
  return {
    id: outcomeIdOf(intent.id),
    tenantId,
    clinicId: intent.clinic_id ?? undefined,
    initiatorType: 'system',
    action: intent.action,
    resourceType: intent.resource_type ?? undefined,
    resourceId: intent.resource_id ?? undefined,
    patientPseudonym: intent.patient_pseudonym ?? undefined,
    dataClassIds: intent.data_class_ids,
    decision: 'permit',
    reasonCode: isDone ? 'granted' : 'process-ended',
    outcome: isDone ? 'success' : 'failure',
    intentId: intent.id,
    requestId: intent.request_id ?? undefined,
  };
}

/** Always the same: two engines that settle one intent at once write one outcome. */
function outcomeIdOf(intentId: string): string {
  return uuidOfDigest(createHash('sha256').update(`outcome of ${intentId}`).digest());
}
