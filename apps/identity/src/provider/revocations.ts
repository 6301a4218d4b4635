import type { Logger } from '@cordon/service';
import type { Audit } from '../audit.ts';
import type { RevocationReason, TokenFamilies, TokenFamily } from './families.ts';

export interface Revocations {
  /** Ends a family, whoever asks first; then tells the audit store and everybody who holds tokens of it. */
  revoke(grantId: string, reason: RevocationReason): Promise<void>;
}

/** Tells a relying party that a session is over (OpenID Connect Back-Channel Logout 1.0). */
export type NotifyLogout = (family: TokenFamily) => Promise<void>;

export function createRevocations(options: {
  families: TokenFamilies;
  audit: Audit;
  logger: Logger;
  notifyLogout: NotifyLogout;
}): Revocations {
  const { families, audit, logger, notifyLogout } = options;

  async function report(family: TokenFamily, reason: RevocationReason): Promise<void> {
    const facts = { tenantId: family.tenantId, role: family.role, resourceId: family.sid };
    if (reason === 'token-reuse')
      logger.warn('token family revoked', { ...facts, securityEvent: 'token-reuse' });
    else logger.info('token family revoked', { ...facts, code: reason });
    // The tokens are dead already: that the entry or the notice fails must not bring them back.
    const results = await Promise.allSettled([
      audit.appendAudit([
        {
          action: 'token.family-revoked',
          decision: reason === 'token-reuse' || reason === 'entitlement-lost' ? 'deny' : 'permit',
          reasonCode: reason,
          accountId: family.accountId,
          tenantId: family.tenantId,
          role: family.role,
          sid: family.sid,
        },
      ]),
      notifyLogout(family),
    ]);
    for (const result of results)
      if (result.status === 'rejected')
        logger.error('revocation not reported', { ...facts, err: result.reason });
  }

  return {
    async revoke(grantId, reason) {
      const family = await families.revoke(grantId, reason);
      if (family) await report(family, reason);
    },
  };
}
