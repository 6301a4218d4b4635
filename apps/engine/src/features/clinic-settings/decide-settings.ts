import type { RequestCaller } from '../../caller/caller.ts';
import { decideOrRefuse, type Subject } from '../../walk/decide.ts';
import type { EngineContext } from '../../walk/engine-context.ts';

/** Who may change a clinic's settings may see them, and nobody else. @throws EngineError `access-denied`, `audit-unavailable` */
export async function decideSettings(engine: EngineContext, caller: RequestCaller, clinicId: string) {
  const subject = {
    action: 'update',
    dataClass: 'portalAccount',
    auditAction: 'clinic-settings.changed',
    resourceType: 'Clinic',
    resourceId: clinicId,
  } as const satisfies Subject;
  const permit = await decideOrRefuse(engine, caller, subject, { tenantId: caller.tenantId, clinicId });
  return { subject, permit };
}
