import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../audit/entry.ts';
import { leaveJob, type JobTarget } from '../../jobs/index.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { describeFailure, leaveOutcome } from '../../pipeline/intent.ts';
import { markEscalated, type AlertState } from './alert-states.ts';

interface WatchedAlert {
  clinic_id: string;
  patient_id: string;
  state: AlertState;
  escalates_at: Date;
  due: boolean;
}

const mostOverdue = 200;

/**
 * The job that was left with the alert. It finds its alert settled and does nothing, or passes it on: intent, one
 * conditional UPDATE, outcome. Run twice, it passes it on once.
 */
export async function escalateAlert(
  engine: EngineContext,
  { tenantId, resourceId }: JobTarget,
  wake: (tenantId: string) => void,
): Promise<void> {
  if (resourceId === undefined) return;
  const alert = await findWatched(engine, tenantId, resourceId);
  if (alert === undefined || (alert.state !== 'PENDING' && alert.state !== 'DELIVERED')) return;
  if (!alert.due) {
    await engine.stores.withTenantJob(tenantId, (transaction) =>
      leaveJob(transaction, { tenantId, task: 'escalate-alert', resourceId, runAt: alert.escalates_at }),
    );
    return;
  }
  const pseudonyms = await engine.patientKeys.pseudonyms(tenantId, [alert.patient_id]);
  const intent: AuditEntry = {
    id: randomUUID(),
    tenantId,
    clinicId: alert.clinic_id,
    initiatorType: 'system',
    action: 'alert.escalated',
    resourceType: 'Alert',
    resourceId,
    dataClassIds: ['urgencyAlert'],
    patientPseudonym: pseudonyms.get(alert.patient_id),
    decision: 'permit',
    reasonCode: 'not-acknowledged-in-time',
    outcome: 'intent',
  };
  await engine.audit.append([intent]);
  const moved = await engine.stores.withTenantJob(tenantId, async (transaction) => {
    if (!(await markEscalated(transaction, { tenantId, alertId: resourceId }))) return false;
    await leaveOutcome(transaction, intent);
    await leaveJob(transaction, { tenantId, task: 'notify-alert', resourceId });
    return true;
  });
  if (!moved) {
    await engine.audit.append([describeFailure(intent)]);
    return;
  }
  engine.wakeRelay(tenantId);
  wake(tenantId);
}

async function findWatched(
  engine: EngineContext,
  tenantId: string,
  alertId: string,
): Promise<WatchedAlert | undefined> {
  const { rows } = await engine.stores.withTenantJob(tenantId, (transaction) =>
    transaction.query<WatchedAlert>(
      `SELECT clinic_id, patient_id, state, escalates_at, escalates_at <= now() AS due FROM clinical.alerts
       WHERE tenant_id = $1 AND id = $2`,
      [tenantId, alertId],
    ),
  );
  return rows[0];
}

/** What no job came for: a queue that lost its jobs, or gave up on one, must not lose a patient. */
export async function escalateOverdue(
  engine: EngineContext,
  tenantId: string,
  wake: (tenantId: string) => void,
): Promise<void> {
  const { rows } = await engine.stores.withTenantJob(tenantId, (transaction) =>
    transaction.query<{ id: string }>(
      `SELECT id FROM clinical.alerts WHERE tenant_id = $1 AND state IN ('PENDING', 'DELIVERED')
         AND escalates_at < now() - interval '20 seconds' ORDER BY escalates_at LIMIT $2`,
      [tenantId, mostOverdue],
    ),
  );
  for (const { id } of rows) await escalateAlert(engine, { tenantId, resourceId: id }, wake);
}
