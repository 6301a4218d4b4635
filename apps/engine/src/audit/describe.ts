import { randomUUID } from 'node:crypto';
import type { RequestCaller } from '../caller/caller.ts';
import type { AuditEntry } from './entry.ts';

const sessionForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

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
    initiatorType: caller.role === 'role.patient' ? 'patient' : 'user',
    requestId: caller.requestId,
    clientAddress: caller.clientAddress,
  };
}
