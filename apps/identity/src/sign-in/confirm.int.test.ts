import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser } from '../../testing/browser.ts';
import {
  codeOf,
  grantOf,
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../testing/identity-under-test.ts';
import { finishAt, signIn, type SignedIn } from '../../testing/relying-party.ts';
import { auditOf, openPage, post, type Page } from '../../testing/sign-in-page.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());
// Codes count once, and these people sign in more often than the clock gives new ones.
beforeEach(() => identity.pool.query('UPDATE identity.factors SET last_used_step = NULL'));

const demand = { acr_values: 'urn:cordon:acr:mfa', prompt: 'login', max_age: '300' };

/** The page of a request for a factor of whoever the hint names, in the browser of the sign-in or in another. */
const confirm = (signedIn: SignedIn, browser = signedIn.browser, more: Record<string, string> = demand) =>
  openPage(identity, { ...more, id_token_hint: signedIn.tokens.id_token ?? '' }, browser);
const stepOf = async ({ browser, page }: Page) =>
  (await (await browser.ask(`${page}/state`)).json()) as { step: string };
const giveCode = async (page: Page, person: Person) => {
  await identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');
  return post(page, 'code', { code: codeOf(person.secret) });
};

describe('a request for the factor of somebody who is signed in', () => {
  it('asks for the factor alone, and for no choice of tenant: it is the one of the sign-in', async () => {
    const grants = [grantOf(), grantOf({ tenantName: 'South Street Dental' })];
    const person = await identity.addPerson({ grants });
    const opened = await openPage(identity);
    await post(opened, 'password', { email: person.email, password });
    await giveCode(opened, person);
    const choice = { tenantId: grants[1]?.tenantId, role: 'role.clinician' };
    const first = await finishAt(identity, opened, await post(opened, 'tenant', choice));

    const page = await confirm(first);
    expect(await stepOf(page)).toEqual({ clientName: 'Staff console', step: 'code', ways: ['code'], confirms: true });
    const { tokens } = await finishAt(identity, page, await giveCode(page, person));
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({ sub: person.accountId, tenant_id: grants[1]?.tenantId, acr: demand.acr_values, amr: ['pwd', 'otp', 'mfa'] });
    expect(Number(claims['auth_time'])).toBeGreaterThan(Date.now() / 1_000 - 60);
    expect(claims['sid']).not.toBe(decodeJwt(first.tokens.access_token)['sid']);
    expect(await auditOf(identity, person.accountId)).toEqual([
      { action: 'sign-in.completed', reason_code: 'totp' },
      { action: 'sign-in.completed', reason_code: 'confirmed-totp' },
    ]);
    // The confirmed sign-in can be confirmed again.
    expect(await stepOf(await confirm({ ...first, tokens }))).toMatchObject({ step: 'code', confirms: true });
  });

  it('asks for the factor alone of each of several requests that one page makes at once', async () => {
    const page = await confirm(await signIn({ identity, person: await identity.addPerson() }));
    const steps = await Promise.all(Array.from({ length: 8 }, () => stepOf(page)));
    expect(steps.map(({ step }) => step)).toEqual(Array(8).fill('code'));
  });

  it('asks for the whole sign-in in another browser, without a hint, and without a demand for the factor', async () => {
    const person = await identity.addPerson();
    const first = await signIn({ identity, person });
    expect(await stepOf(await confirm(first, new Browser(identity.issuer)))).toMatchObject({ step: 'password' });
    expect(await stepOf(await openPage(identity, demand, first.browser))).toMatchObject({ step: 'password' });
    const either = { acr_values: 'urn:cordon:acr:mfa urn:cordon:acr:password' };
    expect(await stepOf(await confirm(first, first.browser, either))).toMatchObject({ step: 'password' });
  });

  it('asks for the whole sign-in when the hint is of an earlier sign-in, or of somebody else’s', async () => {
    const [person, other] = [await identity.addPerson(), await identity.addPerson()];
    const first = await signIn({ identity, person });
    const foreign = await signIn({ identity, person: other });
    expect(await stepOf(await confirm(foreign, first.browser))).toMatchObject({ step: 'password' });
    await signIn({ identity, person, browser: first.browser, codeStep: 1 });
    expect(await stepOf(await confirm(first))).toMatchObject({ step: 'password' });
  });

  it.each([
    ['the sign-in was ended', "UPDATE identity.token_families SET revoked_at = now(), revoked_for = 'person-request' WHERE account_id = $1"],
    ['the sign-in is over', "UPDATE identity.token_families SET expires_at = now() WHERE account_id = $1"],
    ['the account is suspended', "UPDATE identity.accounts SET state = 'suspended' WHERE id = $1"],
    ['the password is to be changed', 'UPDATE identity.accounts SET must_change_password = true WHERE id = $1'],
  ])('asks for the whole sign-in when %s, also while the page is open', async (_case, change) => {
    const person = await identity.addPerson();
    const first = await signIn({ identity, person });
    const waiting = await confirm(first);
    expect(await stepOf(waiting)).toMatchObject({ step: 'code', confirms: true });
    const proven = await confirm(first);
    await identity.pool.query(change, [person.accountId]);
    expect(await stepOf(await confirm(first))).toMatchObject({ step: 'password' });
    expect(await stepOf(waiting)).toMatchObject({ step: 'password' });
    for (const page of [waiting, proven]) expect(await giveCode(page, person)).toMatchObject({ status: 409 });
    const { rows } = await identity.pool.query('SELECT FROM identity.token_families WHERE account_id = $1', [person.accountId]);
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['its password was given yesterday', "UPDATE identity.token_families SET password_at = now() - interval '12 hours 1 second' WHERE account_id = $1"],
    ['nobody knows when its password was given', 'UPDATE identity.token_families SET password_at = NULL WHERE account_id = $1'],
  ])('asks for the whole sign-in when %s', async (_case, change) => {
    const person = await identity.addPerson();
    const first = await signIn({ identity, person });
    await identity.pool.query(change, [person.accountId]);
    expect(await stepOf(await confirm(first))).toMatchObject({ step: 'password' });
  });

  it('keeps the time of the password through all that is confirmed', async () => {
    const person = await identity.addPerson();
    const first = await signIn({ identity, person });
    await identity.pool.query("UPDATE identity.token_families SET password_at = now() - interval '11 hours' WHERE account_id = $1", [person.accountId]);
    const page = await confirm(first);
    await finishAt(identity, page, await giveCode(page, person));
    const { rows } = await identity.pool.query<{ hours: number }>(
      'SELECT round(extract(epoch FROM now() - password_at) / 3600)::int AS hours FROM identity.token_families WHERE account_id = $1', [person.accountId]);
    expect(rows).toEqual([{ hours: 11 }, { hours: 11 }]);
  });

  it('asks for the whole sign-in of somebody without a factor, and of one who signed out', async () => {
    const bare = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    expect(await stepOf(await confirm(await signIn({ identity, person: bare })))).toMatchObject({ step: 'password' });
    const person = await identity.addPerson();
    const first = await signIn({ identity, person });
    const html = await (await first.browser.open(`/sign-out?id_token_hint=${first.tokens.id_token ?? ''}`)).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    expect((await first.browser.submit('/sign-out/confirm', { xsrf, logout: 'yes' })).status).toBe(303);
    expect(await stepOf(await confirm(first))).toMatchObject({ step: 'password' });
  });

  it('ends in nothing when the membership has ended meanwhile, whatever else the person is', async () => {
    const person = await identity.addPerson();
    const page = await confirm(await signIn({ identity, person }));
    identity.engine.grants.set(person.accountId, [grantOf()]);
    expect(await giveCode(page, person)).toMatchObject({ status: 403, body: { code: 'identity-no-access' } });
  });

  it('takes no wrong code, no code twice, and no recovery code', async () => {
    const person = await identity.addPerson();
    const first = await signIn({ identity, person });
    await identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');
    const page = await confirm(first);
    const wrong = codeOf(person.secret) === '000000' ? '000001' : '000000';
    expect(await post(page, 'code', { code: wrong })).toMatchObject({ status: 401 });
    expect(await post(page, 'code', { code: 'abcdefghjkmnpqrs' })).toMatchObject({ status: 409 });
    const code = codeOf(person.secret);
    const signedIn = await finishAt(identity, page, await post(page, 'code', { code }));
    expect((await post(await confirm(signedIn), 'code', { code })).status).toBe(401);
    expect((await auditOf(identity, person.accountId)).filter(({ reason_code: why }) => why === 'code-wrong-or-used')).toHaveLength(2);
  });

  it('holds up nobody but itself when somebody guesses there', async () => {
    const person = await identity.addPerson();
    const page = await confirm(await signIn({ identity, person }));
    const wrong = codeOf(person.secret) === '000000' ? '000001' : '000000';
    const statuses: number[] = [];
    // Five are free; each wait is twice the one before, so even a slow machine meets one soon.
    while (!statuses.includes(429) && statuses.length < 15)
      statuses.push((await post(page, 'code', { code: wrong })).status);
    expect(statuses.at(-1)).toBe(429);
    await identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');
    expect((await signIn({ identity, person })).tokens.access_token).toBeTypeOf('string');
  });

  it('changes nothing about the account: that wants the password', async () => {
    const person = await identity.addPerson();
    const page = await confirm(await signIn({ identity, person }));
    const tries = [['manage', {}], ['enrolment/begin', {}], ['new-password', { password: 'tandem-obsidian-walrus' }], ['recovery-codes', {}], ['sessions/end', {}], ['passkey-enrolment/options', {}], ['enrolment', { code: '000000' }]] as const;
    for (const [step, body] of tries) expect(await post(page, step, body), step).toMatchObject({ status: 409 });
    expect((await post(page, 'password', { email: person.email, password, manage: true })).body).toEqual({ step: 'code', ways: ['code'] });
    expect((await giveCode(page, person)).body['step']).toBe('manage');
  });
}); // prettier-ignore
