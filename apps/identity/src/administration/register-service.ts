import { randomUUID } from 'node:crypto';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit.ts';
import type { EngineGrants } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import type { ClientSettings, ServiceClient } from '../settings.ts';
import type { ServiceClients } from './service-clients.ts';

export interface ServiceRegistrationDependencies {
  readonly accounts: Accounts;
  readonly engine: EngineGrants;
  readonly audit: Audit;
  readonly services: ServiceClients;
  /** Those of the deployment; their names are taken. */
  readonly clients: readonly ClientSettings[];
}

export interface ServiceAsk {
  readonly administratorId: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly requestId: string;
  readonly address: string;
}

export interface NewService extends ServiceAsk {
  readonly role: ServiceClient['service']['role'];
  readonly scopes: readonly string[];
  readonly publicKey: ServiceClient['jwks']['keys'][number];
}

const clinicOf = (scope: string) => scope.slice('clinic/'.length, scope.lastIndexOf('.'));

const entryOf = (ask: ServiceAsk, action: 'account.service-registered' | 'account.service-ended', targetId?: string) =>
  ({ action, accountId: ask.administratorId, targetId, tenantId: ask.tenantId, requestId: ask.requestId, address: ask.address }); // prettier-ignore

/**
 * Registers an integration: a client that proves itself by its own key, and an account that nobody can sign in with, in the
 * clinics that its scopes name and no other. The engine decides whether the administrator may give that role there.
 * @throws IdentityError `identity-invitation-refused`, `identity-client-exists`, `identity-engine-unavailable`,
 *   `identity-audit-unavailable`
 */
export async function registerService(deps: ServiceRegistrationDependencies, ask: NewService): Promise<void> {
  const { clientId, tenantId, role, scopes } = ask;
  const taken = deps.clients.some((client) => client.client_id === clientId);
  if (taken || (await deps.services.find(clientId))) throw new IdentityError('identity-client-exists');
  const accountId = randomUUID();
  const clinicIds = role === 'role.externalContractor' ? [] : [...new Set(scopes.map(clinicOf))];
  const granted = await deps.engine.grantMembership({ grantedBy: ask.administratorId, accountId, tenantId, role, clinicIds, displayName: clientId }); // prettier-ignore
  await deps.audit.appendAudit([
    {
      ...entryOf(ask, 'account.service-registered', accountId),
      decision: granted ? 'permit' : 'deny',
      reasonCode: granted ? 'administrator' : 'not-administered',
    },
  ]);
  if (!granted) throw new IdentityError('identity-invitation-refused');
  // The name under which nobody gets letters (RFC 2606, 2): an integration has neither password nor mailbox.
  const email = `${accountId}@service.invalid`;
  await deps.accounts.create({ accountId, email, displayName: clientId, passwordHash: null });
  await deps.services.add(
    {
      client_id: clientId,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [ask.publicKey] },
      service: { account_id: accountId, tenant_id: tenantId, role, scopes: [...scopes] },
    },
    ask.administratorId,
  );
}

/**
 * From the answer on it gets no token; those that it has end within fifteen minutes.
 * @throws IdentityError `identity-invitation-refused`, also for one that is not there
 */
export async function endService(deps: ServiceRegistrationDependencies, ask: ServiceAsk): Promise<void> {
  const grants = await deps.engine.signInGrants(ask.administratorId);
  const client = await deps.services.find(ask.clientId);
  const administers = grants.some(
    ({ tenantId, role }) => tenantId === ask.tenantId && (role === 'role.admin' || role === 'role.corporateAdmin'),
  ); // prettier-ignore
  const may = administers && client?.service.tenant_id === ask.tenantId;
  await deps.audit.appendAudit([
    {
      ...entryOf(ask, 'account.service-ended', client?.service.account_id),
      decision: may ? 'permit' : 'deny',
      reasonCode: may ? 'administrator' : 'not-administered',
    },
  ]);
  if (!may || !(await deps.services.end(ask.clientId, ask.tenantId)))
    throw new IdentityError('identity-invitation-refused');
}
