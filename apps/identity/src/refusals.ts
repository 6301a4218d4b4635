import type { Logger } from '@cordon/service';
import type { Audit, AuditEntry } from './audit.ts';

/** A refusal stands whether or not its entry could be written; that it could not is an alarm of its own. */
export async function reportRefusal(
  deps: { audit: Audit; logger: Logger },
  facts: Pick<AuditEntry, 'accountId' | 'reasonCode' | 'requestId' | 'address'>,
): Promise<void> {
  const { reasonCode, requestId } = facts;
  deps.logger.warn('sign-in refused', { securityEvent: 'sign-in-refused', code: reasonCode, requestId });
  try {
    await deps.audit.appendAudit([{ ...facts, action: 'sign-in.refused', decision: 'deny' }]);
  } catch (error) {
    deps.logger.error('refusal not audited', { err: error, requestId });
  }
}
