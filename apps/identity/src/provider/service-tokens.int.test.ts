import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';

const keys = await generateKeyPair('ES256');
const foreign = await generateKeyPair('ES256');
const [accountId, tenantId, clinicId] = [randomUUID(), randomUUID(), randomUUID()];
const scopes = [`clinic/${clinicId}.read`, `clinic/${clinicId}.write`];
const [readScope = ''] = scopes;
const membership = () => [
  grantOf({
    tenantId,
    role: 'role.receptionist',
    clinics: [
      { id: clinicId, name: 'North' },
      { id: randomUUID(), name: 'South' },
    ],
  }),
];

let identity: IdentityUnderTest;
beforeAll(async () => {
  const { x = '', y = '' } = await exportJWK(keys.publicKey);
  identity = await startIdentityUnderTest({
    clients: [
      {
        client_id: 'lab-results',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x, y, kid: 'lab-1' }] },
        service: { account_id: accountId, tenant_id: tenantId, role: 'role.receptionist', scopes },
      },
    ],
  });
  await identity.accounts.create({
    accountId,
    email: 'lab@clinic.example',
    displayName: 'Lab',
    passwordHash: null,
  });
});
afterAll(() => identity.close());
beforeEach(async () => {
  identity.engine.grants.set(accountId, membership());
  identity.engine.away = false;
  await identity.pool.query("UPDATE identity.accounts SET state = 'active' WHERE id = $1", [accountId]);
});

async function connect(key = keys.privateKey) {
  return client.discovery(
    new URL(identity.issuer),
    'lab-results',
    undefined,
    client.PrivateKeyJwt({ key, kid: 'lab-1' }),
    // Marked as a warning by its authors: plain http is for this machine alone.
    { execute: [client.allowInsecureRequests] }, // eslint-disable-line @typescript-eslint/no-deprecated -- loopback only
  );
}

const ask = async (parameters: Record<string, string> = {}, key?: typeof keys.privateKey) =>
  client.clientCredentialsGrant(await connect(key), parameters);

/** An assertion made by hand, right but for what is changed. */
async function post(
  change: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  ready?: string,
) {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'lab-results', sub: 'lab-results', aud: identity.issuer, jti: randomUUID(), iat: now, exp: now + 60, ...change }; // prettier-ignore
  const assertion =
    ready ??
    (await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'lab-1', ...header })
      .sign(keys.privateKey));
  const response = await fetch(`${identity.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'lab-results',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
  const body = (await response.json()) as { error?: string };
  return { status: response.status, error: body.error, assertion };
}

describe('an integration', () => {
  it('gets a token for its own tenant, role and clinics by its key, and an entry stands before', async () => {
    const tokens = await ask();
    const { payload } = await jwtVerify(
      tokens.access_token,
      createRemoteJWKSet(new URL('/jwks', identity.issuer)),
      {
        issuer: identity.issuer,
        audience: 'urn:cordon:engine',
        typ: 'at+jwt',
      },
    );
    expect(payload).toMatchObject({
      sub: accountId,
      client_id: 'lab-results',
      tenant_id: tenantId,
      role: 'role.receptionist',
      acr: 'urn:cordon:acr:service',
      scope: scopes.join(' '),
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(900);
    expect(tokens.refresh_token).toBeUndefined();
    const { rows } = await identity.auditAdmin.query(
      'SELECT action FROM audit.audit_logs WHERE actor_session = $1',
      [payload['sid']],
    );
    expect(rows).toEqual([{ action: 'token.service-issued' }]);
  });

  it('gets what it asks for and no more: neither beyond its registration nor beyond its membership', async () => {
    expect((await ask({ scope: readScope })).scope).toBe(readScope);
    const south = membership()[0]?.clinics[1]?.id ?? '';
    await expect(ask({ scope: `clinic/${south}.read` })).rejects.toMatchObject({ error: 'invalid_scope' });
    await expect(ask({ scope: 'openid' })).rejects.toMatchObject({ error: 'invalid_scope' });
    identity.engine.grants.set(accountId, [grantOf({ tenantId, role: 'role.receptionist' })]);
    await expect(ask()).rejects.toMatchObject({ error: 'invalid_scope' });
  });

  it('gets nothing once its membership or its account is gone, or while the engine is away', async () => {
    identity.engine.grants.set(accountId, [grantOf({ tenantId, role: 'role.clinician' })]);
    await expect(ask()).rejects.toMatchObject({ error: 'unauthorized_client' });
    identity.engine.grants.set(accountId, membership());
    await identity.pool.query("UPDATE identity.accounts SET state = 'suspended' WHERE id = $1", [accountId]);
    await expect(ask()).rejects.toMatchObject({ error: 'unauthorized_client' });
    await identity.pool.query("UPDATE identity.accounts SET state = 'active' WHERE id = $1", [accountId]);
    identity.engine.away = true;
    await expect(ask()).rejects.toMatchObject({ error: 'temporarily_unavailable' });
  });

  it('uses an assertion once, also when two arrive in the same instant', async () => {
    const first = await post();
    expect(first.status).toBe(200);
    expect(await post({}, {}, first.assertion)).toMatchObject({ status: 401, error: 'invalid_client' });
    const now = Math.floor(Date.now() / 1_000);
    const twin = await new SignJWT({
      iss: 'lab-results',
      sub: 'lab-results',
      aud: identity.issuer,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'lab-1' })
      .sign(keys.privateKey);
    const answers = await Promise.all(Array.from({ length: 8 }, () => post({}, {}, twin)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
  });

  it.each([
    ['for somebody else', { aud: 'https://other.example' }, {}],
    ['for us and somebody else', { aud: ['x', 'https://other.example'] }, {}],
    ['of another issuer', { iss: 'console' }, {}],
    ['about another client', { sub: 'console' }, {}],
    ['that is over', { exp: 1 }, {}],
    ['that lives for a day', { exp: Math.floor(Date.now() / 1_000) + 86_400 }, {}],
    ['without an id', { jti: undefined }, {}],
    ['under an unknown key id', {}, { kid: '../../etc/passwd' }],
    ["under a key id of SQL", {}, { kid: "' OR 1=1 --" }],
  ])('is refused with an assertion %s', async (_case, change, header) => {
    const { status, error } = await post(change, header);
    // A client id that differs from the assertion's makes the whole request malformed.
    expect(`${status} ${String(error)}`).toMatch(/^(401 invalid_client|400 invalid_request)$/);
  }); // prettier-ignore

  it('is refused with a foreign key, an unsigned assertion, or its public key as a secret', async () => {
    await expect(ask({}, foreign.privateKey)).rejects.toMatchObject({ error: 'invalid_client' });
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: 'lab-results', sub: 'lab-results', aud: identity.issuer, jti: randomUUID(), iat: now, exp: now + 60 }; // prettier-ignore
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(await post({}, {}, `${part({ alg: 'none' })}.${part(claims)}.`)).toMatchObject({ status: 401 });
    const publicJwk = JSON.stringify(await exportJWK(keys.publicKey));
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(publicJwk));
    expect(await post({}, {}, confused)).toMatchObject({ status: 401 });
  });

  it('cannot sign anybody in, and no other client gets tokens without a person', async () => {
    const configuration = await connect();
    const verifier = client.randomPKCECodeVerifier();
    await expect(
      client.buildAuthorizationUrlWithPAR(configuration, {
        redirect_uri: 'http://localhost:7400/auth/callback',
        scope: 'openid',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }),
    ).rejects.toMatchObject({ status: 400 });
    const console = await fetch(`${identity.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('console:console-secret-console-secret-console').toString('base64')}` }, // prettier-ignore
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect([console.status, await console.json()]).toMatchObject([400, { error: 'invalid_request' }]);
  });
});
