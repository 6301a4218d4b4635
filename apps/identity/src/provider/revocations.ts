import type { Logger } from '@cordon/service';
import type { Audit } from '../audit.ts';
import type { Announcements } from './announcements.ts';
import type { EndedFamily, RevocationReason, TokenFamilies } from './families.ts';

export interface Revocations {
  /** Ends a family, whoever asks first; then tells the audit store and everybody who holds tokens of it. */
  revoke(grantId: string, reason: RevocationReason): Promise<void>;
  /** Ends all families of an account: signed out everywhere. @returns how many there were. */
  revokeAll(accountId: string, reason: RevocationReason): Promise<number>;
}

const atOnce = 10;

export function createRevocations(options: {
  families: TokenFamilies;
  audit: Audit;
  announcements: Announcements;
  logger: Logger;
}): Revocations {
  const { families, audit, announcements, logger } = options;

  const entryOf = (family: EndedFamily, reason: RevocationReason) =>
    ({
      action: 'token.family-revoked',
      decision: reason === 'token-reuse' || reason === 'entitlement-lost' ? 'deny' : 'permit',
      reasonCode: reason,
      accountId: family.accountId,
      tenantId: family.tenantId,
      role: family.role,
      sid: family.sid,
    }) as const;

  async function revoke(grantId: string, reason: RevocationReason): Promise<void> {
    const family = await families.revoke(grantId, reason);
    if (!family) return;
    const facts = { tenantId: family.tenantId, role: family.role, resourceId: family.sid };
    if (reason === 'token-reuse')
      logger.warn('token family revoked', { ...facts, securityEvent: 'token-reuse' });
    else logger.info('token family revoked', { ...facts, code: reason });
    // The tokens are dead already: that the entry or the notice fails must not bring them back.
    const results = await Promise.allSettled([
      audit.appendAudit([entryOf(family, reason)]),
      announcements.announce(family),
    ]);
    for (const result of results)
      if (result.status === 'rejected')
        logger.error('revocation not reported', { ...facts, err: result.reason });
  }

  return {
    revoke,
    async revokeAll(accountId, reason) {
      let count = 0;
      // Until none is found: there may be more than one list holds, and one that confirmed another began beside the first list.
      for (;;) {
        const live = await families.findLiveOfAccount(accountId);
        if (live.length === 0) return count;
        // A few at a time: each tells engine and client, and the one who asked waits for all of them.
        for (let first = 0; first < live.length; first += atOnce)
          await Promise.all(live.slice(first, first + atOnce).map(({ grantId }) => revoke(grantId, reason)));
        count += live.length;
      }
    },
  };
}
