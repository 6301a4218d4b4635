import { describe, expect, it } from 'vitest';
import { ask, ownPage, TestBrowser } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('signing out', () => {
  it('ends the session, its tokens and the cookie, and leads to the provider', async () => {
    const browser = await setup.signIn();
    const id = browser.cookies.get(setup.cookieName) ?? '';
    setup.provider.seen.length = 0;
    const answer = await browser.call(`${setup.publicUrl}/auth/sign-out`, { method: 'POST' });
    expect(answer.status).toBe(200);
    const redirectTo = new URL(String(answer.json()['redirectTo']));
    expect(redirectTo.origin + redirectTo.pathname).toBe(`${setup.provider.issuer}/session/end`);
    expect(redirectTo.searchParams.get('post_logout_redirect_uri')).toBe(`${setup.publicUrl}/`);
    expect(answer.headers['clear-site-data']).toBe('"cache", "storage"');
    expect(browser.cookies.has(setup.cookieName)).toBe(false);
    expect(setup.provider.seen.some(({ path }) => path === '/token/revocation')).toBe(true);
    const replay = await ask(setup.me(), { headers: { ...ownPage, cookie: `${setup.cookieName}=${id}` } });
    expect(replay.status).toBe(401);
  });

  it('without a session leads home', async () => {
    const answer = await new TestBrowser().call(`${setup.publicUrl}/auth/sign-out`, { method: 'POST' });
    expect(answer.json()).toEqual({ redirectTo: `${setup.publicUrl}/` });
  });

  it('cannot be caused by another site, nor by a link', async () => {
    const browser = await setup.signIn();
    const url = `${setup.publicUrl}/auth/sign-out`;
    const forged = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } };
    expect((await browser.ask(url, forged)).status).toBe(403);
    expect((await browser.ask(url, { headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await browser.call(setup.me())).status).toBe(200);
  }); // prettier-ignore

  it('of all sessions of a person leaves those of others', async () => {
    await setup.clear();
    const browsers = [await setup.signIn('anna'), await setup.signIn('anna'), await setup.signIn('berta')];
    expect(await setup.app.sessions.endBySubject('anna')).toBe(2);
    const statuses = await Promise.all(
      browsers.map(async (browser) => (await browser.call(setup.me())).status),
    );
    expect(statuses).toEqual([401, 401, 200]);
  });
});
