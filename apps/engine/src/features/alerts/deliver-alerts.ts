import { describeCaller } from '../../audit/describe.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { decideFor, type Subject } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { describeFailure, leaveOutcome } from '../../pipeline/intent.ts';
import { markDelivered } from './alert-states.ts';
import type { LiveAlerts } from './live-alerts.ts';
import type { AlertRow } from './queries.ts';

/** Several consoles of one process show an alert at once; the first says so. */
const underWay = new Set<string>();

const subjectOf = (action: 'acknowledge' | 'update', id: string): Subject => ({
  action,
  dataClass: 'urgencyAlert',
  auditAction: 'alert.delivered',
  resourceType: 'Alert',
  resourceId: id,
});

/**
 * Marks what a clinician's console now shows, a page at a time: intents in one durable batch, one transaction, and an outcome
 * each. Who cannot take an alert does not count as having received it. What goes wrong leaves the alerts as they are, with
 * their time going on.
 */
export async function deliverAlerts(
  engine: EngineContext,
  live: LiveAlerts,
  caller: RequestCaller,
  shown: readonly AlertRow[],
): Promise<void> {
  const permitted = shown.filter((row) => row.state === 'PENDING' && mayMark(engine, caller, row));
  const rows = [...new Map(permitted.map((row) => [row.id, row])).values()].filter(
    ({ id }) => !underWay.has(id),
  );
  if (rows.length === 0) return;
  for (const { id } of rows) underWay.add(id);
  try {
    await markRows(engine, caller, rows);
    engine.wakeRelay(caller.tenantId);
    live.wake(caller.tenantId);
  } catch (error) {
    engine.logger.warn('delivery not marked', { component: 'alerts', count: rows.length, err: error });
  } finally {
    for (const { id } of rows) underWay.delete(id);
  }
}

function mayMark(engine: EngineContext, caller: RequestCaller, row: AlertRow): boolean {
  const resource = { tenantId: caller.tenantId, clinicId: row.clinic_id, patientRecordId: row.patient_id };
  return (['acknowledge', 'update'] as const).every(
    (action) => decideFor(engine, caller, subjectOf(action, row.id), resource, {}).decision === 'permit',
  );
}

async function markRows(
  engine: EngineContext,
  caller: RequestCaller,
  rows: readonly AlertRow[],
): Promise<void> {
  const { tenantId } = caller;
  const pseudonyms = await engine.patientKeys.pseudonyms(
    tenantId,
    rows.map((row) => row.patient_id),
  );
  const intents = rows.map((row): AuditEntry & { resourceId: string } => ({
    ...describeCaller(caller),
    action: 'alert.delivered',
    resourceType: 'Alert',
    resourceId: row.id,
    clinicId: row.clinic_id,
    patientPseudonym: pseudonyms.get(row.patient_id),
    dataClassIds: ['urgencyAlert'],
    decision: 'permit',
    reasonCode: 'granted',
    outcome: 'intent',
  }));
  await engine.audit.append(intents);
  const marked = await engine.stores
    .withCaller(caller, async (transaction) => {
      const moved = await markDelivered(
        transaction,
        tenantId,
        rows.map(({ id }) => id),
      );
      for (const intent of intents) if (moved.has(intent.resourceId)) await leaveOutcome(transaction, intent);
      return moved;
    })
    .catch(async (error: unknown) => {
      await recordFailures(engine, intents);
      throw error;
    });
  // Somebody was faster.
  await recordFailures(
    engine,
    intents.filter(({ resourceId }) => !marked.has(resourceId)),
  );
}

async function recordFailures(engine: EngineContext, intents: readonly AuditEntry[]): Promise<void> {
  await engine.audit.append(intents.map(describeFailure));
}
