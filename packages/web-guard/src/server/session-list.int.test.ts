import { describe, expect, it } from 'vitest';
import { TestBrowser } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();
const list = async (browser: TestBrowser) =>
  (await browser.call(`${setup.publicUrl}/auth/sessions`)).json()['sessions'] as {
    id: string;
    current: boolean;
  }[];
const end = (browser: TestBrowser, body: object) =>
  browser.call(`${setup.publicUrl}/auth/sessions/end`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const statuses = (browsers: TestBrowser[]) =>
  Promise.all(browsers.map(async (browser) => (await browser.call(setup.me())).status));

describe('one’s own sessions', () => {
  it('are listed, this one marked, without those of others', async () => {
    await setup.clear();
    const here = await setup.signIn('anna');
    await setup.signIn('anna');
    await setup.signIn('berta');
    const sessions = await list(here);
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toContain(here.cookies.get(setup.cookieName));
  });

  it('end one by one, with their tokens', async () => {
    await setup.clear();
    const [here, there] = [await setup.signIn('anna'), await setup.signIn('anna')];
    const other = (await list(here)).find(({ current }) => !current);
    setup.provider.seen.length = 0;
    expect((await end(here, { id: other?.id })).json()).toEqual({ ended: 1 });
    expect(await statuses([here, there])).toEqual([200, 401]);
    expect(setup.provider.seen.some(({ path }) => path === '/token/revocation')).toBe(true);
  });

  it('end all together, and the cookie goes', async () => {
    await setup.clear();
    const [here, there] = [await setup.signIn('anna'), await setup.signIn('anna')];
    expect((await end(here, {})).json()).toEqual({ ended: 2 });
    expect(here.cookies.has(setup.cookieName)).toBe(false);
    expect(await statuses([here, there])).toEqual([401, 401]);
  });

  it('are the only ones that one can end', async () => {
    await setup.clear();
    const [anna, berta] = [await setup.signIn('anna'), await setup.signIn('berta')];
    const [foreign] = await list(berta);
    expect((await end(anna, { id: foreign?.id })).json()).toEqual({ ended: 0 });
    expect((await end(new TestBrowser(), {})).status).toBe(401);
    expect(await statuses([anna, berta])).toEqual([200, 200]);
  });
});
