import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../../testing/browser.ts';
import {
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import {
  discover,
  followToClient,
  openSignIn,
  redirectUri,
  requestParameters,
  signIn,
} from '../../testing/relying-party.ts';

let identity: IdentityUnderTest;
let configuration: client.Configuration;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
  configuration = await discover(identity);
});
afterAll(() => identity.close());

const easyPerson = () => identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });

async function push(parameters: Record<string, string>): Promise<{ status: number; error: unknown }> {
  const response = await fetch(`${identity.issuer}/par`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('console:console-secret-console-secret-console').toString('base64')}` },
    body: new URLSearchParams({ client_id: 'console', response_type: 'code', ...parameters }),
  }); // prettier-ignore
  const body = (await response.json()) as { error?: string };
  return { status: response.status, error: body.error };
}

async function parametersWithout(name: string, more: Record<string, string> = {}) {
  const parameters = await requestParameters(client.randomPKCECodeVerifier(), more);
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== name));
}

describe('an authorization request is refused', () => {
  it('to a redirect address that is not registered to the letter', async () => {
    const variants = [
      `${redirectUri}/`,
      `${redirectUri}?a=b`,
      'http://localhost:7400/auth',
      'https://evil.example/',
    ];
    for (const redirect_uri of variants) {
      const parameters = await parametersWithout('', { redirect_uri });
      expect(await push(parameters)).toEqual({ status: 400, error: 'invalid_request' });
    }
  });

  it('without a proof key, and with one that is not hashed', async () => {
    expect(await push(await parametersWithout('code_challenge'))).toMatchObject({
      status: 400,
      error: 'invalid_request',
    });
    const plain = await parametersWithout('', { code_challenge_method: 'plain' });
    expect(await push(plain)).toMatchObject({ status: 400, error: 'invalid_request' });
    expect(await push(await parametersWithout('code_challenge_method'))).toMatchObject({ status: 400 });
  });

  it('when a confidential client does not push it', async () => {
    const url = client.buildAuthorizationUrl(configuration, await parametersWithout('', { state: 's' }));
    const response = await new Browser(identity.issuer).open(url.href);
    const target = new URL(response.headers.get('location') ?? '');
    expect(target.searchParams.get('error')).toBe('invalid_request');
    expect(target.searchParams.get('iss')).toBe(identity.issuer);
  });

  it('for another resource, response type or response mode', async () => {
    expect(await push(await parametersWithout('', { resource: 'urn:other' }))).toMatchObject({
      error: 'invalid_target',
    });
    expect(await push(await parametersWithout('', { response_type: 'code id_token' }))).toMatchObject({
      status: 400,
    });
    expect(await push(await parametersWithout('', { response_mode: 'form_post' }))).toMatchObject({
      status: 400,
    });
    expect(await push(await parametersWithout('', { response_mode: 'fragment' }))).toMatchObject({
      status: 400,
    });
  });

  it('with a request object, signed by nobody', async () => {
    const request = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`;
    expect(await push(await parametersWithout('', { request }))).toMatchObject({ status: 400 });
  });

  it('for a client that nobody registered, with a page that leads nowhere', async () => {
    const response = await new Browser(identity.issuer).open(
      '/authorize?client_id=ghost&redirect_uri=https://evil.example/',
    );
    const html = await response.text();
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(html).toContain('This sign-in cannot go on');
    expect(html).not.toContain('evil.example');
  });

  it('when its pushed address is opened after it was used', async () => {
    const person = await easyPerson();
    const url = await client.buildAuthorizationUrlWithPAR(configuration, await parametersWithout(''));
    const browser = new Browser(identity.issuer);
    const page = (await browser.open(url.href)).headers.get('location') ?? '';
    const answer = await browser.ask(`${page}/password`, {
      email: person.email,
      password: 'correct horse battery staple',
    });
    const { redirectTo } = (await answer.json()) as { redirectTo: string };
    expect(
      (await followToClient(browser, redirectTo, identity.issuer)).searchParams.get('code'),
    ).not.toBeNull();
    expect((await browser.open(url.href)).status).toBe(400);
  });

  it('without asking the person, although the browser has signed in before', async () => {
    const { browser } = await signIn({ identity, person: await easyPerson() });
    await openSignIn(identity, configuration, await parametersWithout(''), browser);
    const silent = await client.buildAuthorizationUrlWithPAR(
      configuration,
      await parametersWithout('', { prompt: 'none' }),
    );
    const location = (await browser.open(silent.href)).headers.get('location') ?? '';
    expect(new URL(location).searchParams.get('error')).toBe('login_required');
  });
});

describe('a code', () => {
  it('works once; its replay ends the tokens that it gave', async () => {
    const { tokens, callback, verifier } = await signIn({ identity, person: await easyPerson() });
    const replay = client.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: verifier,
      expectedState: callback.searchParams.get('state') ?? '',
    });
    await expect(replay).rejects.toMatchObject({ error: 'invalid_grant' });
    const refresh = client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('gives tokens to one at most of many that present it at once, and those do not last', async () => {
    const person = await easyPerson();
    const verifier = client.randomPKCECodeVerifier();
    const { browser, page } = await openSignIn(identity, configuration, await requestParameters(verifier));
    const answer = await browser.ask(`${page}/password`, {
      email: person.email,
      password: 'correct horse battery staple',
    });
    const { redirectTo } = (await answer.json()) as { redirectTo: string };
    const callback = await followToClient(browser, redirectTo, identity.issuer);
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        client.authorizationCodeGrant(configuration, callback, { pkceCodeVerifier: verifier }),
      ),
    );
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won.length).toBeLessThanOrEqual(1);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ error: 'invalid_grant', status: 400 });
    for (const { value } of won)
      await expect(client.refreshTokenGrant(configuration, value.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });
  });

  it('is worth nothing without the verifier, or with another client’s', async () => {
    const person = await easyPerson();
    const { browser, page } = await openSignIn(
      identity,
      configuration,
      await requestParameters(client.randomPKCECodeVerifier()),
    );
    const answer = await browser.ask(`${page}/password`, {
      email: person.email,
      password: 'correct horse battery staple',
    });
    const { redirectTo } = (await answer.json()) as { redirectTo: string };
    const callback = await followToClient(browser, redirectTo, identity.issuer);
    for (const pkceCodeVerifier of [client.randomPKCECodeVerifier(), ''])
      await expect(
        client.authorizationCodeGrant(configuration, callback, { pkceCodeVerifier }),
      ).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a native client', () => {
  it('signs in with a loopback port of its choice and a proof key, without a secret', async () => {
    const person = await easyPerson();
    const native = await client.discovery(new URL(identity.issuer), 'cordon-cli', undefined, client.None(), {
      execute: [client.allowInsecureRequests], // eslint-disable-line @typescript-eslint/no-deprecated -- loopback only
    });
    const verifier = client.randomPKCECodeVerifier();
    const parameters = await requestParameters(verifier, { redirect_uri: 'http://127.0.0.1:53682/callback' });
    const browser = new Browser(identity.issuer);
    const opened = await browser.open(client.buildAuthorizationUrl(native, parameters).href);
    const answer = await browser.ask(`${opened.headers.get('location') ?? ''}/password`, {
      email: person.email,
      password: 'correct horse battery staple',
    });
    const { redirectTo } = (await answer.json()) as { redirectTo: string };
    const callback = await followToClient(browser, redirectTo, identity.issuer);
    expect(callback.port).toBe('53682');
    const tokens = await client.authorizationCodeGrant(native, callback, { pkceCodeVerifier: verifier });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ client_id: 'cordon-cli', sub: person.accountId });
  });
});

describe('the provider', () => {
  it('publishes what it does and nothing else', () => {
    const metadata = configuration.serverMetadata();
    expect(metadata).toMatchObject({
      issuer: identity.issuer,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
      token_endpoint: `${identity.issuer}/token`,
    });
    expect(metadata).not.toHaveProperty('registration_endpoint');
    expect(metadata).not.toHaveProperty('userinfo_endpoint');
  });

  it('publishes public keys only, and keeps them over a restart', async () => {
    const read = async () => {
      const response = await fetch(`${identity.issuer}/jwks`);
      return (await response.json()) as { keys: Record<string, string>[] };
    };
    const before = await read();
    for (const key of before.keys)
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    await identity.restart();
    expect(await read()).toEqual(before);
  });

  it('keeps no login hint of a pushed request', async () => {
    await client.buildAuthorizationUrlWithPAR(
      configuration,
      await parametersWithout('', { login_hint: 'a@b.example' }),
    );
    const { rows } = await identity.pool.query<{ request: string }>(
      "SELECT payload ->> 'request' AS request FROM identity.artefacts WHERE model = 'PushedAuthorizationRequest'",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { request } of rows) expect(decodeJwt(request)).not.toHaveProperty('login_hint');
  });

  it('sends the strict browser policy with every answer', async () => {
    for (const path of ['/jwks', '/authorize', '/sign-out', '/nowhere', '/interaction/x/state']) {
      const response = await fetch(`${identity.issuer}${path}`);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('cache-control')).toContain('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('answers strange paths, hosts and bodies without a failure of its own', async () => {
    const statuses = [];
    for (const path of [
      '//',
      '/authorize?client_id=a&client_id=b',
      '/authorize/%00',
      '/token',
      `/interaction/${'a'.repeat(300)}`,
    ])
      statuses.push((await fetch(identity.issuer + path)).status);
    const huge = await fetch(`${identity.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x'.repeat(100_000) }),
    });
    statuses.push(huge.status);
    const json = await fetch(`${identity.issuer}/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }); // prettier-ignore
    statuses.push(json.status);
    for (const status of statuses) expect(status).toBeGreaterThanOrEqual(400);
    for (const status of statuses) expect(status).toBeLessThan(500);
  });
});
