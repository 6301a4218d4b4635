import { buildAuthorizationUrlWithPAR, randomPKCECodeVerifier } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../testing/identity-under-test.ts';
import { discover, requestParameters } from '../../testing/relying-party.ts';
import { auditOf } from '../../testing/sign-in-page.ts';
import { launchBrowser, PasskeyPage } from '../../testing/virtual-authenticator.ts';

let identity: IdentityUnderTest;
let chromium: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
  chromium = await launchBrowser();
});
afterAll(async () => {
  await chromium.close();
  await identity.close();
});

async function begin(page: PasskeyPage, person: Person) {
  const parameters = await requestParameters(randomPKCECodeVerifier());
  await page.visit((await buildAuthorizationUrlWithPAR(await discover(identity), parameters)).href);
  return page.post('password', { email: person.email, password });
}

/** A person who has set up a passkey, on the page where she did. */
async function enrol() {
  const person = await identity.addPerson({ factor: false });
  const page = await PasskeyPage.open(chromium.browser);
  expect((await begin(page, person)).body['step']).toBe('enrol');
  const { body: options } = await page.post('passkey-enrolment/options');
  const credential = await page.create(options);
  return { person, page, options, credential, answer: await page.post('passkey-enrolment', credential) };
}

async function ask(page: PasskeyPage, person: Person) {
  expect((await begin(page, person)).body).toEqual({ step: 'code', ways: ['passkey'] });
  return (await page.post('passkey/options')).body;
}

describe('a passkey', () => {
  it('is set up where a factor is required, for this host and with the person verified, and then signs in', async () => {
    const { person, page, options, answer } = await enrol();
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { id: Buffer.from(person.accountId.replaceAll('-', ''), 'hex').toString('base64url') },
      attestation: 'none',
      authenticatorSelection: { userVerification: 'required' },
    });
    expect(answer.body['step']).toBe('recovery');
    expect((await page.post('continue')).body['step']).toBe('done');
    const request = await ask(page, person);
    expect(request).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect((await page.post('passkey', await page.get(request))).body['step']).toBe('done');
    expect(await auditOf(identity, person.accountId)).toEqual([
      { action: 'factor.enrolled', reason_code: 'webauthn' },
      { action: 'sign-in.completed', reason_code: 'webauthn' },
      { action: 'sign-in.completed', reason_code: 'webauthn' },
    ]);
    await page.close();
  });

  it('answers a question once: neither the same answer nor one to an earlier question passes', async () => {
    const { person, page } = await enrol();
    const request = await ask(page, person);
    const assertion = await page.get(request);
    await page.post('passkey/options');
    const late = await page.post('passkey', assertion);
    expect(late).toMatchObject({ status: 401, body: { code: 'identity-passkey-refused' } });
    const fresh = await page.get((await page.post('passkey/options')).body);
    expect((await page.post('passkey', fresh)).body['step']).toBe('done');
    await ask(page, person);
    expect(await page.post('passkey', fresh)).toMatchObject({ status: 401 });
    const refused = (await auditOf(identity, person.accountId)).filter(
      ({ action }) => action === 'sign-in.refused',
    );
    expect(refused.map(({ reason_code: reason }) => reason)).toEqual([
      'passkey-not-accepted',
      'passkey-not-accepted',
    ]);
    await page.close();
  });

  it('is asked at most once however many answers come at the same time', async () => {
    const { person, page } = await enrol();
    const assertion = await page.get(await ask(page, person));
    const answers = await Promise.all([1, 2, 3].map(() => page.post('passkey', assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await page.close();
  });

  it('is refused when its counter has not grown, as that of a copy', async () => {
    const { person, page } = await enrol();
    const assertion = await page.get(await ask(page, person));
    expect((await page.post('passkey', assertion)).body['step']).toBe('done');
    await page.turnCounterTo(0);
    const copied = await page.get(await ask(page, person));
    expect(await page.post('passkey', copied)).toMatchObject({ status: 401 });
    await page.turnCounterTo(100);
    const grown = await page.get((await page.post('passkey/options')).body);
    expect((await page.post('passkey', grown)).body['step']).toBe('done');
    await page.close();
  });

  it('is refused without user verification, also where a page did not ask for it', async () => {
    const { person, page } = await enrol();
    const request = await ask(page, person);
    await page.verifiesUser(false);
    const careless = await page.get({ ...request, userVerification: 'discouraged' });
    expect(await page.post('passkey', careless)).toMatchObject({ status: 401 });
    await page.close();
  });

  it('of another account does not pass', async () => {
    const thief = await enrol();
    const { person, page: other } = await enrol();
    const request = await ask(thief.page, person);
    const foreign = await thief.page.get({ ...request, allowCredentials: [] });
    expect(await thief.page.post('passkey', foreign)).toMatchObject({ status: 401 });
    await Promise.all([thief.page.close(), other.close()]);
  });

  it('is neither added nor replaced with a password alone', async () => {
    const { person, page } = await enrol();
    await ask(page, person);
    expect(await page.post('passkey-enrolment/options')).toMatchObject({ status: 409 });
    await page.close();
  });

  it('counts only once: the answer that set it up sets up no second one', async () => {
    const { page, credential } = await enrol();
    expect(await page.post('passkey-enrolment', credential)).toMatchObject({ status: 409 });
    await page.close();
  });
});
