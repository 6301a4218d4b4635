import { randomUUID } from 'node:crypto';
import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { ServiceClients } from '../administration/service-clients.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit.ts';
import { clinicScopes, type EngineGrants } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import type { ClientSettings } from '../settings.ts';
import { isService } from './clients.ts';

/** What the token of an integration says; there is no person and no family behind it, and no refresh token. */
export interface ServiceToken {
  readonly accountId: string;
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, string>>;
}

export interface ServiceDependencies {
  readonly clients: readonly ClientSettings[];
  readonly accounts: Accounts;
  readonly engine: EngineGrants;
  readonly audit: Audit;
  readonly services: ServiceClients;
}

/** An assertion is for this issuer alone and for minutes: one that a neighbour was sent opens nothing here (RFC 7523, 3). */
export function checkAssertion(issuer: string): Configuration['assertJwtClientAuthClaimsAndHeader'] {
  const longestSeconds = 300;
  return (_ctx, claims) => {
    const { aud, exp } = claims;
    if (aud !== issuer && !(Array.isArray(aud) && aud.length === 1 && aud[0] === issuer))
      throw new errors.InvalidClientAuth('the assertion is not for this issuer alone');
    if (typeof exp !== 'number' || exp > Date.now() / 1_000 + longestSeconds)
      throw new errors.InvalidClientAuth('the assertion lives too long');
  };
}

/**
 * Least scopes: what the client was given in its registration, under what the engine says its account may at this moment,
 * under what it asks for. The entry is durable before the token is out.
 * @throws errors.UnauthorizedClient without account or membership, errors.InvalidScope when nothing is left,
 *   errors.TemporarilyUnavailable when engine or audit store give no answer.
 */
export async function issueServiceToken(
  deps: ServiceDependencies,
  ctx: KoaContextWithOIDC,
): Promise<ServiceToken> {
  const clientId = ctx.oidc.client?.clientId ?? '';
  const client =
    deps.clients.find((each) => each.client_id === clientId) ?? (await deps.services.find(clientId));
  if (!client || !isService(client)) throw new errors.UnauthorizedClient('not a service client');
  const { account_id: accountId, tenant_id: tenantId, role } = client.service;
  try {
    const account = await deps.accounts.findById(accountId);
    const grants = account?.state === 'active' ? await deps.engine.signInGrants(accountId) : [];
    const grant = grants.find((each) => each.tenantId === tenantId && each.role === role);
    if (!grant) throw new errors.UnauthorizedClient('the membership has ended');
    const asked = ctx.oidc.params?.['scope'];
    const wanted = typeof asked === 'string' ? new Set(asked.split(' ')) : undefined;
    const given = new Set(clinicScopes(grant));
    const scopes = client.service.scopes.filter((scope) => given.has(scope) && (wanted?.has(scope) ?? true));
    if (scopes.length === 0) throw new errors.InvalidScope('nothing of this is granted', String(asked));
    const sid = randomUUID();
    await deps.audit.appendAudit([
      {
        action: 'token.service-issued',
        decision: 'permit',
        reasonCode: 'client-credentials',
        accountId,
        tenantId,
        role,
        sid,
      },
    ]);
    return { accountId, scopes, claims: { tenant_id: tenantId, role, sid, acr: 'urn:cordon:acr:service' } };
  } catch (error) {
    if (error instanceof IdentityError)
      throw new errors.TemporarilyUnavailable('engine or audit store gave no answer', { cause: error });
    throw error;
  }
}
