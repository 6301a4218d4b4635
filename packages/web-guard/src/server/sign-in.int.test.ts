import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask, ownPage, TestBrowser } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('signing in', () => {
  it('goes through a pushed request with PKCE, state and nonce, and ends at the page that was asked for', async () => {
    setup.provider.seen.length = 0;
    const browser = new TestBrowser();
    const end = await browser.navigate(`${setup.publicUrl}/auth/sign-in?returnTo=%2Fpatients%3Fx%3D1`);
    expect(end.url).toBe(`${setup.publicUrl}/patients?x=1`);
    expect(end.body).toContain('the page');
    const authorization = setup.provider.seen.find(({ path }) => path === '/auth');
    // What travels through the browser is a reference and the client's name: the rest was pushed.
    expect([...(authorization?.query.keys() ?? [])].sort()).toEqual(['client_id', 'request_uri']);
    expect(setup.provider.seen.some(({ method, path }) => method === 'POST' && path === '/request')).toBe(
      true,
    );
    expect(browser.cookies.get(setup.cookieName)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect([...browser.cookies.keys()].filter((name) => name.includes('sign-in'))).toEqual([]);
  });

  it('sets a cookie that script and other sites cannot use', async () => {
    const browser = new TestBrowser();
    const atCallback = await browser.navigate(
      `${setup.publicUrl}/auth/sign-in`,
      (next) => next === `${setup.publicUrl}/`,
    );
    const set = atCallback.headers['set-cookie'] ?? [];
    expect(set.find((line) => line.startsWith(`${setup.cookieName}=`))).toMatch(
      /; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
  });

  it('keeps no cookie value and no token readable in the store', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    const id = browser.cookies.get(setup.cookieName) ?? '';
    await browser.call(setup.me());
    const token = String(setup.engine.seen[0]?.headers.authorization).replace('Bearer ', '');
    const { rows } = await setup.admin.query<Record<string, unknown>>(
      `SELECT * FROM ${setup.schema}.browser_sessions`,
    );
    const stored =
      JSON.stringify(rows) + rows.map((row) => (row['payload'] as Buffer).toString('ascii')).join();
    for (const secret of [
      id,
      token,
      token.split('.')[1] ?? '',
      'anna',
      setup.provider.sidOf('anna'),
      'role.clinician',
    ])
      expect(stored).not.toContain(secret);
    expect((rows[0]?.['id_hash'] as Buffer).equals(createHash('sha256').update(id).digest())).toBe(true);
  });

  it('sends nobody to another site afterwards', async () => {
    const browser = new TestBrowser();
    const end = await browser.navigate(`${setup.publicUrl}/auth/sign-in?returnTo=%2F%2Fevil.example%2F`);
    expect(end.url).toBe(`${setup.publicUrl}/`);
  });

  it('gives a new session id each time and ends the session before', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    const first = browser.cookies.get(setup.cookieName) ?? '';
    await browser.navigate(`${setup.publicUrl}/auth/sign-in`);
    const second = browser.cookies.get(setup.cookieName) ?? '';
    expect(second).not.toBe(first);
    expect(await setup.countSessions()).toBe(1);
    const old = await ask(setup.me(), { headers: { ...ownPage, cookie: `${setup.cookieName}=${first}` } });
    expect([old.status, old.json()['code']]).toEqual([401, 'session-ended']);
  });

  it('does not take over an id that was planted before', async () => {
    const browser = new TestBrowser();
    const planted = randomBytes(32).toString('base64url');
    browser.cookies.set(setup.cookieName, planted);
    await browser.navigate(`${setup.publicUrl}/auth/sign-in`);
    expect(browser.cookies.get(setup.cookieName)).not.toBe(planted);
  });

  it('lets several tabs sign in at once, and forgets the oldest beyond four', async () => {
    const browser = new TestBrowser();
    const starts = [];
    for (let tab = 0; tab < 3; tab++) starts.push(await browser.ask(`${setup.publicUrl}/auth/sign-in`));
    for (const start of starts)
      expect((await browser.navigate(String(start.headers.location))).status).toBe(200);
    for (let tab = 0; tab < 12; tab++) await browser.ask(`${setup.publicUrl}/auth/sign-in`);
    const underWay = [...browser.cookies.keys()].filter((name) => name.includes('sign-in'));
    expect(underWay.length).toBeLessThanOrEqual(5);
  });

  it('turns away an account that belongs elsewhere, on a plain page, and gives its tokens back', async () => {
    await setup.clear();
    setup.provider.next.role = 'role.patient';
    setup.provider.seen.length = 0;
    const browser = new TestBrowser();
    const end = await browser.navigate(`${setup.publicUrl}/auth/sign-in`);
    expect(end.status).toBe(403);
    expect(end.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(end.body).toContain('This account is for somebody else.');
    expect(end.body).toContain(`${setup.provider.issuer}/session/end?`);
    expect(end.body).not.toMatch(/<script|<style|style=/);
    expect(await setup.countSessions()).toBe(0);
    expect(browser.cookies.has(setup.cookieName)).toBe(false);
    expect(setup.provider.seen.some(({ path }) => path === '/token/revocation')).toBe(true);
  });

  it('shows a plain page when the person declines', async () => {
    setup.provider.next.refuse = true;
    const end = await new TestBrowser().navigate(`${setup.publicUrl}/auth/sign-in`);
    expect([end.status, end.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(setup.app.events.at(-1)).toMatchObject({ event: 'sign-in-refused', code: 'sign-in-refused' });
  });

  it('says so when the provider is away, and works once it is back', async () => {
    const browser = new TestBrowser();
    setup.provider.tokenEndpoint.away = true;
    const end = await browser.navigate(`${setup.publicUrl}/auth/sign-in`);
    expect([end.status, end.headers['retry-after']]).toEqual([503, '5']);
    setup.provider.tokenEndpoint.away = false;
    expect((await browser.navigate(`${setup.publicUrl}/auth/sign-in`)).status).toBe(200);
  });
});
