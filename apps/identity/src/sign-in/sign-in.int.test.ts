import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  grantOf,
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import { followToClient, signIn } from '../../testing/relying-party.ts';
import { auditOf, givePassword, openPage, post } from '../../testing/sign-in-page.ts';

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

describe('a sign-in with password and code', () => {
  it('ends in an access token that says who, for which tenant, in which role and clinics, and how it was proven', async () => {
    const grant = grantOf();
    const person = await identity.addPerson({ grants: [grant] });
    const { tokens } = await signIn({ identity, person, parameters: { max_age: '43200' } });
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
    expect(tokens.claims()).toMatchObject({
      sub: person.accountId,
      acr: 'urn:cordon:acr:mfa',
      auth_time: payload['auth_time'],
    });
    expect(identity.engine.callers).toContain('identity');
    expect(await auditOf(identity, person.accountId)).toEqual([
      { action: 'sign-in.completed', reason_code: 'totp' },
    ]);
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
    const page = await openPage(identity);
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
    const { browser, page } = await openPage(identity, { state: 'opaque' });
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
    const page = await openPage(identity);
    const state = async () => (await page.browser.ask(`${page.page}/state`)).json();
    expect(await state()).toEqual({ clientName: 'Staff console', step: 'password' });
    await givePassword(page, person);
    expect(await state()).toEqual({ clientName: 'Staff console', step: 'code', ways: ['code'] });
  });
});
