import { describe, expect, it } from 'vitest';
import { ask, ownPage, TestBrowser } from '../../testing/test-browser.ts';
import { useRoom } from '../../testing/test-room.ts';

const room = useRoom();

describe('signing out', () => {
  it('ends the session, its tokens and the cookie, and leads to the provider', async () => {
    const browser = await room.signIn();
    const id = browser.cookies.get(room.cookieName) ?? '';
    room.provider.seen.length = 0;
    const answer = await browser.call(`${room.publicUrl}/auth/sign-out`, { method: 'POST' });
    expect(answer.status).toBe(200);
    const redirectTo = new URL(String(answer.json()['redirectTo']));
    expect(redirectTo.origin + redirectTo.pathname).toBe(`${room.provider.issuer}/session/end`);
    expect(redirectTo.searchParams.get('post_logout_redirect_uri')).toBe(`${room.publicUrl}/`);
    expect(answer.headers['clear-site-data']).toBe('"cache", "storage"');
    expect(browser.cookies.has(room.cookieName)).toBe(false);
    expect(room.provider.seen.some(({ path }) => path === '/token/revocation')).toBe(true);
    const replay = await ask(room.me(), { headers: { ...ownPage, cookie: `${room.cookieName}=${id}` } });
    expect(replay.status).toBe(401);
  });

  it('without a session leads home', async () => {
    const answer = await new TestBrowser().call(`${room.publicUrl}/auth/sign-out`, { method: 'POST' });
    expect(answer.json()).toEqual({ redirectTo: `${room.publicUrl}/` });
  });

  it('cannot be caused by another site, nor by a link', async () => {
    const browser = await room.signIn();
    const url = `${room.publicUrl}/auth/sign-out`;
    const forged = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } };
    expect((await browser.ask(url, forged)).status).toBe(403);
    expect((await browser.ask(url, { headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await browser.call(room.me())).status).toBe(200);
  }); // prettier-ignore

  it('of all sessions of a person leaves those of others', async () => {
    await room.clear();
    const browsers = [await room.signIn('anna'), await room.signIn('anna'), await room.signIn('berta')];
    expect(await room.app.sessions.endBySubject('anna')).toBe(2);
    const statuses = await Promise.all(
      browsers.map(async (browser) => (await browser.call(room.me())).status),
    );
    expect(statuses).toEqual([401, 401, 200]);
  });
});
