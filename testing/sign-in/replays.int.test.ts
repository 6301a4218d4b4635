import { randomPKCECodeVerifier } from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, password, type Person } from '../../apps/identity/testing/identity-under-test.ts';
import {
  discover,
  openSignIn,
  requestParameters,
  signIn,
} from '../../apps/identity/testing/relying-party.ts';
import { auditOf, givePassword, openPage, post } from '../../apps/identity/testing/sign-in-page.ts';
import { ask, ownPage } from '../../packages/web-guard/testing.ts';
import { SignInBrowser } from './sign-in-browser.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

let installation: TestInstallation;
let person: Person;
beforeAll(async () => {
  installation = await startInstallation();
  person = await installation.addPerson(installation.engine.account('clinician'));
});
afterAll(() => installation.close());
beforeEach(() => installation.identity.pool.query('UPDATE identity.factors SET last_used_step = NULL'));

/** Security events that a step has left in the logs, by name. */
async function eventsOf(step: () => Promise<void>): Promise<unknown[]> {
  const all = () => [...installation.identity.logLines, ...installation.appLogs()];
  const before = new Set(all());
  await step();
  const names = all().flatMap((line) =>
    before.has(line) ? [] : [(JSON.parse(line) as Record<string, unknown>)['securityEvent']],
  );
  return names.filter((name) => name !== undefined);
}
const basic = `Basic ${Buffer.from('console:console-secret-console-secret-console').toString('base64')}`;
const form = async (path: string, fields: Record<string, string>, authorization = basic) =>
  (
    await fetch(`${installation.identity.issuer}${path}`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(fields),
    })
  ).status;

describe('what is presented a second time', () => {
  it('as an authorization code: refused, its sign-in ended, in the audit log and an alarm', async () => {
    const { callback, verifier } = await signIn({ identity: installation.identity, person });
    const fields = { grant_type: 'authorization_code', code: callback.searchParams.get('code') ?? '', redirect_uri: 'http://localhost:7400/auth/callback', code_verifier: verifier };
    expect(await eventsOf(async () => { expect(await form('/token', fields)).toBe(400); })).toContain('token-reuse');
    expect((await auditOf(installation.identity, person.accountId)).at(-1)).toEqual({ action: 'token.family-revoked', reason_code: 'token-reuse' });
  });

  it('as a recovery code: refused, and in the audit log', async () => {
    const other = await installation.addPerson(installation.engine.account('clinician of york'));
    const page = await openPage(installation.identity);
    await post(page, 'password', { email: other.email, password, manage: true });
    await post(page, 'code', { code: codeOf(other.secret) });
    const { body } = await post(page, 'recovery-codes');
    const [code] = body['codes'] as string[];
    const use = async () => {
      const again = await openPage(installation.identity);
      await givePassword(again, other);
      return (await post(again, 'code', { code })).status;
    };
    expect([await use(), await use()]).toEqual([200, 401]);
    expect((await auditOf(installation.identity, other.accountId)).at(-1)).toEqual({ action: 'sign-in.refused', reason_code: 'code-wrong-or-used' });
  });

  it('as the console’s cookie after the sign-out: refused, with an event', async () => {
    const browser = new SignInBrowser(installation);
    await browser.signIn(person);
    const cookies = [...browser.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const replay = async (path: string) => (await ask(`${installation.consoleUrl}${path}`, { headers: { ...ownPage, cookie: cookies } })).status;
    expect(await replay('/api/v1/me')).toBe(200);
    await browser.call('/auth/sign-out', 'POST');
    expect(await eventsOf(async () => { expect(await replay('/api/v1/me')).toBe(401); })).toEqual(['session-refused']);
    expect(await eventsOf(async () => { expect(await replay('/auth/sessions')).toBe(401); })).toEqual(['session-refused']);
  });

  it('as the token of the provider’s sign-out form: refused, with an event', async () => {
    const { browser } = await signIn({ identity: installation.identity, person });
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await (await browser.open('/sign-out')).text())?.[1] ?? '';
    const send = async () => (await browser.submit('/sign-out/confirm', { xsrf, logout: 'yes' })).status;
    expect(await send()).toBe(303);
    expect(await eventsOf(async () => { expect(await send()).toBe(400); })).toEqual(['request-forged']);
  });

  it('as a pushed request, a callback, or a foreign client’s secret: refused', async () => {
    const configuration = await discover(installation.identity);
    const { browser, page } = await openSignIn(installation.identity, configuration, await requestParameters(randomPKCECodeVerifier()));
    expect((await browser.open(page.replace('/interaction/', '/authorize/'))).status).toBeLessThan(500);
    expect(await eventsOf(async () => {
      expect(await form('/token', { grant_type: 'refresh_token', refresh_token: 'x' }, `Basic ${Buffer.from('console:guessed-guessed-guessed-guessed').toString('base64')}`)).toBe(401);
    })).toEqual(['protocol-refused']);
    const other = new SignInBrowser(installation);
    await other.signIn(person);
    const callback = await other.browser.navigate(`${installation.consoleUrl}/auth/callback?code=x&state=y`);
    expect(callback.status).toBe(400);
  });
}); // prettier-ignore

describe('a request that another site forged', () => {
  it.each([
    ['with the metadata of another site', { 'sec-fetch-site': 'cross-site', 'x-cordon-request': '1' }],
    ['with the metadata of a neighbour', { 'sec-fetch-site': 'same-site', 'x-cordon-request': '1' }],
    ['without the header', { 'sec-fetch-site': 'same-origin' }],
    ['with another origin and no metadata', { origin: 'https://evil.example', 'x-cordon-request': '1' }],
    ['with neither', { 'x-cordon-request': '1' }],
  ])('%s changes nothing at console and provider, and leaves an event', async (_case, headers) => {
    const signedIn = new SignInBrowser(installation);
    await signedIn.signIn(person);
    const cookie = [...signedIn.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const { page } = await openPage(installation.identity);
    const targets = [
      ...['/auth/sign-out', '/auth/lock', '/auth/sessions/end', '/api/v1/alerts'].map((path) => installation.consoleUrl + path),
      ...['password', 'code', 'consent', 'cancel', 'sessions/end'].map((step) => `${installation.identity.issuer}${page}/${step}`),
      `${installation.identity.issuer}/recovery/requests`,
    ];
    for (const target of targets) {
      const sent = { method: 'POST', headers: { 'content-type': 'application/json', cookie, ...headers }, body: '{}' };
      expect(await eventsOf(async () => { expect((await ask(target, sent)).status, target).toBe(403); }), target).toEqual(['request-forged']);
    }
    expect((await signedIn.call('/auth/session')).json()).toMatchObject({ signedIn: true, locked: false });
    expect((await ask(`${installation.consoleUrl}/api/v1/me`, { headers: { cookie, host: 'evil.example', ...ownPage } })).status).toBe(421);
  });
}); // prettier-ignore
