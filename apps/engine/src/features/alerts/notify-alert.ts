import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../audit/entry.ts';
import type { JobTarget } from '../../jobs/index.ts';
import { writeNotice, type Notifier, type NoticeReason } from '../../notifier/index.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { leaveOutcome, recordFailure } from '../../pipeline/intent.ts';

interface NoticeRow {
  clinic_id: string;
  patient_id: string;
  slug: string;
  reason: NoticeReason;
  attempts: number;
}

/**
 * The job that a new alert and an escalation leave. Its row is there before the notice leaves: a job that died in between
 * finds it, and says that it repeats.
 */
export async function notifyAlert(
  engine: EngineContext,
  notifier: Notifier,
  consoleUrl: string | undefined,
  { tenantId, resourceId: alertId }: JobTarget,
): Promise<void> {
  if (alertId === undefined) return;
  const row = await claim(engine, tenantId, alertId);
  if (row === undefined) return;
  const pseudonyms = await engine.patientKeys.pseudonyms(tenantId, [row.patient_id]);
  const intent: AuditEntry = {
    id: randomUUID(),
    tenantId,
    clinicId: row.clinic_id,
    initiatorType: 'system',
    action: 'alert.notified',
    resourceType: 'Alert',
    resourceId: alertId,
    dataClassIds: ['urgencyAlert'],
    patientPseudonym: pseudonyms.get(row.patient_id),
    decision: 'permit',
    reasonCode: 'granted',
    outcome: 'intent',
  };
  await engine.audit.append([intent]);
  const repeated = row.attempts > 1;
  const about = { alertId, tenantId, clinicId: row.clinic_id, clinicSlug: row.slug, reason: row.reason, repeated, consoleUrl }; // prettier-ignore
  try {
    await notifier.send(writeNotice(about));
  } catch (error) {
    await recordFailure(engine, intent);
    throw error;
  }
  await engine.stores.withTenantJob(tenantId, async (transaction) => {
    await transaction.query(
      'UPDATE clinical.alert_notifications SET sent_at = now() WHERE tenant_id = $1 AND alert_id = $2 AND reason = $3',
      [tenantId, alertId, row.reason],
    );
    await leaveOutcome(transaction, intent);
  });
  engine.wakeRelay(tenantId);
}

/** Undefined where the alert is taken, or its notice has left. */
async function claim(
  engine: EngineContext,
  tenantId: string,
  alertId: string,
): Promise<NoticeRow | undefined> {
  const { rows } = await engine.stores.withTenantJob(tenantId, (transaction) =>
    transaction.query<NoticeRow>(
      `WITH alert AS (
         SELECT a.clinic_id, a.patient_id, c.slug, CASE a.state WHEN 'ESCALATED' THEN 'escalated' ELSE 'raised' END AS reason
         FROM clinical.alerts a JOIN clinical.clinics c ON c.tenant_id = a.tenant_id AND c.id = a.clinic_id
         WHERE a.tenant_id = $1 AND a.id = $2 AND a.state <> 'ACKNOWLEDGED'),
       claimed AS (
         INSERT INTO clinical.alert_notifications AS n (tenant_id, id, clinic_id, patient_id, alert_id, reason)
         SELECT $1, $3, clinic_id, patient_id, $2, reason FROM alert
         ON CONFLICT (tenant_id, alert_id, reason) DO UPDATE SET attempts = n.attempts + 1 WHERE n.sent_at IS NULL
         RETURNING n.attempts)
       SELECT alert.*, claimed.attempts FROM alert, claimed`,
      [tenantId, alertId, randomUUID()],
    ),
  );
  return rows[0];
}
