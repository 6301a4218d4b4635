import type { DataClassId, ReasonCode } from '@cordon/access-policy';
import type { AiGatewayErrorCode } from '@cordon/ai-gateway';
import type { RefusalReason } from '../caller/refusals.ts';

/** Everything the engine records. A closed list: docs/audit-events.md says what each means. */
export const auditActions = [
  'record.listed',
  'record.opened',
  'record.created',
  'record.changed',
  'record.searched',
  'record.reindexed',
  'break-glass.opened',
  'break-glass.reviewed',
  'clinic-switch.started',
  'clinic-switch.ended',
  'figures.read',
  'clinic-settings.changed',
  'alert.delivered',
  'alert.acknowledged',
  'alert.escalated',
  'alert.notified',
  'audit-log.read',
  'audit-log.exported',
  'gate-report.taken',
  'gate-board.read',
  'access-report.read',
  'legal-hold.placed',
  'legal-hold.lifted',
  'legal-hold.listed',
  'security.pan-detected',
  'security.cell-refused',
  'key.destroyed',
  'key.rotated',
  'seal-key.rotated',
  'seal-key.retired',
  'key.swept',
  'token.refused',
  'membership.granted',
  'tenant.created',
  'clinic.created',
  'objects.swept',
  'transcripts.swept',
  'ai.identifiers-opened',
  'ai.called',
  'ai.retried',
  'ai.stopped',
  'ai.started',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Reasons that do not come from the access policy. */
export type EngineReason =
  | 'no-such-record'
  | 'intake-refused'
  | 'transaction-failed'
  | 'process-ended'
  | 'damaged-or-misplaced'
  | 'card-number-removed'
  | 'not-acknowledged-in-time'
  | 'not-administered'
  | 'name-taken'
  | 'no-row-names-it'
  | 'retention-ended'
  | 'client-gone'
  | 'record-destroyed'
  | 'report-untrusted'
  | 'keys-unavailable'
  | 'records-unavailable'
  | AiGatewayErrorCode
  | RefusalReason;

/**
 * One row of `audit.audit_logs`. Ids and codes only: no PHI and no text from people. A patient appears under the audit
 * pseudonym, whose map dies with the patient's key.
 */
export interface AuditEntry {
  readonly id: string;
  /** Absent only where nobody's token was taken. */
  readonly tenantId?: string | undefined;
  readonly clinicId?: string | undefined;
  readonly actorSubject?: string | undefined;
  readonly actorRole?: string | undefined;
  readonly actorSession?: string | undefined;
  readonly initiatorType: 'user' | 'patient' | 'service' | 'system' | 'anonymous';
  readonly action: AuditAction;
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly dataClassIds: readonly DataClassId[];
  readonly patientPseudonym?: string | undefined;
  /** Of AI calls `sha256.` and the hash of what was sent, in hexadecimal. */
  readonly purpose?: string | undefined;
  readonly decision: 'permit' | 'deny';
  readonly reasonCode: ReasonCode | EngineReason;
  /** `intent` before a change, `success` or `failure` after it, `none` where nothing follows. */
  readonly outcome: 'intent' | 'success' | 'failure' | 'none';
  readonly intentId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly clientAddress?: string | undefined;
  /** Of AI calls: whom the text went to, and for which purpose of the gateway's configuration. */
  readonly providerId?: string | undefined;
  readonly purposeId?: string | undefined;
  readonly recordCount?: number | undefined;
}
