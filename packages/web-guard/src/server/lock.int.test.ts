import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { ask, ownPage, type TestBrowser } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup({
  whenIdle: { locks: { mayRead: ['/v1/alerts/stream?view=badge'] } },
  lookEveryMs: 50,
});
const at = (path: string) => `${setup.publicUrl}${path}`;
const sessionOf = async (browser: TestBrowser) => (await browser.call(at('/auth/session'))).json();
const unlock = (browser: TestBrowser) => browser.navigate(at('/auth/sign-in?stepUp=1&returnTo=/patients'));

async function setEnd(column: 'idle_expires_at' | 'absolute_expires_at', seconds: number): Promise<void> {
  const change = `UPDATE ${setup.schema}.browser_sessions SET ${column} = now() + $1 * interval '1 second'`;
  await setup.admin.query(change, [seconds]);
}

async function signInAndIdle(): Promise<TestBrowser> {
  await setup.clear();
  const browser = await setup.signIn();
  await setEnd('idle_expires_at', -1);
  setup.engine.seen.length = 0;
  return browser;
}

describe('a session that locks when idle', () => {
  it('reads nothing any more but what was named, and using it does not open it', async () => {
    const browser = await signInAndIdle();
    const refused = await browser.call(setup.me());
    expect([refused.status, refused.json()['code']]).toEqual([403, 'session-locked']);
    const named = at('/api/v1/alerts/stream?view=badge');
    expect((await browser.call(named)).status).toBe(200);
    for (const attempt of [
      browser.call(named, { method: 'POST' }),
      browser.call(at('/api/v1/alerts/stream')),
      browser.call(`${named}&view=`),
      browser.call(at('/api/v1/alerts/stre%61m?view=badge')),
      browser.call(at('/auth/sessions')),
      browser.call(at('/auth/sessions/end'), { method: 'POST' }),
    ])
      expect([403, 404]).toContain((await attempt).status);
    expect(setup.engine.seen.map(({ url }) => url)).toEqual(['/v1/alerts/stream?view=badge']);
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, locked: true, idleSeconds: 0 });
  });

  it('opens by a fresh factor of the same person, under a new id', async () => {
    const browser = await signInAndIdle();
    const before = browser.cookies.get(setup.cookieName) ?? '';
    const { person } = await sessionOf(browser);
    setup.provider.next.acr = 'urn:cordon:acr:mfa';
    expect(new URL((await unlock(browser)).url).pathname).toBe('/patients');
    expect(await sessionOf(browser)).toMatchObject({ signedIn: true, locked: false, person });
    expect((await browser.call(setup.me())).status).toBe(200);
    const old = await ask(setup.me(), { headers: { ...ownPage, cookie: `${setup.cookieName}=${before}` } });
    expect(old.status).toBe(401);
  });

  it('stays locked without a factor, and for somebody else', async () => {
    const browser = await signInAndIdle();
    expect((await unlock(browser)).status).toBe(403);
    for (const name of browser.cookies.keys())
      if (!name.startsWith(setup.cookieName)) browser.cookies.delete(name);
    Object.assign(setup.provider.next, { account: 'berta', acr: 'urn:cordon:acr:mfa' });
    expect((await unlock(browser)).status).toBe(403);
    expect(await sessionOf(browser)).toMatchObject({ locked: true });
  });

  it('keeps its absolute end when it is unlocked, and is gone after it', async () => {
    const browser = await signInAndIdle();
    await setEnd('absolute_expires_at', 500);
    setup.provider.next.acr = 'urn:cordon:acr:mfa';
    await unlock(browser);
    expect(Number((await sessionOf(browser))['absoluteSeconds'])).toBeLessThanOrEqual(500);
    await setup.admin.query(
      `UPDATE ${setup.schema}.browser_sessions SET idle_expires_at = now() - interval '1 s', absolute_expires_at = now() - interval '1 s'`,
    );
    expect(await sessionOf(browser)).toEqual({ signedIn: false });
  });

  it('can be locked by hand, and signed out of while it is locked', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    expect((await browser.call(at('/auth/lock'), { method: 'POST' })).status).toBe(204);
    expect((await browser.call(setup.me())).status).toBe(403);
    expect((await browser.call(at('/auth/sign-out'), { method: 'POST' })).status).toBe(200);
    expect(await setup.countSessions()).toBe(0);
  });

  it.each([
    ['is locked by hand', '/auth/lock'],
    ['is signed out of', '/auth/sign-out'],
  ])('hears no more of an answer that began before it %s', async (_case, path) => {
    await setup.clear();
    const browser = await setup.signIn();
    const streams: ServerResponse[] = [];
    setup.engine.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      streams.push(response);
    };
    const flowing = browser.call(at('/api/v1/alerts/stream'), { headers: { accept: 'text/event-stream' } });
    await vi.waitUntil(() => streams.length === 1);
    await browser.call(at(path), { method: 'POST' });
    // It ends as streams of events do, for the page connects again; a page that saw it break off would report an error.
    expect((await flowing).body).toBe('data: first\n\n');
    await vi.waitUntil(() => streams[0]?.destroyed);
    setup.engine.answer = undefined;
  });

  it('sees an answer that is no stream of events break off when the session ends, and events that the API breaks off', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    const answers: ServerResponse[] = [];
    const begin = async (type: string) => {
      setup.engine.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': type });
        response.write('data: first\n\n');
        answers.push(response);
      };
      const flowing = browser.call(at('/api/v1/patients'));
      const broken = expect(flowing).rejects.toThrow('aborted');
      await vi.waitUntil(() => answers.length === 1);
      return { broken };
    };
    const events = await begin('text/event-stream; charset=utf-8');
    answers.pop()?.destroy();
    await events.broken;
    const plain = await begin('application/json');
    await browser.call(at('/auth/sign-out'), { method: 'POST' });
    await plain.broken;
    setup.engine.answer = undefined;
  });

  it('goes on hearing what it may while it is locked', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    const streams: ServerResponse[] = [];
    setup.engine.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      streams.push(response);
    };
    const path = '/api/v1/alerts/stream?view=badge';
    const flowing = browser.call(at(path), { headers: { accept: 'text/event-stream' } });
    await vi.waitUntil(() => streams.length === 1);
    await browser.call(at('/auth/lock'), { method: 'POST' });
    const looks = vi.spyOn(setup.app.sessions, 'find');
    await vi.waitUntil(() => looks.mock.calls.length > 2);
    streams[0]?.end('data: 2\n\n');
    expect((await flowing).body).toContain('data: 2');
    looks.mockRestore();
    setup.engine.answer = undefined;
  });

  it('is listed as locked on the person’s other browser', async () => {
    const left = await signInAndIdle();
    const here = await setup.signIn();
    const { sessions } = (await here.call(at('/auth/sessions'))).json() as { sessions: object[] };
    expect(sessions).toMatchObject([
      { current: true, locked: false },
      { current: false, locked: true },
    ]);
    expect((await left.call(setup.me())).status).toBe(403);
  });
});
