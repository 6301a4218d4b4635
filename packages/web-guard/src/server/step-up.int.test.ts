import { describe, expect, it } from 'vitest';
import { ask, ownPage, type TestBrowser } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';
import { createSessionCipher } from '../session/session-cipher.ts';

const setup = useTestSetup();
const mfa = 'urn:cordon:acr:mfa';
const stepUp = (browser: TestBrowser) =>
  browser.navigate(`${setup.publicUrl}/auth/sign-in?stepUp=1&returnTo=/records/export`);
const sessionOf = async (browser: TestBrowser) =>
  (await browser.call(`${setup.publicUrl}/auth/session`)).json();

describe('asking for a fresh factor', () => {
  it('demands it of the provider with a proof given now, and comes back to the page', async () => {
    const browser = await setup.signIn();
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, factorSeconds: 0 });
    setup.provider.next.acr = mfa;
    const end = await stepUp(browser);
    expect([end.status, new URL(end.url).pathname]).toEqual([200, '/records/export']);
    const { factorSeconds } = await sessionOf(browser);
    expect(factorSeconds).toBeGreaterThan(280);
    expect(factorSeconds).toBeLessThanOrEqual(300);
  });

  it('gives the session a new id, and ends the old one with its tokens', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    const before = browser.cookies.get(setup.cookieName) ?? '';
    setup.provider.next.acr = mfa;
    setup.provider.seen.length = 0;
    await stepUp(browser);
    expect(browser.cookies.get(setup.cookieName)).not.toBe(before);
    expect(await setup.countSessions()).toBe(1);
    const old = await ask(setup.me(), { headers: { ...ownPage, cookie: `${setup.cookieName}=${before}` } });
    expect(old.status).toBe(401);
    expect(setup.provider.seen.some(({ path }) => path === '/token/revocation')).toBe(true);
    expect((await browser.call(setup.me())).status).toBe(200);
  });

  it('is refused when the provider answers without one, and the old session stays as it was', async () => {
    const browser = await setup.signIn();
    const end = await stepUp(browser);
    expect([end.status, setup.app.events.at(-1)?.code]).toEqual([403, 'sign-in-refused']);
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, factorSeconds: 0 });
  });

  it('is refused when somebody else gives the proof', async () => {
    const browser = await setup.signIn('anna');
    // Signed out at the provider alone, where berta then signs in.
    for (const name of browser.cookies.keys())
      if (!name.startsWith(setup.cookieName)) browser.cookies.delete(name);
    Object.assign(setup.provider.next, { account: 'berta', acr: mfa });
    const end = await stepUp(browser);
    expect([end.status, setup.app.events.at(-1)?.code]).toEqual([403, 'step-up-refused']);
    expect((await browser.call(setup.me())).status).toBe(200);
  });

  it('is refused in another tenant of the same person', async () => {
    const browser = await setup.signIn();
    Object.assign(setup.provider.next, { tenantId: '0f2c7a5e-9e43-4a3b-8f5e-5a1f1f0f9a10', acr: mfa });
    const end = await stepUp(browser);
    expect([end.status, setup.app.events.at(-1)?.code]).toEqual([403, 'step-up-refused']);
  });

  it('asks for a whole sign-in where the session ended on the way to the provider', async () => {
    const browser = await setup.signIn();
    setup.provider.next.acr = mfa;
    const way = await browser.navigate(`${setup.publicUrl}/auth/sign-in?stepUp=1`, (next) =>
      next.includes('/auth/callback'),
    );
    await setup.clear();
    const end = await browser.navigate(way.url);
    expect([end.status, setup.app.events.at(-1)?.code]).toEqual([401, 'session-ended']);
    expect(await sessionOf(browser)).toEqual({ signedIn: false });
  });

  it('works without the hint where the provider takes it no longer', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    const cipher = createSessionCipher(setup.sessionKey);
    const table = `${setup.schema}.browser_sessions`;
    const { rows } = await setup.admin.query<{ id_hash: Buffer; payload: Buffer }>(
      `SELECT id_hash, payload FROM ${table}`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('no session');
    const handle = row.id_hash.toString('base64url');
    const opened = await cipher.open('session', handle, row.payload.toString('ascii'));
    const sealed = await cipher.seal('session', handle, { ...opened, idToken: 'signed.by.keysofbefore' });
    await setup.admin.query(`UPDATE ${table} SET payload = $1`, [Buffer.from(sealed, 'ascii')]);
    setup.provider.next.acr = mfa;
    expect(new URL((await stepUp(browser)).url).pathname).toBe('/records/export');
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true });
  });
});
