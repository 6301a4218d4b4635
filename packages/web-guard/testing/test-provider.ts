import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

export const clientId = 'test-app';
export const clientSecret = 'a-secret-of-the-test-client-with-some-length';
export const resource = 'urn:cordon:engine';
export const testTenantId = '6d1f0e5a-3b1c-4a55-9a59-0a4b8f6f5f10';

/** A real OpenID provider whose only liberty is that it signs in whoever the test names, without asking. */
export interface TestProvider {
  readonly issuer: string;
  /** Who signs in next, and as what; the lifetime of access tokens in seconds. */
  readonly next: {
    account: string;
    role: string;
    accessSeconds: number;
    tenantId: string;
    refuse: boolean;
    acr: string;
  };
  /** Successful refreshes, and refused ones, since the start. */
  readonly refreshes: { granted: number; refused: number };
  /** What the token endpoint does before it answers: waits, or answers 503. */
  /** `held`: no answer before it resolves. */
  readonly tokenEndpoint: { delayMs: number; away: boolean; held: Promise<unknown> | undefined };
  readonly seen: { method: string; path: string; query: URLSearchParams }[];
  sidOf(account: string): string;
  /** A logout token, valid unless claims, header or key are replaced. */
  signLogout(claims: Record<string, unknown>, more?: { typ?: string; foreignKey?: boolean }): Promise<string>;
  close(): Promise<void>;
}

function sidOf(account: string): string {
  return createHash('sha256').update(`sid of ${account}`).digest('hex').slice(0, 32);
}

async function signInWhoeverIsNext(
  provider: Provider,
  next: TestProvider['next'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  if (next.refuse) {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  if (details.prompt.name === 'login') {
    await provider.interactionFinished(request, response, {
      login: { accountId: next.account, acr: next.acr },
    });
    return;
  }
  const grant = new provider.Grant({
    accountId: details.session?.accountId ?? next.account,
    clientId: String(details.params['client_id']),
  });
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(resource, 'clinic/1.read');
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

function configure(key: object, redirectUris: string[], backTo: string[], state: TestProvider['next']): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: redirectUris,
        post_logout_redirect_uris: backTo,
        grant_types: ['authorization_code', 'refresh_token'],
        id_token_signed_response_alg: 'ES256',
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig', kid: 'test' }] },
    cookies: { keys: ['a cookie key of the test provider'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    clientBasedCORS: () => false,
    acrValues: ['urn:cordon:acr:password', 'urn:cordon:acr:mfa'],
    extraTokenClaims: (_context, token) => ({
      acr: state.acr,
      auth_time: Math.floor(Date.now() / 1_000),
      tenant_id: state.tenantId,
      role: state.role,
      sid: 'accountId' in token ? sidOf(token.accountId) : '',
    }),
    ttl: { AccessToken: () => state.accessSeconds, RefreshToken: 3_600, Session: 3_600, Grant: 3_600 },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'clinic/1.read',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: state.accessSeconds,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
} // prettier-ignore

export async function startTestProvider(publicUrls: readonly string[]): Promise<TestProvider> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const foreign = await generateKeyPair('ES256');
  const state = { account: 'anna', role: 'role.clinician', accessSeconds: 900, tenantId: testTenantId, refuse: false, acr: 'urn:cordon:acr:password' };
  const tokenEndpoint: TestProvider['tokenEndpoint'] = { delayMs: 0, away: false, held: undefined };
  const refreshes = { granted: 0, refused: 0 };
  const seen: TestProvider['seen'] = [];
  const late: { provider?: Provider } = {};

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { provider } = late;
    if (provider === undefined) return;
    const url = new URL(request.url ?? '/', 'http://localhost');
    seen.push({ method: request.method ?? '', path: url.pathname, query: url.searchParams });
    if (url.pathname.startsWith('/interaction/')) {
      await signInWhoeverIsNext(provider, state, request, response);
      return;
    }
    if (url.pathname === '/token') {
      await sleep(tokenEndpoint.delayMs);
      await tokenEndpoint.held;
      if (tokenEndpoint.away) {
        response.writeHead(503, { 'content-type': 'text/html' }).end('away');
        return;
      }
    }
    await provider.callback()(request, response);
  }

  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(
    issuer,
    configure(
      await exportJWK(privateKey),
      publicUrls.map((url) => `${url}/auth/callback`),
      publicUrls.map((url) => `${url}/`),
      state,
    ),
  );
  late.provider = provider;
  const isRefresh = (body: unknown) => (body as { grant_type?: string } | undefined)?.grant_type === 'refresh_token';
  provider.on('grant.success', (context) => {
    if (isRefresh(context.oidc.body)) refreshes.granted += 1;
  });
  provider.on('grant.error', (context) => {
    if (isRefresh(context.oidc.body)) refreshes.refused += 1;
  });

  return {
    issuer,
    next: state,
    refreshes,
    tokenEndpoint,
    seen,
    sidOf,
    signLogout: (claims, more = {}) =>
      new SignJWT({
        iss: issuer,
        aud: clientId,
        jti: String(Math.random()),
        iat: Math.floor(Date.now() / 1_000),
        exp: Math.floor(Date.now() / 1_000) + 120,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'test', ...(more.typ === '' ? {} : { typ: more.typ ?? 'logout+jwt' }) })
        .sign(more.foreignKey === true ? foreign.privateKey : privateKey),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
} // prettier-ignore
