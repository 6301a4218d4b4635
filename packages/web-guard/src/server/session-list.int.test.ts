import { describe, expect, it } from 'vitest';
import { TestBrowser } from '../../testing/test-browser.ts';
import { useRoom } from '../../testing/test-room.ts';

const room = useRoom();
const list = async (browser: TestBrowser) =>
  (await browser.call(`${room.publicUrl}/auth/sessions`)).json()['sessions'] as {
    id: string;
    current: boolean;
  }[];
const end = (browser: TestBrowser, body: object) =>
  browser.call(`${room.publicUrl}/auth/sessions/end`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const statuses = (browsers: TestBrowser[]) =>
  Promise.all(browsers.map(async (browser) => (await browser.call(room.me())).status));

describe('one’s own sessions', () => {
  it('are listed, this one marked, without those of others', async () => {
    await room.clear();
    const here = await room.signIn('anna');
    await room.signIn('anna');
    await room.signIn('berta');
    const sessions = await list(here);
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toContain(here.cookies.get(room.cookieName));
  });

  it('end one by one, with their tokens', async () => {
    await room.clear();
    const [here, there] = [await room.signIn('anna'), await room.signIn('anna')];
    const other = (await list(here)).find(({ current }) => !current);
    room.provider.seen.length = 0;
    expect((await end(here, { id: other?.id })).json()).toEqual({ ended: 1 });
    expect(await statuses([here, there])).toEqual([200, 401]);
    expect(room.provider.seen.some(({ path }) => path === '/token/revocation')).toBe(true);
  });

  it('end all together, and the cookie goes', async () => {
    await room.clear();
    const [here, there] = [await room.signIn('anna'), await room.signIn('anna')];
    expect((await end(here, {})).json()).toEqual({ ended: 2 });
    expect(here.cookies.has(room.cookieName)).toBe(false);
    expect(await statuses([here, there])).toEqual([401, 401]);
  });

  it('are the only ones that one can end', async () => {
    await room.clear();
    const [anna, berta] = [await room.signIn('anna'), await room.signIn('berta')];
    const [foreign] = await list(berta);
    expect((await end(anna, { id: foreign?.id })).json()).toEqual({ ended: 0 });
    expect((await end(new TestBrowser(), {})).status).toBe(401);
    expect(await statuses([anna, berta])).toEqual([200, 200]);
  });
});
