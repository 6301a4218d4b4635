import { providerSettings, toProviderOptions } from '@cordon/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findFreePort, TestBrowser } from '../../packages/web-guard/testing.ts';
import { makePlan, runEngineOn, type TestEngine } from '../engine/run-engine-on.ts';
import { consoleApp } from '../../apps/console/src/console-app.ts';
import { portalApp } from '../../apps/portal/src/portal-app.ts';
import { cloneStores } from '../stores.ts';
import { startTestConsole } from './start-test-console.ts';
import { makeHostileTokens, signToken } from './hostile-tokens.ts';
import {
  secondEngineNames,
  secondProviderNames,
  startSecondProvider,
  type SecondProvider,
} from './second-provider.ts';

let provider: SecondProvider;
let engine: TestEngine;
type RunningApp = Awaited<ReturnType<typeof startTestConsole>>;
const urls = new Map<string, string>();
const apps: RunningApp[] = [];

beforeAll(async () => {
  provider = await startSecondProvider();
  const stores = await cloneStores();
  engine = await runEngineOn(stores, makePlan(), {
    environment: { CORDON_ISSUER_URL: provider.issuer, ...secondEngineNames },
  });
  for (const app of [consoleApp, portalApp]) {
    const port = await findFreePort();
    urls.set(app.name, `http://localhost:${port}`);
    const named = z.object(providerSettings).parse({
      CORDON_ISSUER_URL: provider.issuer,
      CORDON_CLIENT_ID: app.name,
      CORDON_PUSHED_REQUESTS: 'where-offered',
      CORDON_SIGN_IN_PARAMETERS: 'audience=urn%3Acordon%3Aengine',
      ...secondProviderNames,
    });
    apps.push(
      await startTestConsole({
        app,
        port,
        provider: { ...toProviderOptions(named), clientSecret: 'a-secret-of-the-second-provider' },
        engineUrl: engine.running.url,
        stores,
      }),
    );
  }
}); // prettier-ignore
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await engine.close();
  await provider.close();
});

const me = (token: string) =>
  fetch(`${engine.running.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });

describe('the engine, with tokens of another OpenID provider', () => {
  it('takes them by the configured names, for staff and for patients', async () => {
    for (const name of ['clinician', 'Petra Patientson']) {
      const account = engine.account(name);
      const answer = await me(await signToken(provider.issuerFor(account)));
      expect([answer.status, await answer.json()]).toMatchObject([
        200,
        { subject: account.accountId, role: account.role, tenantId: account.tenantId },
      ]);
    }
  });

  it('takes the factor from the configured claim, and from no other', async () => {
    const issuer = provider.issuerFor(engine.account('admin'));
    expect((await me(await signToken(issuer))).status).toBe(200);
    const answer = await me(await signToken(issuer, { amr: ['pwd'], acr: 'urn:cordon:acr:mfa' }));
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'factor-missing' }]);
  });

  it('refuses what an enemy makes of them', async () => {
    for (const [name, token] of await makeHostileTokens(provider.issuerFor(engine.account('clinician')))) {
      const answer = await me(token);
      expect([answer.status, await answer.json()], name).toMatchObject([401, { code: 'token-invalid' }]);
    }
  });
});

describe.each([
  { app: 'console', own: 'clinician', foreign: 'Petra Patientson' },
  { app: 'portal', own: 'Petra Patientson', foreign: 'clinician' },
])('the $app, with another OpenID provider', ({ app, own, foreign }) => {
  const at = (path: string) => `${urls.get(app) ?? ''}${path}`;
  const call = (browser: TestBrowser, path: string, method = 'GET') => browser.call(at(path), { method });

  async function signIn(name: string, more: Parameters<SecondProvider['next']>[1] = {}) {
    provider.next(engine.account(name), more);
    const browser = new TestBrowser();
    const end = await browser.navigate(at('/auth/sign-in'));
    return { browser, end };
  }

  it('signs its own people in, and the engine answers them; nobody else', async () => {
    const { browser, end } = await signIn(own);
    expect([end.status, end.body]).toEqual([200, '<!doctype html><title>the page</title>']);
    const answer = await call(browser, '/api/v1/me');
    expect([answer.status, answer.json()]).toMatchObject([200, { subject: engine.account(own).accountId }]);
    expect((await signIn(foreign)).end.status).toBe(403);
  });

  it('refreshes an access token that is over, once for many requests, and ends the session when that is refused', async () => {
    const { browser } = await signIn(own, { seconds: 1 });
    provider.next(engine.account(own));
    const before = provider.seen.grants.filter((grant) => grant === 'refresh_token').length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(browser, '/api/v1/me')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // An access token and an ID token are signed for the one refresh.
    expect(provider.seen.grants.filter((grant) => grant === 'refresh_token').length - before).toBe(2);
    const other = await signIn(own, { seconds: 1 });
    provider.refuses = true;
    expect((await call(other.browser, '/api/v1/me')).status).toBe(401);
    provider.refuses = false;
    expect((await call(other.browser, '/auth/session')).json()).toEqual({ signedIn: false });
  });

  it('reads a fresh factor from the configured claims, and from no others', async () => {
    const proven = secondProviderNames.CORDON_CLAIM_AUTH_TIME;
    const stepUp = async (claims: Record<string, unknown>) => {
      const { browser } = await signIn(own, { claims: { amr: ['pwd'] } });
      expect((await call(browser, '/auth/session')).json()).toMatchObject({ factorSeconds: 0 });
      provider.next(engine.account(own), { claims });
      const end = await browser.navigate(at('/auth/sign-in?stepUp=1&returnTo=/fresh'));
      return { status: end.status, fresh: Number((await call(browser, '/auth/session')).json()['factorSeconds']) };
    };
    const good = await stepUp({ amr: ['pwd', 'mfa'], acr: 'anything' });
    expect(good.status).toBe(200);
    expect(good.fresh).toBeGreaterThan(280);
    // What the embedded provider calls it says nothing here, nor does a proof of an hour ago.
    expect(await stepUp({ amr: ['pwd'], acr: 'urn:cordon:acr:mfa' })).toEqual({ status: 403, fresh: 0 });
    expect(await stepUp({ [proven]: Math.floor(Date.now() / 1000) - 3_600 })).toEqual({ status: 403, fresh: 0 });
  });

  it('signs out, and the cookie opens nothing any more', async () => {
    const { browser } = await signIn(own);
    const kept = new TestBrowser();
    for (const [name, value] of browser.cookies) kept.cookies.set(name, value);
    const out = await call(browser, '/auth/sign-out', 'POST');
    expect(out.json()['redirectTo']).toContain(`${provider.issuer}/endsession`);
    expect((await call(kept, '/api/v1/me')).status).toBe(401);
    expect((await call(kept, '/auth/session')).json()).toEqual({ signedIn: false });
  });
}); // prettier-ignore
