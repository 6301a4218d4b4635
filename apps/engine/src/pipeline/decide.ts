import { createHash } from 'node:crypto';
import type {
  Action,
  DataClassId,
  Decision,
  DecisionContext,
  DenyReason,
  Permit,
  Resource,
} from '@cordon/access-policy';
import { describeCaller } from '../audit/describe.ts';
import type { AuditAction, AuditEntry } from '../audit/entry.ts';
import { toPolicyCaller, type RequestCaller } from '../caller/caller.ts';
import { EngineError, type EngineErrorCode } from '../error.ts';
import type { EngineContext } from './engine-context.ts';

/** What a request does to what, for the access policy and the audit log. */
export interface Subject {
  readonly action: Action;
  readonly dataClass: DataClassId;
  readonly auditAction: AuditAction;
  /** `Patient`, `IntakeForm` … */
  readonly resourceType: string;
  readonly resourceId?: string | undefined;
  /** A purpose of the AI gateway, where the caller acts under one. */
  readonly purposeId?: string;
}

/** Only refusals that the caller can resolve give their reason; others would tell what is protected, and how. */
const toldRefusals: Partial<Record<DenyReason, EngineErrorCode>> = {
  'fresh-factor-required': 'fresh-factor-required',
  'clinic-switch-required': 'clinic-switch-required',
};

/** The resource most favourable to the caller, in their own tenant, clinic and record: what is refused here is refused for every row. */
export function ownRelation(caller: RequestCaller, context: DecisionContext = {}): Resource {
  return {
    tenantId: caller.tenantId,
    clinicId: context.activeClinicId ?? caller.clinicIds[0],
    patientRecordId: caller.patientRecordId,
  };
}

/** Requests for which the policy was asked at least once: a route that answers without is a mistake (route-tools.ts). */
const asked = new WeakSet<RequestCaller>();
export const wasDecided = (caller: RequestCaller): boolean => asked.has(caller);

/** The policy's answer for one resource. */
export function decideFor(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  resource: Resource,
  context: DecisionContext,
): Decision {
  asked.add(caller);
  const { action, dataClass, purposeId } = subject;
  const asking = { ...toPolicyCaller(caller), purpose: purposeId };
  return engine.policy().decide(asking, action, dataClass, resource, context);
}

/** A session's name in the store: a digest, since the provider's own id may be of use to whoever reads it. 43 characters. */
export const sessionMark = (caller: RequestCaller): string =>
  createHash('sha256').update(caller.sessionId).digest('base64url');

/** The attributes of a decision that no row has: the time, and the clinic that this session of a corporate admin has switched into. */
export async function readContext(engine: EngineContext, caller: RequestCaller): Promise<DecisionContext> {
  const now = Date.now();
  if (caller.role !== 'role.corporateAdmin') return { now };
  const { rows } = await engine.stores.readAs(caller).query<{ clinic_id: string }>(
    `SELECT clinic_id FROM clinical.clinic_switches WHERE tenant_id = $1 AND account_id = $2 AND session_id = $3
       AND ended_at IS NULL AND expires_at > now()`,
    [caller.tenantId, caller.subject, sessionMark(caller)],
  );
  return { now, activeClinicId: rows[0]?.clinic_id };
}

/** The part of an entry that says who asks for what. */
export const describeRequest = (caller: RequestCaller, subject: Subject) => ({
  ...describeCaller(caller),
  action: subject.auditAction,
  resourceType: subject.resourceType,
  resourceId: subject.resourceId,
  dataClassIds: [subject.dataClass],
});

/**
 * Asks the policy; a refusal leaves an audit entry before it is answered.
 * @throws EngineError `access-denied`, `audit-unavailable`.
 */
export async function decideOrRefuse(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  resource: Resource,
  context?: DecisionContext,
): Promise<Permit> {
  const decision = decideFor(
    engine,
    caller,
    subject,
    resource,
    context ?? (await readContext(engine, caller)),
  );
  if (decision.decision === 'permit') return decision;
  await engine.audit.append([
    {
      ...describeRequest(caller, subject),
      clinicId: resource.clinicId,
      purposeId: subject.purposeId,
      decision: 'deny',
      reasonCode: decision.reason,
      outcome: 'none',
    },
  ]);
  throw new EngineError(toldRefusals[decision.reason] ?? 'access-denied', { detail: decision.reason });
}

/** Makes the entry durable that says a permitted subject is disclosed; `more` says of what and of whom, where it is known. */
export async function recordPermitted(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  permit: Permit,
  more: Partial<Pick<AuditEntry, 'clinicId' | 'dataClassIds' | 'patientPseudonym' | 'recordCount'>> = {},
): Promise<void> {
  await engine.audit.append([
    {
      ...describeRequest(caller, subject),
      ...more,
      decision: 'permit',
      reasonCode: permit.reason,
      outcome: 'none',
    },
  ]);
}

/**
 * Refuses a record that is not there, or not visible to the caller: the log names what was asked for, the answer does not
 * tell the two apart.
 * @throws EngineError `record-unknown` always, or `audit-unavailable`.
 */
export async function refuseUnknownRecord(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
): Promise<never> {
  await engine.audit.append([
    {
      ...describeRequest(caller, subject),
      decision: 'deny',
      reasonCode: 'no-such-record',
      outcome: 'none',
    },
  ]);
  throw new EngineError('record-unknown');
}
