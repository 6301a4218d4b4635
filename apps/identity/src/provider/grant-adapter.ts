import Provider, { type Adapter, type Grant } from 'oidc-provider';
import type { RevocationReason, TokenFamilies, TokenFamily } from './families.ts';
import type { Revocations } from './revocations.ts';

/** Only OpenID's own scopes are stored in a grant; the engine decides clinic scopes at each token. */
const scope = 'openid profile';

/** What the library calls a grant is our token family: it is kept once, and ends once. */
export function toGrant({ accountId, clientId, grantId }: TokenFamily, provider: Provider): Grant {
  const grant = new provider.Grant({ accountId, clientId });
  grant.jti = grantId;
  grant.addOIDCScope(scope);
  return grant;
}

function currentReason(): RevocationReason {
  switch (Provider.ctx?.oidc.route) {
    case 'token':
      return 'token-reuse';
    case 'revocation':
      return 'client-request';
    default:
      return 'sign-out';
  }
}

/** Families begin where a sign-in ends (`complete-sign-in.ts`); the library finds them, and ends them. */
export function createGrantAdapter(families: TokenFamilies, revocations: Revocations): Adapter {
  const refuse = () => Promise.reject(new Error('a family begins with its sign-in'));
  const nothing = () => Promise.resolve(undefined);
  return {
    async find(grantId) {
      const family = await families.findLive(grantId);
      if (!family) return undefined;
      const { accountId, clientId } = family;
      return { kind: 'Grant', jti: grantId, accountId, clientId, openid: { scope } };
    },
    // The library destroys a grant only to revoke it.
    destroy: (grantId) => revocations.revoke(grantId, currentReason()),
    revokeByGrantId: nothing,
    findByUid: nothing,
    findByUserCode: nothing,
    upsert: refuse,
    consume: refuse,
  };
}
