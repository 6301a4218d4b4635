import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, password, type Person } from '../../apps/identity/testing/identity-under-test.ts';
import { SignInBrowser } from './sign-in-browser.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

let installation: TestInstallation;
let person: Person;
beforeAll(async () => {
  installation = await startInstallation();
  person = await installation.addPerson(installation.engine.account('clinician'));
});
afterAll(() => installation.close());

const forgetCodes = () =>
  installation.identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');
const sessionOf = async (browser: SignInBrowser) => (await browser.call('/auth/session')).json();

async function lockedConsole(): Promise<SignInBrowser> {
  await forgetCodes();
  const browser = new SignInBrowser(installation);
  await browser.signIn(person);
  expect((await browser.call('/auth/lock', 'POST')).status).toBe(204);
  expect((await browser.call('/api/v1/me')).status).toBe(403);
  await forgetCodes();
  return browser;
}

describe('a locked console', () => {
  it('opens with one code, and nothing else is asked', async () => {
    const browser = await lockedConsole();
    await browser.begin('/auth/sign-in?stepUp=1&returnTo=/unlocked');
    const done = await browser.post('code', { code: codeOf(person.secret) });
    expect((await browser.arrive(done)).url).toBe(`${installation.consoleUrl}/unlocked`);
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, locked: false });
    expect((await browser.call('/api/v1/me')).status).toBe(200);
  });

  it('stays locked for whoever signs in there in another name', async () => {
    const browser = await lockedConsole();
    await browser.begin('/auth/sign-in?stepUp=1');
    const other = await installation.addPerson(installation.engine.account('clinician of york'));
    await browser.post('password', { email: other.email, password });
    const done = await browser.post('code', { code: codeOf(other.secret) });
    expect(done.body['step']).toBe('done');
    await browser.arrive(done);
    expect(await sessionOf(browser)).not.toMatchObject({ locked: false });
    expect((await browser.call('/api/v1/me')).status).not.toBe(200);
  });

  it('wants the password as well once the person has signed out everywhere', async () => {
    const browser = await lockedConsole();
    const elsewhere = new SignInBrowser(installation);
    await elsewhere.begin();
    await elsewhere.post('password', { email: person.email, password, manage: true });
    expect((await elsewhere.post('code', { code: codeOf(person.secret) })).body['step']).toBe('manage');
    await elsewhere.post('sessions/end');
    expect(await sessionOf(browser)).toEqual({ signedIn: false });
    await browser.begin('/auth/sign-in?stepUp=1');
    expect((await browser.post('code', { code: codeOf(person.secret, 1) })).status).toBe(409);
  });
});
