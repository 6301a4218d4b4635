import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { allowInsecureRequests, buildAuthorizationUrlWithPAR, ClientSecretBasic, discovery, authorizationCodeGrant, randomPKCECodeVerifier } from 'openid-client'; // prettier-ignore
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../../testing/browser.ts';
import { codeOf, grantOf, startIdentityUnderTest, type IdentityUnderTest } from '../../testing/identity-under-test.ts'; // prettier-ignore
import { followToClient, requestParameters } from '../../testing/relying-party.ts';
import { auditOf, givePassword, openPage, post } from '../../testing/sign-in-page.ts';

const redirect_uri = 'https://letters.example/callback';
const client_secret = 'letters-secret-letters-secret-letters';
let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest({
    clients: [
      {
        client_id: 'letter-writer',
        client_name: 'Letter writer',
        client_secret,
        first_party: false,
        redirect_uris: [redirect_uri],
        post_logout_redirect_uris: [],
        application_type: 'web',
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
  });
});
afterAll(() => identity.close());

const discover = () =>
  discovery(new URL(identity.issuer), 'letter-writer', undefined, ClientSecretBasic(client_secret), {
    execute: [allowInsecureRequests], // eslint-disable-line @typescript-eslint/no-deprecated -- loopback only
  });

/** The sign-in page that somebody else's application sent a person to, with the first two proofs given. */
async function askConsent(scope: string, grants = [grantOf()]) {
  const person = await identity.addPerson({ grants });
  const verifier = randomPKCECodeVerifier();
  const parameters = await requestParameters(verifier, { redirect_uri, scope });
  const url = await buildAuthorizationUrlWithPAR(await discover(), parameters);
  const browser = new Browser(identity.issuer);
  const page = (await browser.open(url.href)).headers.get('location') ?? '';
  await givePassword({ browser, page }, person);
  const asked = await post({ browser, page }, 'code', { code: codeOf(person.secret) });
  return { person, verifier, opened: { browser, page }, asked };
}

describe('an application that is not of this installation', () => {
  it('gets nothing before the person has seen what it would be given, and agreed', async () => {
    const grant = grantOf({ clinics: [{ id: randomUUID(), name: 'North Street' }, { id: randomUUID(), name: 'Mill Lane' }] });
    const [read] = grant.clinics.map(({ id }) => `clinic/${id}.read`);
    const { person, verifier, opened, asked } = await askConsent(`openid offline_access ${read ?? ''}`, [grant]);
    const place = { tenantId: grant.tenantId, role: grant.role };
    expect(asked.body).toEqual({
      step: 'consent',
      ...place,
      tenantName: grant.tenantName,
      host: 'letters.example',
      seesName: false,
      clinics: [{ name: 'North Street', writes: false }],
    });
    // Neither going on nor choosing the place again is an agreement.
    for (const [step, body] of [['continue', {}], ['tenant', place]] as const)
      expect((await post(opened, step, body)).body['step'], step).toBe('consent');
    expect((await auditOf(identity, person.accountId)).map(({ action }) => action)).toEqual([]);

    const done = await post(opened, 'consent', place);
    const callback = await followToClient(opened.browser, String(done.body['redirectTo']), identity.issuer);
    expect(callback.origin + callback.pathname).toBe(redirect_uri);
    const tokens = await authorizationCodeGrant(await discover(), callback, { pkceCodeVerifier: verifier });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ client_id: 'letter-writer', scope: `openid ${read ?? ''}`, ...{ tenant_id: grant.tenantId } });
    expect(await auditOf(identity, person.accountId)).toEqual([
      { action: 'sign-in.consented', reason_code: 'letter-writer' },
      { action: 'sign-in.completed', reason_code: 'totp' },
    ]);
  });

  it('is told so when the person does not agree', async () => {
    const { opened } = await askConsent('openid');
    const { body } = await post(opened, 'cancel');
    const callback = await followToClient(opened.browser, String(body['redirectTo']), identity.issuer);
    expect(callback.searchParams.get('error')).toBe('access_denied');
    expect((await post(opened, 'consent', { tenantId: randomUUID(), role: 'role.clinician' })).status).toBe(410);
  });

  it('gets no agreement to a place that the person does not have, nor before the factor', async () => {
    const { person, opened } = await askConsent('openid profile', [grantOf(), grantOf()]);
    const foreign = { tenantId: randomUUID(), role: 'role.clinician' };
    expect(await post(opened, 'consent', foreign)).toMatchObject({ status: 400, body: { code: 'identity-choice-unknown' } });
    const [grant] = identity.engine.grants.get(person.accountId) ?? [];
    const chosen = await post(opened, 'tenant', { tenantId: grant?.tenantId, role: grant?.role });
    expect(chosen.body).toMatchObject({ step: 'consent', tenantId: grant?.tenantId, seesName: true });
    await givePassword(opened, person);
    expect((await post(opened, 'consent', { tenantId: grant?.tenantId, role: grant?.role })).status).toBe(409);
  });

  it('cannot sign the person out everywhere', async () => {
    const grant = grantOf();
    const { person, verifier, opened } = await askConsent('openid offline_access', [grant]);
    const done = await post(opened, 'consent', { tenantId: grant.tenantId, role: grant.role });
    const callback = await followToClient(opened.browser, String(done.body['redirectTo']), identity.issuer);
    const tokens = await authorizationCodeGrant(await discover(), callback, { pkceCodeVerifier: verifier });
    await identity.pool.query("INSERT INTO identity.token_families (grant_id, account_id, client_id, tenant_id, role, sid, expires_at) SELECT 'another', account_id, 'console', tenant_id, role, gen_random_uuid(), expires_at FROM identity.token_families WHERE account_id = $1", [person.accountId]);
    await fetch(`${identity.issuer}/revoke`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`letter-writer:${client_secret}`).toString('base64')}` },
      body: new URLSearchParams({ token: tokens.refresh_token ?? '', all_sessions: 'true' }),
    });
    const { rows } = await identity.pool.query<{ client_id: string }>('SELECT client_id FROM identity.token_families WHERE account_id = $1 AND revoked_at IS NULL', [person.accountId]);
    expect(rows).toEqual([{ client_id: 'console' }]);
  });
}); // prettier-ignore

describe('our own applications', () => {
  it('ask for no agreement, and give none', async () => {
    const grant = grantOf({ factorRequired: false });
    const person = await identity.addPerson({ factor: false, grants: [grant] });
    expect((await givePassword(await openPage(identity), person)).body['step']).toBe('done');
  });
});
