import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../audit/entry.ts';
import { systemContext } from '../stores/system-context.ts';
import type { KeyWork } from './key-work.ts';

export type KeyAction =
  'key.destroyed' | 'key.rotated' | 'key.swept' | 'seal-key.rotated' | 'seal-key.retired';
/** The key that seals the contexts of one store. */
export type SealKey = 'ClinicalSealKey' | 'VaultSealKey' | 'AuditSealKey' | 'MarketingSealKey';
export type KeyResource = 'RootKey' | 'TenantKey' | 'PatientKey' | 'SearchKey' | SealKey;

/** What the audit log says of one key that was to be destroyed or replaced. */
export interface KeyIntent {
  readonly id: string;
  readonly resource_type: KeyResource;
  readonly resource_id: string;
  readonly patient_pseudonym: string | null;
  readonly finished: boolean;
}

/** An entry about keys; who acts is the operator at the command line, or a job. */
export function describeKeyEvent(
  tenantId: string,
  event: {
    action: KeyAction;
    resourceType: KeyResource;
    resourceId: string;
    patientPseudonym?: string | undefined;
    requestedBy?: string | undefined;
  },
): Omit<AuditEntry, 'outcome'> {
  const { requestedBy, ...rest } = event;
  return {
    ...rest,
    id: randomUUID(),
    tenantId,
    initiatorType: 'system',
    actorSubject: requestedBy,
    dataClassIds: ['patientProfile'],
    decision: 'permit',
    reasonCode: 'granted',
  };
}

/** The tenant's intents of one kind that have not failed, oldest first, each with whether its outcome is known. */
export async function listKeyIntents(
  work: KeyWork,
  tenantId: string,
  action: KeyAction,
): Promise<KeyIntent[]> {
  const context = { ...systemContext(tenantId), readable: ['auditLogEntry'] };
  const { rows } = await work.stores.pools.audit_reader.query<KeyIntent>(
    context,
    `SELECT i.id, i.resource_type, i.resource_id, i.patient_pseudonym,
       EXISTS (SELECT FROM audit.audit_logs o WHERE o.intent_id = i.id AND o.id <> i.id AND o.outcome = 'success') AS finished
     FROM audit.audit_logs i
     WHERE i.tenant_id = $1 AND i.action = $2 AND i.outcome = 'intent' AND i.decision = 'permit'
       AND NOT EXISTS (SELECT FROM audit.audit_logs f WHERE f.intent_id = i.id AND f.id <> i.id AND f.outcome = 'failure')
     ORDER BY i.at, i.id`,
    [tenantId, action],
  );
  return rows;
}

/**
 * Makes the intent durable, or takes up the one that a killed process left for the same key; `finish` makes the outcome.
 * An outcome has one id however often it is sent, so that a repetition is no second entry.
 */
export async function beginKeyChange(
  work: KeyWork,
  tenantId: string,
  event: Parameters<typeof describeKeyEvent>[1],
) {
  const open = (await listKeyIntents(work, tenantId, event.action)).find(
    (intent) =>
      !intent.finished &&
      intent.resource_type === event.resourceType &&
      intent.resource_id === event.resourceId,
  );
  const entry = describeKeyEvent(tenantId, event);
  const intent: AuditEntry = { ...entry, id: open?.id ?? entry.id, outcome: 'intent' };
  const receipt = await work.audit.append([intent]);
  const outcomeId = randomUUID();
  return {
    intent,
    receipt,
    resumed: open !== undefined,
    finish: (recordCount?: number) =>
      work.audit.append([{ ...intent, id: outcomeId, intentId: intent.id, outcome: 'success', recordCount }]),
  };
}
