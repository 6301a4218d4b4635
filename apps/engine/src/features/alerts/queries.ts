import type { Transaction } from '@cordon/row-security';
import { z } from 'zod';
import { placeColumn, type PagePlace } from '../../server/page-cursor.ts';
import { composeStatement } from '../../stores/compose-statement.ts';
import type { Subject } from '../../pipeline/decide.ts';
import type { DisclosedRow, RecordRow } from '../../pipeline/disclose-records.ts';
import type { AlertCursor } from './alert-cursor.ts';
import { alertStates, type AlertState, type Urgency } from './alert-states.ts';

export const urgency = z.enum(['routine', 'urgent', 'emergency']);
export const listedStates = z.enum([...alertStates, 'open']);

/** A list and a live view of it are one thing to the policy and to the audit log. */
export const listedAlerts = {
  action: 'list',
  dataClass: 'urgencyAlert',
  auditAction: 'record.listed',
  resourceType: 'Alert',
} as const satisfies Subject;

export interface AlertRow extends RecordRow {
  readonly state: AlertState;
  readonly urgency: Urgency;
  readonly source: 'reception' | 'intake' | 'chat';
  readonly created_at: Date;
  readonly escalates_at: Date;
  readonly assigned_to: string | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: Date | null;
  readonly message: Buffer;
}

export interface AlertEventRow extends AlertRow {
  readonly sequence: string;
  readonly change: AlertState;
}

/** An alert as lists and live consoles show it. `message` is null where the role has no key. */
export const alertItem = z.object({
  id: z.uuid(),
  clinicId: z.uuid(),
  patientId: z.uuid(),
  state: z.enum(alertStates),
  urgency,
  source: z.enum(['reception', 'intake', 'chat']),
  message: z.string().nullable(),
  createdAt: z.iso.datetime(),
  escalatesAt: z.iso.datetime(),
  assignedTo: z.uuid().nullable(),
  acknowledgedBy: z.uuid().nullable(),
  acknowledgedAt: z.iso.datetime().nullable(),
});

export function toAlertItem({ row, fields }: DisclosedRow<AlertRow, 'message'>): z.infer<typeof alertItem> {
  return {
    id: row.id,
    clinicId: row.clinic_id,
    patientId: row.patient_id,
    state: row.state,
    urgency: row.urgency,
    source: row.source,
    message: fields?.message ?? null,
    createdAt: row.created_at.toISOString(),
    escalatesAt: row.escalates_at.toISOString(),
    assignedTo: row.assigned_to,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
  };
}

export async function listAlerts(
  transaction: Transaction,
  tenantId: string,
  page: {
    clinicId: string | undefined;
    state: z.infer<typeof listedStates> | undefined;
    after: PagePlace | null;
    limit: number;
  },
): Promise<readonly (AlertRow & { readonly place: string })[]> {
  const { clinicId, state, after, limit } = page;
  const list = composeStatement([
    [
      `SELECT id, clinic_id, patient_id, state, urgency, source, created_at, escalates_at, assigned_to, acknowledged_by,
       acknowledged_at, ${placeColumn('created_at')} AS place, message FROM clinical.alerts WHERE tenant_id = ?`,
      tenantId,
    ],
    clinicId !== undefined && ['AND clinic_id = ?', clinicId],
    after !== null && ['AND (created_at, id) < (?::timestamptz, ?::uuid)', after.at, after.id],
    state === 'open' && ["AND state <> 'ACKNOWLEDGED'"],
    state !== undefined && state !== 'open' && ['AND state = ?', state],
    ['ORDER BY created_at DESC, id DESC LIMIT ?', limit + 1],
  ]);
  const { rows } = await transaction.query<AlertRow & { readonly place: string }>(list.text, list.values);
  return rows;
}

/** What a console that begins anew has to show. */
export async function listOpenAlerts(
  transaction: Transaction,
  tenantId: string,
  clinicIds: readonly string[],
  limit: number,
): Promise<readonly AlertRow[]> {
  const { rows } = await transaction.query<AlertRow>(
    `SELECT id, clinic_id, patient_id, state, urgency, source, created_at, escalates_at, assigned_to, acknowledged_by,
       acknowledged_at, message
     FROM clinical.alerts WHERE tenant_id = $1 AND clinic_id = ANY ($2::uuid[]) AND state <> 'ACKNOWLEDGED'
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [tenantId, clinicIds, limit],
  );
  return rows;
}

/** Within a clinic in the order of its numbers, so that a full page leaves no gap behind it. */
export async function listEvents(
  transaction: Transaction,
  tenantId: string,
  cursor: AlertCursor,
  limit: number,
): Promise<readonly AlertEventRow[]> {
  const { rows } = await transaction.query<AlertEventRow>(
    `SELECT e.sequence::text AS sequence, e.state AS change, a.id, a.clinic_id, a.patient_id, a.state, a.urgency, a.source,
       a.created_at, a.escalates_at, a.assigned_to, a.acknowledged_by, a.acknowledged_at, a.message
     FROM unnest($2::uuid[], $3::bigint[]) AS read (clinic_id, last)
     JOIN clinical.alert_events e ON e.clinic_id = read.clinic_id AND e.sequence > read.last
     JOIN clinical.alerts a ON a.tenant_id = e.tenant_id AND a.id = e.alert_id
     WHERE e.tenant_id = $1 ORDER BY e.sequence, e.clinic_id LIMIT $4`,
    [tenantId, [...cursor.keys()], [...cursor.values()].map(String), limit],
  );
  return rows;
}

/** How far each clinic has come; a clinic without an alert stands at nought. */
export async function readSequences(
  transaction: Transaction,
  tenantId: string,
  clinicIds: readonly string[],
): Promise<Map<string, bigint>> {
  const { rows } = await transaction.query<{ clinic_id: string; last: string }>(
    'SELECT clinic_id, last::text AS last FROM clinical.alert_sequences WHERE tenant_id = $1 AND clinic_id = ANY ($2::uuid[])',
    [tenantId, clinicIds],
  );
  const found = new Map(clinicIds.map((id) => [id, 0n]));
  for (const row of rows) found.set(row.clinic_id, BigInt(row.last));
  return found;
}

export interface AlertPlaceRow {
  readonly clinic_id: string;
  readonly patient_id: string;
  readonly state: AlertState;
  readonly acknowledged_by: string | null;
}

export async function findAlert(
  transaction: Transaction,
  tenantId: string,
  alertId: string,
): Promise<AlertPlaceRow | undefined> {
  const { rows } = await transaction.query<AlertPlaceRow>(
    'SELECT clinic_id, patient_id, state, acknowledged_by FROM clinical.alerts WHERE tenant_id = $1 AND id = $2',
    [tenantId, alertId],
  );
  return rows[0];
}
