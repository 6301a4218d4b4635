import type { DataClassId } from '@cordon/access-policy';
import type { Logger } from '@cordon/service';
import type { RequestCaller } from '../caller/caller.ts';
import type { AuditAppender } from './appender.ts';
import { describeCaller } from './describe.ts';

export interface CleanedResource {
  readonly type: string;
  readonly id: string;
  readonly clinicId: string | undefined;
  readonly dataClass: DataClassId;
}

/** SEC-001: card numbers were taken out before storage. The event carries the record's id and a count, never a digit. */
export async function recordCardNumbers(
  engine: { readonly audit: AuditAppender; readonly logger: Logger },
  caller: RequestCaller,
  resource: CleanedResource,
  count: number,
): Promise<void> {
  engine.logger.warn('SECURITY_EVENT:PAN_DETECTED', {
    securityEvent: 'PAN_DETECTED',
    requestId: caller.requestId,
    tenantId: caller.tenantId,
    clinicId: resource.clinicId,
    resourceId: resource.id,
    count,
  });
  await engine.audit.append([
    {
      ...describeCaller(caller),
      action: 'security.pan-detected',
      resourceType: resource.type,
      resourceId: resource.id,
      clinicId: resource.clinicId,
      dataClassIds: [resource.dataClass],
      decision: 'permit',
      reasonCode: 'card-number-removed',
      outcome: 'none',
      recordCount: count,
    },
  ]);
}
