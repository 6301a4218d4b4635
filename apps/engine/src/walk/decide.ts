import type { Action, DataClassId, Permit, Resource } from '@cordon/access-policy';
import { describeCaller } from '../audit/describe.ts';
import type { AuditAction } from '../audit/entry.ts';
import { toPolicyCaller, type RequestCaller } from '../caller/caller.ts';
import { EngineError } from '../error.ts';
import type { EngineContext } from './engine-context.ts';

/** What a route is about, in the words of the policy and of the audit log. */
export interface Subject {
  readonly action: Action;
  readonly dataClass: DataClassId;
  readonly auditAction: AuditAction;
  /** `Patient`, `IntakeForm` … */
  readonly resourceType: string;
  readonly resourceId?: string | undefined;
}

/** The relation that is the caller's own in every way: what is refused here is refused everywhere. */
export function ownRelation(caller: RequestCaller): Resource {
  return {
    tenantId: caller.tenantId,
    clinicId: caller.clinicIds[0],
    patientRecordId: caller.patientRecordId,
  };
}

/**
 * Asks the policy; a refusal leaves an audit entry before it is answered.
 * @throws EngineError `access-denied`, `audit-unavailable`.
 */
export async function decideOrRefuse(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  resource: Resource,
): Promise<Permit> {
  const decision = engine
    .policy()
    .decide(toPolicyCaller(caller), subject.action, subject.dataClass, resource, { now: Date.now() });
  if (decision.decision === 'permit') return decision;
  await engine.audit.append([
    {
      ...describeCaller(caller),
      action: subject.auditAction,
      resourceType: subject.resourceType,
      resourceId: subject.resourceId,
      clinicId: resource.clinicId,
      dataClassIds: [subject.dataClass],
      decision: 'deny',
      reasonCode: decision.reason,
      outcome: 'none',
    },
  ]);
  throw new EngineError('access-denied', { detail: decision.reason });
}
