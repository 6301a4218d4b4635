import { errors } from 'oidc-provider';
import { clinicScopes, type EngineGrants, type SignInGrant } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import type { TokenFamily } from './families.ts';
import type { Revocations } from './revocations.ts';

export const multiFactor = 'urn:cordon:acr:mfa';
export const passwordOnly = 'urn:cordon:acr:password';
export const acrValues = [passwordOnly, multiFactor] as const;

/** What a token may say now: the choice made at sign-in, under what the engine says at this moment. */
export interface Entitlement {
  readonly family: TokenFamily;
  readonly grant: SignInGrant;
  readonly scopes: readonly string[];
}

/**
 * Asks the engine before any token leaves. A member who was removed, a role that changed, or a factor that is
 * required since: the family ends.
 * @throws errors.InvalidGrant when the family or the membership is gone, errors.TemporarilyUnavailable when the
 *   engine gives no answer (the refresh token is not used up by that).
 */
export async function findEntitlement(
  deps: { engine: EngineGrants; revocations: Revocations },
  family: TokenFamily | undefined,
  acr: string | undefined,
): Promise<Entitlement> {
  if (!family) throw new errors.InvalidGrant('the token family has ended');
  let grants: readonly SignInGrant[];
  try {
    grants = await deps.engine.signInGrants(family.accountId);
  } catch (error) {
    if (error instanceof IdentityError)
      throw new errors.TemporarilyUnavailable('memberships could not be asked', { cause: error });
    throw error;
  }
  const grant = grants.find((each) => each.tenantId === family.tenantId && each.role === family.role);
  if (!grant || (grant.factorRequired && acr !== multiFactor)) {
    await deps.revocations.revoke(family.grantId, 'entitlement-lost');
    throw new errors.InvalidGrant('the membership has ended or asks for more');
  }
  const all = clinicScopes(grant);
  const allowed = family.allowedScopes && new Set(family.allowedScopes);
  return { family, grant, scopes: allowed ? all.filter((scope) => allowed.has(scope)) : all };
}
