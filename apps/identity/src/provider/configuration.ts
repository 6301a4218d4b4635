import { errors, type Adapter, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { JWK } from 'jose';
import type { ServiceClients } from '../administration/service-clients.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit.ts';
import type { EngineGrants } from '../engine/sign-in-grants.ts';
import type { ClientSettings } from '../settings.ts';
import { isForeign, isService, toClientMetadata } from './clients.ts';
import { cookieNames } from './cookie-names.ts';
import { acrValues, findEntitlement, type Entitlement } from './entitlement.ts';
import { familySeconds, type TokenFamilies, type TokenFamily } from './families.ts';
import { toGrant } from './grant-adapter.ts';
import { renderErrorPage, renderSignedOutPage, renderSignOutPage, type Homes } from './pages.ts';
import { createInteractionPolicy } from './policy.ts';
import type { Revocations } from './revocations.ts';
import { checkAssertion, issueServiceToken, type ServiceToken } from './service-tokens.ts';

const engineResource = 'urn:cordon:engine';
const accessTokenSeconds = 15 * 60;
const minute = 60;

export interface ProviderDependencies {
  readonly issuer: string;
  readonly clients: readonly ClientSettings[];
  readonly cookieKey: string;
  readonly homes: Homes;
  readonly accounts: Accounts;
  readonly engine: EngineGrants;
  readonly audit: Audit;
  readonly families: TokenFamilies;
  readonly revocations: Revocations;
  readonly services: ServiceClients;
  readonly createAdapter: (model: string) => Adapter;
}

/** A parameter of ours at the revocation endpoint (RFC 7009 leaves room for more): all that the person has, at every client. */
const endsAll = ({ oidc: { body } }: KoaContextWithOIDC): boolean => body?.['all_sessions'] === 'true';

export function createConfiguration(deps: ProviderDependencies, keys: readonly JWK[]): Configuration {
  // What the engine said for the request that is being answered; gone with it.
  const entitlements = new WeakMap<object, Entitlement>();
  // The family that a sign-in has just begun, for the request that goes on with it.
  const begun = new WeakMap<object, TokenFamily>();
  const services = new WeakMap<object, ServiceToken>();
  const entitlementOf = (ctx: KoaContextWithOIDC): Entitlement => {
    const entitlement = entitlements.get(ctx);
    if (!entitlement) throw new errors.InvalidGrant('no membership was asked for this token');
    return entitlement;
  };

  return {
    adapter: deps.createAdapter,
    clients: deps.clients.map(toClientMetadata),
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt', 'none'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: keys.map((key) => ({ ...key })) },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256'] },
    assertJwtClientAuthClaimsAndHeader: checkAssertion(deps.issuer),
    responseTypes: ['code'],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'], profile: ['name'] },
    acrValues: [...acrValues],
    subjectTypes: ['public'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    enableHttpPostMethods: false,
    clientBasedCORS: () => false,
    // The library refuses loopback and private addresses, for clients that strangers register. Ours are in a file of
    // the deployment, and live on just such addresses. It fetches nothing but their logout addresses.
    fetch: (url, options) => {
      if (options) Reflect.deleteProperty(options, 'dispatcher');
      return fetch(url, options);
    },
    // A login hint is an e-mail address: it would lie in stored requests, and pages may not act on it anyway.
    extraParams: {
      login_hint: (ctx) => {
        if (ctx.oidc.params) ctx.oidc.params['login_hint'] = undefined;
      },
    },
    cookies: {
      names: cookieNames(deps.issuer),
      keys: [deps.cookieKey],
      long: { httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      jwks: '/jwks',
      pushed_authorization_request: '/par',
      revocation: '/revoke',
      end_session: '/sign-out',
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        async allowedPolicy(ctx, client, token) {
          if (token.clientId !== client.clientId) return false;
          const own = deps.clients.find((each) => each.client_id === client.clientId);
          // Only pages of ours may offer "everywhere", and only with the person's own refresh token in hand.
          if (endsAll(ctx) && own && !isService(own) && !isForeign(own) && token.kind === 'RefreshToken')
            await deps.revocations.revokeAll(token.accountId, 'person-request');
          return true;
        },
      },
      backchannelLogout: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: renderSignOutPage,
        postLogoutSuccessSource: renderSignedOutPage(deps.homes),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => engineResource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== engineResource) throw new errors.InvalidTarget();
          return {
            scope: '',
            audience: engineResource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: accessTokenSeconds,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    interactions: {
      policy: createInteractionPolicy(),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      AuthorizationCode: minute,
      IdToken: accessTokenSeconds,
      Interaction: 30 * minute,
      Grant: familySeconds,
      Session: familySeconds,
      // Seven days from the first token of the family on: rotation never adds to them.
      RefreshToken: (ctx) => ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? familySeconds,
    },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // Tokens end with the sign-in at the provider, so that one sign-out ends them all.
    expiresWithSession: () => true,

    loadExistingGrant(ctx) {
      const family = begun.get(ctx);
      if (!family || !ctx.oidc.session) return undefined;
      // A family has a `sid` of its own: were the browser's reused, refusing one would refuse the next sign-in too.
      ctx.oidc.session.sidFor(family.clientId, family.sid);
      return toGrant(family, ctx.oidc.provider);
    },

    async findAccount(ctx, accountId, token) {
      const grantId = token ? token.grantId : ctx.oidc.result?.consent?.grantId;
      const { active, family } = await deps.families.findHolder(accountId, grantId);
      if (!active) return undefined;
      // A used token is about to be refused and its family ended: the engine need not be up for that.
      const used = token && 'consumed' in token && token.consumed;
      if (token?.grantId !== undefined && !used) {
        const acr = 'acr' in token ? token.acr : undefined;
        entitlements.set(ctx, await findEntitlement(deps, family, acr));
      } else if (!token && family) begun.set(ctx, family);
      return {
        accountId,
        claims: async (_use, scope) => ({
          sub: accountId,
          ...(scope.split(' ').includes('profile')
            ? { name: await deps.accounts.readDisplayName(accountId) }
            : {}),
        }),
      };
    },

    async extraTokenClaims(ctx, token) {
      if (token.kind === 'ClientCredentials') {
        const issued = await issueServiceToken(deps, ctx);
        services.set(ctx, issued);
        return issued.claims;
      }
      const { family, grant } = entitlementOf(ctx);
      const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken;
      if (!source) throw new errors.InvalidGrant('no sign-in stands behind this token');
      return {
        tenant_id: family.tenantId,
        role: family.role,
        sid: family.sid,
        acr: source.acr,
        amr: source.amr,
        auth_time: source.authTime,
        ...(grant.patientRecordId === null ? {} : { patient_record_id: grant.patientRecordId }),
      };
    },

    formats: {
      customizers: {
        jwt(ctx, token, structured) {
          const service = services.get(ctx);
          const scope = (service?.scopes ?? ['openid', ...entitlementOf(ctx).scopes]).join(' ');
          // The answer's `scope` member is read from the token afterwards (RFC 6749, 5.1).
          token.scope = scope;
          structured.payload = {
            ...structured.payload,
            scope,
            ...(service ? { sub: service.accountId } : {}),
          };
        },
      },
    },

    renderError: renderErrorPage(deps.homes),
  };
}
