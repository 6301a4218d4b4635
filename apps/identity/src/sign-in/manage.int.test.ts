import { randomPKCECodeVerifier, refreshTokenGrant } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  grantOf,
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../testing/identity-under-test.ts';
import { discover, openSignIn, requestParameters, signIn } from '../../testing/relying-party.ts';
import { auditOf, givePassword, openPage, post } from '../../testing/sign-in-page.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

const fresh = 'seven walruses in a teapot';

/** On the page where password, factors and sessions are changed. */
async function openManage(person: Person, codeStep: 0 | 1 = 0) {
  const page = await openPage(identity);
  await givePassword(page, person);
  await post(page, 'manage');
  return { page, at: await post(page, 'code', { code: codeOf(person.secret, codeStep) }) };
}

describe('a password that somebody else made up', () => {
  it('is changed before anything else is set up, and only then a factor is enrolled', async () => {
    const person = await identity.addPerson({ factor: false, mustChangePassword: true });
    const page = await openPage(identity);
    expect((await givePassword(page, person)).body).toEqual({ step: 'new-password', shortest: 8 });
    expect(await post(page, 'passkey-enrolment/options')).toMatchObject({ status: 409 });
    expect((await post(page, 'continue')).body['step']).toBe('new-password');
    expect((await post(page, 'new-password', { password: fresh })).body['step']).toBe('enrol');
    const next = await openPage(identity);
    expect(await givePassword(next, person)).toMatchObject({ status: 401 });
    const again = await post(next, 'password', { email: person.email, password: fresh });
    expect(again.body['step']).toBe('enrol');
  });

  it('is neither kept nor replaced by a short or a common one', async () => {
    const grants = [grantOf({ role: 'role.patient', factorRequired: false })];
    const person = await identity.addPerson({ factor: false, grants, mustChangePassword: true });
    const page = await openPage(identity);
    expect((await givePassword(page, person)).body).toEqual({ step: 'new-password', shortest: 15 });
    const codeFor = async (text: string) =>
      (await post(page, 'new-password', { password: text })).body['code'];
    expect(await codeFor('owls-and-teapots'.slice(0, 14))).toBe('identity-password-too-short');
    expect(await codeFor('Passw0rd2026!!!!')).toBe('identity-password-common');
    // Too common to be chosen, though it is what the tests sign in with.
    expect(await codeFor(password)).toBe('identity-password-common');
    expect((await post(page, 'new-password', { password: fresh })).body['step']).toBe('done');
  });
});

describe('changing what one signs in with', () => {
  it('needs the factor that is there: a password alone leads nowhere', async () => {
    const person = await identity.addPerson();
    const page = await openPage(identity);
    await givePassword(page, person);
    expect((await post(page, 'manage')).body['step']).toBe('code');
    for (const [path, body] of [
      ['new-password', { password: fresh }],
      ['enrolment/begin', {}],
      ['passkey-enrolment/options', {}],
      ['recovery-codes', {}],
      ['sessions/end', {}],
      ['approval', { email: person.email }],
    ] as const)
      expect(await post(page, path, body)).toMatchObject({ status: 409 });
  });

  it('replaces the authenticator app after a code of the old one, and writes to the person', async () => {
    const person = await identity.addPerson();
    const { page, at } = await openManage(person);
    expect(at.body).toMatchObject({ step: 'manage', ways: ['code'], shortest: 8, sessions: [] });
    const secret = String((await post(page, 'enrolment/begin')).body['secret']);
    expect((await post(page, 'enrolment', { code: codeOf(secret) })).body['step']).toBe('manage');
    expect((await post(page, 'continue')).body['step']).toBe('done');
    const old = await openPage(identity);
    await givePassword(old, person);
    expect(await post(old, 'code', { code: codeOf(person.secret, 1) })).toMatchObject({ status: 401 });
    expect((await post(old, 'code', { code: codeOf(secret, 1) })).body['step']).toBe('done');
    expect((await identity.lettersTo(person)).map(({ subject }) => subject)).toEqual([
      'A second step was added',
    ]);
  });

  it('never confirms a secret that was shown in another sign-in', async () => {
    const person = await identity.addPerson({ factor: false });
    const seen = await openPage(identity);
    const secret = String((await givePassword(seen, person)).body['secret']);
    const own = await openPage(identity);
    expect((await givePassword(own, person)).body['secret']).not.toBe(secret);
    expect(await post(own, 'enrolment', { code: codeOf(secret) })).toMatchObject({ status: 401 });
    expect(await post(seen, 'enrolment', { code: codeOf(secret) })).toMatchObject({ status: 401 });
  });

  it('changes the password, and ends every session that the old one had opened', async () => {
    const person = await identity.addPerson();
    const { tokens, configuration } = await signIn({ identity, person });
    const { page, at } = await openManage(person, 1);
    expect(at.body['sessions']).toMatchObject([{ clientId: 'console' }]);
    expect((await post(page, 'new-password', { password: fresh })).body).toMatchObject({
      step: 'manage',
      sessions: [],
    });
    await expect(refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const actions = (await auditOf(identity, person.accountId)).map(
      ({ action, reason_code }) => `${action} ${reason_code}`,
    );
    expect(actions).toContain('account.password-changed chosen');
    expect(actions).toContain('token.family-revoked credentials-changed');
  });

  it('lists the places where one is signed in, ends one of them, or all', async () => {
    const person = await identity.addPerson();
    const stranger = await identity.addPerson();
    const one = await signIn({ identity, person });
    await identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');
    const two = await signIn({ identity, person });
    const other = await signIn({ identity, person: stranger });
    const { page, at } = await openManage(person, 1);
    const sessions = at.body['sessions'] as { sid: string }[];
    expect(sessions).toHaveLength(2);
    const others = await identity.pool.query<{ sid: string }>(
      'SELECT sid FROM identity.token_families WHERE account_id = $1',
      [stranger.accountId],
    );
    const foreign = await post(page, 'sessions/end', { sid: others.rows[0]?.sid });
    expect(foreign.body['sessions']).toHaveLength(2);
    const left = await post(page, 'sessions/end', { sid: sessions[0]?.sid });
    expect(left.body['sessions']).toHaveLength(1);
    expect(identity.engine.revoked.has(sessions[0]?.sid ?? '')).toBe(true);
    const refresh = (signedIn: typeof one) =>
      refreshTokenGrant(signedIn.configuration, signedIn.tokens.refresh_token ?? '');
    await expect(refresh(two)).rejects.toMatchObject({ error: 'invalid_grant' });
    const kept = await refresh(one);
    expect((await post(page, 'sessions/end')).body['sessions']).toEqual([]);
    await expect(refreshTokenGrant(one.configuration, kept.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect((await refresh(other)).access_token).toBeTypeOf('string');
  });

  it('is asked for in one sign-in and forgotten with the next', async () => {
    const person = await identity.addPerson();
    const configuration = await discover(identity);
    const request = async () => requestParameters(randomPKCECodeVerifier());
    const first = await openSignIn(identity, configuration, await request());
    await givePassword(first, person);
    await post(first, 'manage');
    const second = await openSignIn(identity, configuration, await request());
    await givePassword(second, person);
    expect((await post(second, 'code', { code: codeOf(person.secret) })).body['step']).toBe('done');
  });
});
