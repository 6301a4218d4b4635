import { randomUUID } from 'node:crypto';
import type { Permit } from '@cordon/access-policy';
import type { Transaction } from '@cordon/row-security';
import type { AuditEntry } from '../audit/entry.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { describeRequest, type Subject } from './decide.ts';
import type { EngineContext } from './engine-context.ts';

/** The entry that is made durable before a permitted change is tried. */
export const describeIntent = (
  caller: RequestCaller,
  subject: Subject,
  permit: Permit,
  more: Pick<AuditEntry, 'clinicId' | 'patientPseudonym'> & Partial<Pick<AuditEntry, 'dataClassIds'>>,
): AuditEntry => ({
  ...describeRequest(caller, subject),
  ...more,
  decision: 'permit',
  reasonCode: permit.reason,
  outcome: 'intent',
});

/** The row that the relay turns into the outcome, in the change's own transaction. */
export async function leaveOutcome(transaction: Transaction, intent: AuditEntry): Promise<void> {
  await transaction.query(
    'INSERT INTO clinical.outbox (tenant_id, id, topic, intent_id, request_id) VALUES ($1, $2, $3, $4, $5)',
    [intent.tenantId, randomUUID(), intent.action, intent.id, intent.requestId],
  );
}

/** The outcome of a change that did not happen. */
export const describeFailure = (intent: AuditEntry): AuditEntry => ({
  ...intent,
  id: randomUUID(),
  reasonCode: 'transaction-failed',
  outcome: 'failure',
  intentId: intent.id,
});

/** Best effort by design: when the audit store has gone away since, the intent without an outcome says so. */
export async function recordFailure(
  engine: Pick<EngineContext, 'audit' | 'logger'>,
  intent: AuditEntry,
): Promise<void> {
  try {
    await engine.audit.append([describeFailure(intent)]);
  } catch (error) {
    engine.logger.error('failure not recorded', { requestId: intent.requestId, err: error });
  }
}
