import { describe, expect, it } from 'vitest';
import { ask, TestBrowser } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('the way back from the provider', () => {
  async function stopBeforeCallback(): Promise<{ browser: TestBrowser; callback: URL }> {
    const browser = new TestBrowser();
    const { url } = await browser.navigate(`${setup.publicUrl}/auth/sign-in`, (next) =>
      next.startsWith(`${setup.publicUrl}/auth/callback`),
    );
    return { browser, callback: new URL(url) };
  }

  it('is refused in a browser that did not begin the sign-in', async () => {
    const { callback } = await stopBeforeCallback();
    const end = await new TestBrowser().navigate(callback.href);
    expect([end.status, setup.app.events.at(-1)?.code]).toEqual([400, 'sign-in-expired']);
  });

  it.each([
    ['another state', (url: URL) => { url.searchParams.set('state', 'x'.repeat(43)); }],
    ['no state', (url: URL) => { url.searchParams.delete('state'); }],
    ['two states', (url: URL) => { url.searchParams.append('state', url.searchParams.get('state') ?? ''); }],
    ['an endless state', (url: URL) => { url.searchParams.set('state', 'x'.repeat(3_000)); }],
    ['another issuer', (url: URL) => { url.searchParams.set('iss', 'https://evil.example'); }],
    ['no issuer', (url: URL) => { url.searchParams.delete('iss'); }],
    ['another code', (url: URL) => { url.searchParams.set('code', 'guessed'); }],
    ['no code', (url: URL) => { url.searchParams.delete('code'); }],
    ['two codes', (url: URL) => { url.searchParams.append('code', 'guessed'); }],
  ])('is refused with %s', async (_case, change) => {
    const { browser, callback } = await stopBeforeCallback();
    change(callback);
    const end = await browser.navigate(callback.href);
    expect(end.status).toBeGreaterThanOrEqual(400);
    expect(end.status).toBeLessThan(500);
    expect(browser.cookies.has(setup.cookieName)).toBe(false);
  }); // prettier-ignore

  it('works once', async () => {
    const { browser, callback } = await stopBeforeCallback();
    const before = new Map(browser.cookies);
    expect((await browser.navigate(callback.href)).status).toBe(200);
    const thief = new TestBrowser();
    for (const [name, value] of before) thief.cookies.set(name, value);
    const again = await thief.navigate(callback.href);
    expect(again.status).toBe(403);
    expect(thief.cookies.has(setup.cookieName)).toBe(false);
  });

  it('is refused when its cookie was tampered with or doubled', async () => {
    const { browser, callback } = await stopBeforeCallback();
    const [name = '', value = ''] = [...browser.cookies].find(([each]) => each.includes('sign-in')) ?? [];
    const changed = value.slice(0, -8) + (value.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA');
    for (const cookie of [`${name}=${changed}`, `${name}=${value}; ${name}=${value}`])
      expect((await ask(callback.href, { headers: { cookie } })).status).toBe(400);
  });
});
