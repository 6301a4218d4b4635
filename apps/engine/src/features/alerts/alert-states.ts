import { randomUUID } from 'node:crypto';
import type { Transaction } from '@cordon/row-security';
import { leaveJob } from '../../jobs/index.ts';
import { sealFields, type SealingKey } from '../../pipeline/change-record.ts';

/**
 * PENDING → DELIVERED (a clinician's console has shown it) → ACKNOWLEDGED (a clinician took it). One that nobody took in
 * its clinic's time becomes ESCALATED, and may still be taken. Each step is one conditional UPDATE: of two that want the same
 * alert, one finds no row.
 */
export const alertStates = ['PENDING', 'DELIVERED', 'ACKNOWLEDGED', 'ESCALATED'] as const;
export type AlertState = (typeof alertStates)[number];
export type Urgency = 'routine' | 'urgent' | 'emergency';

export const alertTable = 'clinical.alerts';

export interface AlertPlace {
  readonly tenantId: string;
  readonly alertId: string;
}

interface Moved {
  clinic_id: string;
  patient_id: string;
}

/** Writes one more number of the clinic and the event that carries it. */
async function recordEvent(
  transaction: Transaction,
  { tenantId, alertId }: AlertPlace,
  moved: Moved,
  state: AlertState,
): Promise<void> {
  await transaction.query(
    `WITH numbered AS (
       INSERT INTO clinical.alert_sequences AS s (tenant_id, clinic_id, last) VALUES ($1, $3, 1)
       ON CONFLICT (tenant_id, clinic_id) DO UPDATE SET last = s.last + 1 RETURNING last)
     INSERT INTO clinical.alert_events (tenant_id, id, clinic_id, patient_id, alert_id, sequence, state)
     SELECT $1, $2, $3, $4, $5, numbered.last, $6 FROM numbered`,
    [tenantId, randomUUID(), moved.clinic_id, moved.patient_id, alertId, state],
  );
}

/** Writes an alert, the job that watches its time, and the one that tells people outside. */
export async function insertAlert(
  transaction: Transaction,
  alert: {
    readonly tenantId: string;
    readonly id: string;
    readonly clinicId: string;
    readonly patientId: string;
    readonly urgency: Urgency;
    readonly source: 'reception' | 'intake' | 'chat';
    readonly createdBy: string;
    readonly message: string;
  },
  key: SealingKey,
): Promise<void> {
  const { tenantId, id, clinicId, patientId } = alert;
  const cells = await sealFields(transaction, { tenantId, table: alertTable, rowId: id }, key, {
    message: alert.message,
  });
  const { rows } = await transaction.query<{ escalates_at: Date }>(
    `INSERT INTO clinical.alerts (tenant_id, id, clinic_id, patient_id, urgency, source, created_by, key_id, message, escalates_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
       now() + (SELECT c.alert_timeout FROM clinical.clinics c WHERE c.tenant_id = $1 AND c.id = $3))
     RETURNING escalates_at`,
    [tenantId, id, clinicId, patientId, alert.urgency, alert.source, alert.createdBy, key.keyId, cells.message],
  ); // prettier-ignore
  await leaveJob(transaction, { tenantId, task: 'escalate-alert', resourceId: id, runAt: rows[0]?.escalates_at });
  await leaveJob(transaction, { tenantId, task: 'notify-alert', resourceId: id });
  await recordEvent(transaction, { tenantId, alertId: id }, { clinic_id: clinicId, patient_id: patientId }, 'PENDING');
} // prettier-ignore

/**
 * Marks several at once, in one transaction that raises each clinic's number once. Answers those that it marked: others are
 * taken, marked or being marked by somebody else. A row that a foreign key is looking at is not one of those.
 */
export async function markDelivered(
  transaction: Transaction,
  tenantId: string,
  alertIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await transaction.query<{ alert_id: string }>(
    `WITH moved AS (
       UPDATE clinical.alerts SET state = 'DELIVERED', delivered_at = now()
       WHERE tenant_id = $1 AND id IN (SELECT a.id FROM clinical.alerts a
         WHERE a.tenant_id = $1 AND a.id = ANY ($2::uuid[]) AND a.state = 'PENDING' ORDER BY a.id FOR NO KEY UPDATE SKIP LOCKED)
       RETURNING id, clinic_id, patient_id),
     numbered AS (
       INSERT INTO clinical.alert_sequences AS s (tenant_id, clinic_id, last)
       SELECT $1, clinic_id, count(*) FROM moved GROUP BY clinic_id ORDER BY clinic_id
       ON CONFLICT (tenant_id, clinic_id) DO UPDATE SET last = s.last + excluded.last RETURNING clinic_id, last)
     INSERT INTO clinical.alert_events (tenant_id, id, clinic_id, patient_id, alert_id, sequence, state)
     SELECT $1, gen_random_uuid(), clinic_id, m.patient_id, m.id,
       n.last + 1 - row_number() OVER (PARTITION BY clinic_id ORDER BY m.id), 'DELIVERED'
     FROM moved m JOIN numbered n USING (clinic_id)
     RETURNING alert_id`,
    [tenantId, alertIds],
  );
  return new Set(rows.map((row) => row.alert_id));
}

/** False where it is taken already. */
export async function markAcknowledged(
  transaction: Transaction,
  place: AlertPlace,
  by: string,
): Promise<boolean> {
  const { rows } = await transaction.query<Moved>(
    `UPDATE clinical.alerts SET state = 'ACKNOWLEDGED', acknowledged_at = now(), acknowledged_by = $3
     WHERE tenant_id = $1 AND id = $2 AND state <> 'ACKNOWLEDGED' RETURNING clinic_id, patient_id`,
    [place.tenantId, place.alertId, by],
  );
  return settle(transaction, place, rows[0], 'ACKNOWLEDGED');
}

/**
 * To the clinic's next clinician in turn: after the one that the clinic's last escalation went to, and not to who raised it
 * where there is another. False where it was taken in time.
 */
export async function markEscalated(transaction: Transaction, place: AlertPlace): Promise<boolean> {
  const { rows } = await transaction.query<Moved>(
    `UPDATE clinical.alerts a SET state = 'ESCALATED', escalated_at = now(), assigned_to = (
       SELECT m.account_id FROM clinical.memberships m
       WHERE m.tenant_id = a.tenant_id AND m.clinic_id = a.clinic_id AND m.role = 'role.clinician' AND m.ended_at IS NULL
       ORDER BY m.account_id = a.created_by, m.account_id <= coalesce((
         SELECT l.assigned_to FROM clinical.alerts l
         WHERE l.tenant_id = a.tenant_id AND l.clinic_id = a.clinic_id AND l.assigned_to IS NOT NULL
         ORDER BY l.escalated_at DESC LIMIT 1), '00000000-0000-0000-0000-000000000000'), m.account_id
       LIMIT 1)
     WHERE a.tenant_id = $1 AND a.id = $2 AND a.state IN ('PENDING', 'DELIVERED') AND a.escalates_at <= now()
     RETURNING a.clinic_id, a.patient_id`,
    [place.tenantId, place.alertId],
  );
  return settle(transaction, place, rows[0], 'ESCALATED');
}

async function settle(
  transaction: Transaction,
  place: AlertPlace,
  moved: Moved | undefined,
  state: AlertState,
): Promise<boolean> {
  if (moved === undefined) return false;
  await recordEvent(transaction, place, moved, state);
  return true;
}
