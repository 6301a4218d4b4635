import { randomUUID } from 'node:crypto';
import type { RoleId } from '@cordon/access-policy';
import type { RequestCaller } from '../caller/caller.ts';
import type { AuditEntry } from './entry.ts';

const sessionForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const initiators: Partial<Record<RoleId, AuditEntry['initiatorType']>> = {
  'role.patient': 'patient',
  'role.public': 'anonymous',
};

/** The part of an entry that the request itself tells. */
export function describeCaller(
  caller: RequestCaller,
): Pick<
  AuditEntry,
  | 'id'
  | 'tenantId'
  | 'actorSubject'
  | 'actorRole'
  | 'actorSession'
  | 'initiatorType'
  | 'requestId'
  | 'clientAddress'
> {
  return {
    id: randomUUID(),
    tenantId: caller.tenantId,
    actorSubject: caller.subject,
    actorRole: caller.role,
    actorSession: sessionForm.test(caller.sessionId) ? caller.sessionId : undefined,
    initiatorType: initiators[caller.role] ?? 'user',
    requestId: caller.requestId,
    clientAddress: caller.clientAddress,
  };
}
