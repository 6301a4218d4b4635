import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  grantOf,
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../apps/identity/testing/identity-under-test.ts';
import { signIn } from '../../apps/identity/testing/relying-party.ts';
import { auditOf, givePassword, openPage, post } from '../../apps/identity/testing/sign-in-page.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

const basic = `Basic ${Buffer.from('console:console-secret-console-secret-console').toString('base64')}`;

async function send(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = { authorization: basic },
) {
  const answer = await fetch(`${identity.issuer}${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  await answer.arrayBuffer();
  return answer.status;
}

const strange = [
  '\0',
  'a\0b',
  '\ud800',
  "' OR 1=1 --",
  '__proto__',
  'x'.repeat(5_000),
  'a\r\nb: c',
  '\u202e',
];

describe('a strange value', () => {
  it('in any parameter of the protocol is refused, never a failure of our own', async () => {
    const request = {
      client_id: 'console',
      response_type: 'code',
      redirect_uri: 'http://localhost:7400/auth/callback',
      scope: 'openid',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    };
    const failed: string[] = [];
    const tell = (where: string, status: number) => {
      if (status >= 500) failed.push(`${where}: ${status}`);
    };
    for (const value of strange) {
      for (const name of [
        ...Object.keys(request),
        'state',
        'nonce',
        'resource',
        'acr_values',
        'prompt',
        'max_age',
        'login_hint',
        'id_token_hint',
        'claims',
        'request',
        'request_uri',
        'ui_locales',
        'dpop_jkt',
      ])
        tell(
          `par ${name}=${JSON.stringify(value.slice(0, 9))}`,
          await send('/par', { ...request, [name]: value }),
        );
      for (const name of [
        'grant_type',
        'code',
        'refresh_token',
        'code_verifier',
        'redirect_uri',
        'client_assertion',
        'client_assertion_type',
        'scope',
        'resource',
      ])
        for (const grant of ['authorization_code', 'refresh_token', 'client_credentials'])
          tell(
            `token ${grant} ${name}=${JSON.stringify(value.slice(0, 9))}`,
            await send('/token', { grant_type: grant, code: 'x', refresh_token: 'x', [name]: value }),
          );
      tell('revoke', await send('/revoke', { token: value, token_type_hint: value }));
      for (const path of ['/par', '/token', '/revoke'])
        tell(
          `${path} client_id=${JSON.stringify(value.slice(0, 9))}`,
          await send(path, { client_id: value, token: 'x', grant_type: 'client_credentials' }, {}),
        );
      tell(
        'client secret',
        await send(
          '/token',
          { grant_type: 'client_credentials' },
          { authorization: `Basic ${Buffer.from(`${value}:${value}`).toString('base64')}` },
        ),
      );
      for (const name of [
        'client_id',
        'request_uri',
        'redirect_uri',
        'id_token_hint',
        'post_logout_redirect_uri',
        'state',
        'logout_hint',
      ])
        for (const path of ['/authorize', '/sign-out']) {
          const answer = await fetch(
            `${identity.issuer}${path}?${new URLSearchParams({ client_id: 'console', [name]: value }).toString()}`,
            { redirect: 'manual' },
          );
          tell(`${path} ${name}=${JSON.stringify(value.slice(0, 9))}`, answer.status);
        }
    }
    expect(failed).toEqual([]);
  });

  it('in any step of a sign-in is refused, never a failure of our own', async () => {
    const person = await identity.addPerson({ grants: [grantOf({ role: 'role.admin' })] });
    const failed: string[] = [];
    const tell = (where: string, status: number) => {
      if (status >= 500) failed.push(`${where}: ${status}`);
    };
    const page = await openPage(identity);
    for (const value of strange)
      tell(
        'email',
        (await post(page, 'password', { email: value.slice(0, 200), password: value.slice(0, 200) })).status,
      );
    await identity.pool.query('DELETE FROM identity.attempts');
    await post(page, 'password', { email: person.email, password, manage: true });
    await post(page, 'code', { code: codeOf(person.secret) });
    for (const value of [...strange, 1, null, [], {}, true]) {
      for (const step of [
        'tenant',
        'code',
        'new-password',
        'enrolment',
        'passkey',
        'passkey-enrolment',
        'sessions/end',
        'approval',
        'invitation',
        'service-client',
        'service-client/end',
        'manage',
        'continue/x',
      ])
        for (const body of [
          { email: value, code: value, password: value, tenantId: value, role: value, sid: value, id: value },
          value,
        ])
          tell(
            `${step} ${JSON.stringify(value).slice(0, 12)}`,
            (await post(page, step, body).catch(() => ({ status: 400 }))).status,
          );
      if (typeof value !== 'string') continue;
      const more = { tenantId: randomUUID(), role: 'role.clinician', clinicIds: [randomUUID()] };
      tell(
        `invitation name ${JSON.stringify(value).slice(0, 12)}`,
        (
          await post(page, 'invitation', {
            ...more,
            email: `${randomUUID()}@clinic.example`,
            displayName: value.slice(0, 200),
          })
        ).status,
      );
    }
    expect(failed).toEqual([]);
  });
});

describe('the same proof twice in one instant', () => {
  it('passes once, and whoever came late leaves an entry', async () => {
    const person = await identity.addPerson();
    const pages = await Promise.all(Array.from({ length: 6 }, () => openPage(identity)));
    for (const page of pages) await givePassword(page, person);
    const code = codeOf(person.secret);
    const answers = await Promise.all(pages.map((page) => post(page, 'code', { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 401, 429].includes(status))).toBe(true);
    expect(
      (await auditOf(identity, person.accountId)).filter(
        ({ reason_code: reason }) => reason === 'code-wrong-or-used',
      ).length,
    ).toBeGreaterThan(0);
  });

  it('makes one account at most of an invitation, and one integration of a name', async () => {
    const admin = await identity.addPerson({ grants: [grantOf({ role: 'role.admin' })] });
    const page = await openPage(identity);
    await post(page, 'password', { email: admin.email, password, manage: true });
    await post(page, 'code', { code: codeOf(admin.secret) });
    const ask = {
      email: `${randomUUID()}@clinic.example`,
      displayName: 'N',
      tenantId: randomUUID(),
      role: 'role.clinician',
      clinicIds: [randomUUID()],
    };
    const invited = await Promise.all(Array.from({ length: 5 }, () => post(page, 'invitation', ask)));
    expect(invited.every(({ status }) => [200, 409].includes(status))).toBe(true);
    const key = { kty: 'EC', crv: 'P-256', x: 'a'.repeat(43), y: 'b'.repeat(43), kid: 'k' };
    const service = {
      clientId: 'twin-service',
      tenantId: ask.tenantId,
      role: 'role.receptionist',
      scopes: [`clinic/${randomUUID()}.read`],
      publicKey: key,
    };
    const made = await Promise.all(Array.from({ length: 5 }, () => post(page, 'service-client', service)));
    expect(made.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(made.every(({ status }) => [200, 409].includes(status))).toBe(true);
    // A key that is no point of the curve opens nothing, and breaks nothing.
    expect(
      await send(
        '/token',
        {
          grant_type: 'client_credentials',
          client_id: 'twin-service',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion:
            'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ0d2luLXNlcnZpY2UiLCJzdWIiOiJ0d2luLXNlcnZpY2UifQ.AAAA',
        },
        {},
      ),
    ).toBeLessThan(500);
  });
});

describe('a form of the provider', () => {
  it('works once: the token against forged requests of a sign-out is refused the second time', async () => {
    const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    const { browser } = await signIn({ identity, person });
    const html = await (await browser.open('/sign-out')).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(xsrf).not.toBe('');
    expect((await browser.submit('/sign-out/confirm', { xsrf, logout: 'yes' })).status).toBeLessThan(400);
    expect((await browser.submit('/sign-out/confirm', { xsrf, logout: 'yes' })).status).toBe(400);
  });
}); // prettier-ignore
