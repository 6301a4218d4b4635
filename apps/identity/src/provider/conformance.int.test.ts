import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../../testing/browser.ts';
import {
  grantOf,
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import {
  discover,
  followToClient,
  openSignIn,
  requestParameters,
  signIn,
} from '../../testing/relying-party.ts';

/**
 * The core of the OpenID Foundation's Basic OP plan (oidcc-basic-certification-test-plan), module by module, driven by a
 * certified relying party. Left out, for the provider has none of them on purpose: userinfo, dynamic registration,
 * client_secret_post, form_post, address and phone scopes, and requests that are not pushed.
 */
let identity: IdentityUnderTest;
let configuration: client.Configuration;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
  configuration = await discover(identity);
});
afterAll(() => identity.close());

const person = () => identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });

/** The callback address of one sign-in with these parameters. */
async function callbackFor(verifier: string, more: Record<string, string>): Promise<URL> {
  const { browser, page } = await openSignIn(
    identity,
    configuration,
    await requestParameters(verifier, more),
  );
  const { email } = await person();
  const answer = await browser.ask(`${page}/password`, { email, password });
  const { redirectTo } = (await answer.json()) as { redirectTo: string };
  return followToClient(browser, redirectTo, identity.issuer);
}

/** What the provider answers to a request that it cannot fulfil without asking. */
async function errorFor(more: Record<string, string>): Promise<string | null> {
  const parameters = await requestParameters(client.randomPKCECodeVerifier(), more);
  const url = await client.buildAuthorizationUrlWithPAR(configuration, parameters);
  const location = (await new Browser(identity.issuer).open(url.href)).headers.get('location');
  return new URL(location ?? '', identity.issuer).searchParams.get('error');
}

describe('the Basic OP profile', () => {
  it('oidcc-server: a code comes back, and tokens for it', async () => {
    const { tokens, callback } = await signIn({ identity, person: await person() });
    expect(callback.searchParams.get('code')).not.toBeNull();
    expect(callback.searchParams.get('iss')).toBe(identity.issuer);
    expect(tokens.token_type).toBe('bearer');
    expect(tokens.expires_in).toBeGreaterThan(0);
  });

  it('oidcc-idtoken-signature, -kid-absent-single-jwks: the ID token verifies with a published key that it names', async () => {
    const { tokens } = await signIn({ identity, person: await person() });
    const keys = createRemoteJWKSet(new URL('/jwks', identity.issuer));
    const idToken = tokens.id_token ?? '';
    const { payload } = await jwtVerify(idToken, keys, { issuer: identity.issuer, audience: 'console' });
    expect(decodeProtectedHeader(idToken)).toMatchObject({ alg: 'ES256', kid: expect.any(String) as string });
    for (const claim of ['sub', 'exp', 'iat']) expect(payload).toHaveProperty(claim);
  });

  it('oidcc-ensure-request-with-valid-nonce, -without-nonce: the nonce comes back as it went, or not at all', async () => {
    const verifier = client.randomPKCECodeVerifier();
    const withNonce = await callbackFor(verifier, { nonce: 'n-0S6_WzA2Mj' });
    const tokens = await client.authorizationCodeGrant(configuration, withNonce, {
      pkceCodeVerifier: verifier,
      expectedNonce: 'n-0S6_WzA2Mj',
    });
    expect(tokens.claims()?.['nonce']).toBe('n-0S6_WzA2Mj');
    const second = client.randomPKCECodeVerifier();
    const plain = await client.authorizationCodeGrant(configuration, await callbackFor(second, {}), {
      pkceCodeVerifier: second,
    });
    expect(plain.claims()).not.toHaveProperty('nonce');
  });

  it('oidcc-response-type-missing, -unknown: a request without response type, or for another, is refused', async () => {
    for (const response_type of ['', 'token', 'id_token'])
      await expect(errorFor({ response_type })).rejects.toMatchObject({ status: 400 });
  });

  it('oidcc-scope-profile: the name comes with the scope that holds it, and with no other', async () => {
    const withProfile = await signIn({ identity, person: await person(), scope: 'openid profile' });
    expect(withProfile.tokens.claims()).toHaveProperty('name');
    const without = await signIn({ identity, person: await person(), scope: 'openid' });
    expect(without.tokens.claims()).not.toHaveProperty('name');
  });

  it('oidcc-ensure-other-scope-order-succeeds, -unknown-scope: order does not matter, unknown scopes are ignored', async () => {
    const { tokens } = await signIn({ identity, person: await person(), scope: 'profile unknown openid' });
    expect(tokens.claims()).toHaveProperty('name');
  });

  it('oidcc-display, -ui-locales, -claims-locales, -login-hint, unknown parameters: nothing that is optional stops a sign-in', async () => {
    const parameters = {
      display: 'popup',
      ui_locales: 'se',
      claims_locales: 'se',
      login_hint: 'a@b.example',
      extra: 'foobar',
    };
    const { tokens } = await signIn({ identity, person: await person(), parameters });
    expect(tokens.id_token).toBeTypeOf('string');
  });

  it('oidcc-prompt-none-not-logged-in, -logged-in: no page is shown, and login_required is the answer', async () => {
    expect(await errorFor({ prompt: 'none' })).toBe('login_required');
  });

  it('oidcc-prompt-login, -max-age-1: the person proves anew, and auth_time moves on', async () => {
    const someone = await person();
    const first = await signIn({ identity, person: someone, parameters: { max_age: '10000' } });
    const before = Number(first.tokens.claims()?.auth_time);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    for (const parameters of [{ prompt: 'login', max_age: '10000' }, { max_age: '1' }]) {
      const again = await signIn({ identity, person: someone, browser: first.browser, parameters });
      expect(Number(again.tokens.claims()?.auth_time)).toBeGreaterThan(before);
      expect(again.tokens.claims()?.sub).toBe(someone.accountId);
    }
  });

  it('oidcc-max-age-10000: auth_time is there when it was asked for', async () => {
    const { tokens } = await signIn({ identity, person: await person(), parameters: { max_age: '10000' } });
    expect(tokens.claims()?.auth_time).toBeTypeOf('number');
  });

  it('oidcc-id-token-hint: a hint to another person does not sign that person in', async () => {
    const { tokens } = await signIn({ identity, person: await person() });
    expect(await errorFor({ prompt: 'none', id_token_hint: tokens.id_token ?? '' })).toBe('login_required');
  });

  it('oidcc-ensure-request-with-acr-values-succeeds: the ID token says which context it was', async () => {
    const parameters = { acr_values: 'urn:cordon:acr:password urn:cordon:acr:mfa' };
    const { tokens } = await signIn({ identity, person: await person(), parameters });
    expect(tokens.claims()).toMatchObject({ acr: 'urn:cordon:acr:password' });
  });

  it('oidcc-codereuse, -30seconds: a code is good once, and its second use ends what the first gave', async () => {
    const { tokens, callback, verifier } = await signIn({ identity, person: await person() });
    const checks = { pkceCodeVerifier: verifier, expectedState: callback.searchParams.get('state') ?? '' };
    await expect(client.authorizationCodeGrant(configuration, callback, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('oidcc-ensure-registered-redirect-uri, -redirect-uri-query-mismatch: no other address gets an answer', async () => {
    for (const redirect_uri of ['http://localhost:7400/auth/callback?foo=bar', 'https://evil.example/cb'])
      await expect(errorFor({ redirect_uri })).rejects.toMatchObject({ error: 'invalid_request' });
  });

  it('oidcc-ensure-request-object-with-redirect-uri, -unsigned-request-object: request objects are refused, never half read', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const request = `${part({ alg: 'none' })}.${part({ redirect_uri: 'https://evil.example/cb' })}.`;
    await expect(errorFor({ request })).rejects.toMatchObject({ status: 400 });
  });

  it('oidcc-refresh-token: a refreshed ID token is of the same person, issuer, audience and sign-in', async () => {
    const { tokens } = await signIn({ identity, person: await person(), parameters: { max_age: '10000' } });
    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    const [before, after] = [decodeJwt(tokens.id_token ?? ''), decodeJwt(refreshed.id_token ?? '')];
    for (const claim of ['iss', 'sub', 'aud', 'auth_time']) expect(after[claim]).toEqual(before[claim]);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  });

  it('oidcc-server-client-secret-basic: a wrong secret gets invalid_client', async () => {
    const wrong = await client.discovery(
      new URL(identity.issuer),
      'console',
      undefined,
      client.ClientSecretBasic('x'.repeat(40)),
      {
        execute: [client.allowInsecureRequests], // eslint-disable-line @typescript-eslint/no-deprecated -- loopback only
      },
    );
    await expect(client.refreshTokenGrant(wrong, 'anything')).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic', parameters: { error: 'invalid_client' } }],
    });
  });

  it('oidcc-discovery-endpoint-verification: what is published is what is there', () => {
    const metadata = configuration.serverMetadata();
    expect(metadata.issuer).toBe(identity.issuer);
    for (const name of [
      'authorization_endpoint',
      'token_endpoint',
      'jwks_uri',
      'end_session_endpoint',
      'pushed_authorization_request_endpoint',
    ] as const)
      expect(metadata[name]?.startsWith(`${identity.issuer}/`)).toBe(true);
    expect(metadata.subject_types_supported).toContain('public');
    expect(metadata['claims_parameter_supported'] ?? false).toBe(false);
  });
});
