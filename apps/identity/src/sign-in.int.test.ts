import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { randomPKCECodeVerifier } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import {
  codeOf,
  grantOf,
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../testing/identity-under-test.ts';
import { discover, followToClient, openSignIn, requestParameters, signIn } from '../testing/relying-party.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

const readAccessToken = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL('/jwks', identity.issuer)), {
    issuer: identity.issuer,
    audience: 'urn:cordon:engine',
    typ: 'at+jwt',
    algorithms: ['ES256'],
  });

interface Page {
  readonly browser: Browser;
  readonly page: string;
}

const openPage = async (parameters: Record<string, string> = {}): Promise<Page> =>
  openSignIn(
    identity,
    await discover(identity),
    await requestParameters(randomPKCECodeVerifier(), parameters),
  );

async function post({ browser, page }: Page, step: string, body: unknown = {}) {
  const response = await browser.ask(`${page}/${step}`, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const givePassword = (page: Page, person: Person) =>
  post(page, 'password', { email: person.email, password });

const auditOf = async (accountId: string) => {
  const { rows } = await identity.auditAdmin.query<{ action: string; reason_code: string }>(
    'SELECT action, reason_code FROM audit.audit_logs WHERE actor_subject = $1 ORDER BY at',
    [accountId],
  );
  return rows;
};

describe('a sign-in with password and code', () => {
  it('ends in an access token that says who, for which tenant, in which role and clinics, and how it was proven', async () => {
    const grant = grantOf();
    const person = await identity.addPerson({ grants: [grant] });
    const { tokens } = await signIn({ identity, person });
    const { payload } = await readAccessToken(tokens.access_token);
    const [clinic] = grant.clinics;
    expect(payload).toMatchObject({
      sub: person.accountId,
      client_id: 'console',
      tenant_id: grant.tenantId,
      role: 'role.clinician',
      acr: 'urn:cordon:acr:mfa',
      amr: ['pwd', 'otp', 'mfa'],
      scope: `openid clinic/${clinic?.id ?? ''}.read clinic/${clinic?.id ?? ''}.write`,
    });
    expect(payload['sid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(payload).not.toHaveProperty('patient_record_id');
    expect(Number(payload.exp) - Number(payload.iat)).toBe(900);
    expect(tokens.refresh_token).toBeTypeOf('string');
    expect(tokens.scope).toBe(payload['scope']);
    expect(tokens.claims()).toMatchObject({ sub: person.accountId, acr: 'urn:cordon:acr:mfa' });
    expect(identity.engine.callers).toContain('identity');
    expect(await auditOf(person.accountId)).toEqual([{ action: 'sign-in.completed', reason_code: 'totp' }]);
  });

  it('asks no code of a person who needs and has none, and says so in the token', async () => {
    const patientRecordId = randomUUID();
    const grants = [grantOf({ role: 'role.patient', factorRequired: false, clinics: [], patientRecordId })];
    const person = await identity.addPerson({ factor: false, grants });
    const { tokens } = await signIn({ identity, person });
    const { payload } = await readAccessToken(tokens.access_token);
    expect(payload).toMatchObject({
      acr: 'urn:cordon:acr:password',
      amr: ['pwd'],
      patient_record_id: patientRecordId,
      scope: 'openid',
    });
  });

  it('gives the name only to a client that asks for the profile', async () => {
    const person = await identity.addPerson();
    const { tokens } = await signIn({ identity, person, scope: 'openid profile' });
    expect(tokens.claims()?.['name']).toBe('Test Person');
  });

  it('narrows the clinic scopes to those that the client names, and gives none beyond the membership', async () => {
    const grant = grantOf();
    const own = `clinic/${grant.clinics[0]?.id ?? ''}.read`;
    const person = await identity.addPerson({ grants: [grant] });
    const { tokens } = await signIn({ identity, person, scope: `openid ${own} clinic/${randomUUID()}.read` });
    expect(tokens.scope).toBe(`openid ${own}`);
    const stranger = await identity.addPerson();
    const none = await signIn({ identity, person: stranger, scope: `openid clinic/${randomUUID()}.read` });
    expect(none.tokens.scope).toBe('openid');
  });

  it('lets a person of several tenants choose one, and never a foreign one', async () => {
    const grants = [grantOf(), grantOf({ tenantName: 'South Street Dental' })];
    const person = await identity.addPerson({ grants });
    const page = await openPage();
    await givePassword(page, person);
    const choice = await post(page, 'code', { code: codeOf(person.secret) });
    expect(choice.body).toEqual({
      step: 'tenant',
      choices: grants.map(({ tenantId, tenantName, role }) => ({ tenantId, tenantName, role })),
    });
    const foreign = await post(page, 'tenant', { tenantId: randomUUID(), role: 'role.clinician' });
    expect(foreign).toMatchObject({ status: 400, body: { code: 'identity-choice-unknown' } });
    const raised = await post(page, 'tenant', { tenantId: grants[1]?.tenantId, role: 'role.admin' });
    expect(raised).toMatchObject({ status: 400, body: { code: 'identity-choice-unknown' } });
    const chosen = await post(page, 'tenant', { tenantId: grants[1]?.tenantId, role: 'role.clinician' });
    expect(chosen.body['step']).toBe('done');
  });
});

describe('a sign-in is refused', () => {
  it('with one and the same answer for a wrong password, an unknown address and a suspended account', async () => {
    const person = await identity.addPerson();
    const suspended = await identity.addPerson();
    await identity.pool.query("UPDATE identity.accounts SET state = 'suspended' WHERE id = $1", [
      suspended.accountId,
    ]);
    const page = await openPage();
    const answers = [
      await post(page, 'password', { email: person.email, password: 'wrong' }),
      await post(page, 'password', { email: 'nobody@clinic.example', password }),
      await givePassword(page, suspended),
    ];
    for (const { status, body } of answers) {
      expect({ ...body, requestId: '' }).toEqual({ ...answers[0]?.body, requestId: '' });
      expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'identity-credentials-refused' });
    }
    expect(await auditOf(suspended.accountId)).toEqual([
      { action: 'sign-in.refused', reason_code: 'account-not-active' },
    ]);
  });

  it('for a while after too many failures, in the strangers’ lane only: a known browser still gets in', async () => {
    const person = await identity.addPerson();
    const { browser } = await signIn({ identity, person, codeStep: -1 });
    const stranger = await openPage();
    const statuses = [];
    for (let round = 0; round < 12; round += 1)
      statuses.push((await post(stranger, 'password', { email: person.email, password: 'guess' })).status);
    expect(statuses).toEqual([...Array<number>(11).fill(401), 429]);
    const response = await stranger.browser.ask(`${stranger.page}/password`, {
      email: person.email,
      password,
    });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    const { tokens } = await signIn({ identity, person, browser });
    expect(tokens.access_token).toBeTypeOf('string');
  });

  it('counts guesses that arrive together', async () => {
    const page = await openPage();
    const guesses = Array.from({ length: 40 }, () =>
      post(page, 'password', { email: 'many@clinic.example', password: 'x' }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(12);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  it('with a code that is wrong, or was used before', async () => {
    const person = await identity.addPerson();
    const page = await openPage();
    await givePassword(page, person);
    const code = codeOf(person.secret);
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await post(page, 'code', { code: wrong })).toMatchObject({
      status: 401,
      body: { code: 'identity-code-refused' },
    });
    expect((await post(page, 'code', { code })).body['step']).toBe('done');
    const again = await openPage();
    await givePassword(again, person);
    expect(await post(again, 'code', { code })).toMatchObject({
      status: 401,
      body: { code: 'identity-code-refused' },
    });
  });

  it('for all but one of many windows that enter the same code at once', async () => {
    const person = await identity.addPerson();
    const pages = await Promise.all(Array.from({ length: 4 }, () => openPage()));
    for (const page of pages) await givePassword(page, person);
    const code = codeOf(person.secret);
    const answers = await Promise.all(pages.map((page) => post(page, 'code', { code })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401]);
  });

  it('for a person whom the engine knows for nothing', async () => {
    const person = await identity.addPerson({ grants: [] });
    expect(await givePassword(await openPage(), person)).toMatchObject({
      status: 403,
      body: { code: 'identity-no-access' },
    });
    expect(await auditOf(person.accountId)).toMatchObject([{ reason_code: 'identity-no-access' }]);
  });

  it('while the engine gives no answer', async () => {
    const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    const page = await openPage();
    identity.engine.away = true;
    try {
      expect(await givePassword(page, person)).toMatchObject({
        status: 503,
        body: { code: 'identity-engine-unavailable' },
      });
    } finally {
      identity.engine.away = false;
    }
    expect((await post(page, 'continue')).body['step']).toBe('done');
  });

  it('while the audit store takes no entry', async () => {
    const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    const page = await openPage();
    await identity.auditAdmin.query(
      'ALTER FUNCTION audit.append_entries(jsonb) RENAME TO append_entries_away',
    );
    try {
      expect(await givePassword(page, person)).toMatchObject({
        status: 503,
        body: { code: 'identity-audit-unavailable' },
      });
    } finally {
      await identity.auditAdmin.query(
        'ALTER FUNCTION audit.append_entries_away(jsonb) RENAME TO append_entries',
      );
    }
    expect((await post(page, 'continue')).body['step']).toBe('done');
  });

  it('when a step is taken before its turn, or twice', async () => {
    const person = await identity.addPerson();
    const page = await openPage();
    expect(await post(page, 'code', { code: codeOf(person.secret) })).toMatchObject({ status: 409 });
    expect(await post(page, 'continue')).toMatchObject({ status: 409 });
    await givePassword(page, person);
    expect((await post(page, 'continue')).body).toEqual({ step: 'code' });
    const [grant] = identity.engine.grants.get(person.accountId) ?? [];
    const skipped = await post(page, 'tenant', { tenantId: grant?.tenantId, role: grant?.role });
    expect(skipped).toMatchObject({ status: 409, body: { code: 'identity-step-refused' } });
    await post(page, 'code', { code: codeOf(person.secret) });
    expect(await post(page, 'continue')).toMatchObject({ status: 409 });
  });

  it('for another browser that knows the address of the sign-in page', async () => {
    const { page } = await openPage();
    const other = await openPage();
    const answer = await post({ browser: other.browser, page }, 'password', {
      email: 'a@b.example',
      password,
    });
    expect(answer).toMatchObject({ status: 410, body: { code: 'identity-interaction-unknown' } });
  });

  it('when another site sends it', async () => {
    const { browser, page } = await openPage();
    const body = { email: 'a@b.example', password };
    const foreign = await browser.ask(`${page}/password`, body, { 'sec-fetch-site': 'cross-site' });
    const bare = await browser.ask(`${page}/password`, body, { 'x-cordon-request': '0' });
    expect([foreign.status, bare.status]).toEqual([403, 403]);
  });

  it('when a body is not what the interface says, without quoting it', async () => {
    const page = await openPage();
    const answer = await post(page, 'password', {
      email: 'canary@clinic.example',
      password: 'x'.repeat(600),
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'request-invalid', fields: [{ field: 'password' }] },
    });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  });
});

describe('a second factor', () => {
  it('is enrolled before anything else where it is required and missing', async () => {
    const person = await identity.addPerson({ factor: false });
    const page = await openPage();
    const asked = await givePassword(page, person);
    expect(asked.body).toMatchObject({
      step: 'enrol',
      address: expect.stringMatching(/^otpauth:\/\/totp\//) as string,
    });
    const secret = String(asked.body['secret']);
    expect((await post(page, 'continue')).body).toMatchObject({ step: 'enrol', secret });
    expect(await post(page, 'enrolment', { code: '000000' })).toMatchObject({ status: 401 });
    expect((await post(page, 'enrolment', { code: codeOf(secret) })).body['step']).toBe('done');
    expect((await auditOf(person.accountId)).map(({ action }) => action)).toEqual([
      'sign-in.refused',
      'factor.enrolled',
      'sign-in.completed',
    ]);
    const next = await openPage();
    expect((await givePassword(next, person)).body).toEqual({ step: 'code' });
    expect(await post(next, 'code', { code: codeOf(secret) })).toMatchObject({ status: 401 });
  });

  it('is never replaced with a password alone', async () => {
    const person = await identity.addPerson();
    const page = await openPage();
    await givePassword(page, person);
    expect(await post(page, 'enrolment', { code: codeOf(person.secret) })).toMatchObject({ status: 409 });
  });

  it('is demanded of a person who needs none, when the client asks for it', async () => {
    const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    const page = await openPage({ acr_values: 'urn:cordon:acr:mfa' });
    expect((await givePassword(page, person)).body['step']).toBe('enrol');
  });
});

describe('what is kept', () => {
  it('holds neither address, name, password, secret nor any bearer’s value in clear', async () => {
    const person = await identity.addPerson();
    const { tokens, callback } = await signIn({ identity, person, parameters: { login_hint: person.email } });
    const { rows: tables } = await identity.pool.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'identity'`,
    );
    let everything = identity.logLines.join('\n');
    for (const { name } of tables) {
      const { rows } = await identity.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      everything += rows.map(({ row }) => row).join('\n');
    }
    const secrets = [
      person.email,
      'Test Person',
      password,
      person.secret,
      tokens.access_token,
      tokens.refresh_token ?? '',
      callback.searchParams.get('code') ?? '',
    ];
    for (const secret of secrets) {
      expect(secret).not.toBe('');
      expect(everything.includes(secret)).toBe(false);
      expect(everything.includes(Buffer.from(secret).toString('hex'))).toBe(false);
    }
  });

  it('lets a person cancel, and tells the client', async () => {
    const { browser, page } = await openPage({ state: 'opaque' });
    const { body } = await post({ browser, page }, 'cancel');
    const callback = await followToClient(browser, String(body['redirectTo']), identity.issuer);
    expect(Object.fromEntries(callback.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'opaque',
      iss: identity.issuer,
    });
  });

  it('shows where a sign-in stands, with the client’s name', async () => {
    const person = await identity.addPerson();
    const page = await openPage();
    const state = async () => (await page.browser.ask(`${page.page}/state`)).json();
    expect(await state()).toEqual({ clientName: 'Staff console', step: 'password' });
    await givePassword(page, person);
    expect(await state()).toEqual({ clientName: 'Staff console', step: 'code' });
  });
});
