import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import { buildTestPages, findFreePort, startTestApp, type TestApp } from '../../testing/test-app.ts';
import { ask, ownPage, TestBrowser } from '../../testing/test-browser.ts';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.ts';
import { startTestProvider, type TestProvider } from '../../testing/test-provider.ts';

const schema = 'console_sessions';
const sessionKey = randomBytes(32);
let publicUrl: string;
let provider: TestProvider;
let engine: TestEngine;
let app: TestApp;
/** A second server of the same app, as a second process would be: its own pool, the same key and table. */
let twin: TestApp;
let admin: pg.Client;
let database: pg.ClientConfig;
let pages: Awaited<ReturnType<typeof buildTestPages>>;
let cookieName: string;

beforeAll(async () => {
  const stores = await cloneStores(['identity']);
  const port = await findFreePort();
  publicUrl = `http://localhost:${port}`;
  cookieName = `__Host-cordon-test-${port}`;
  pages = await buildTestPages();
  database = stores.connection('identity', schema);
  [provider, engine] = await Promise.all([startTestProvider([publicUrl]), startTestEngine()]);
  const shared = {
    publicUrl,
    provider,
    engineUrl: engine.url,
    database,
    more: { limitRules: { signIn: { name: 'sign-in', limit: 10_000, windowSeconds: 60 } } },
    schema,
    sessionKey,
    pagesFolder: pages.folder,
  };
  app = await startTestApp({ ...shared, port });
  twin = await startTestApp({ ...shared, port: 0 });
  admin = new pg.Client(stores.admin('identity'));
  await admin.connect();
});

afterAll(async () => {
  await Promise.all([
    app.close(),
    twin.close(),
    admin.end(),
    provider.close(),
    engine.close(),
    pages.remove(),
  ]);
});

beforeEach(() => {
  Object.assign(provider.next, {
    account: 'anna',
    role: 'role.clinician',
    accessSeconds: 900,
    refuse: false,
    tenantId: '6d1f0e5a-3b1c-4a55-9a59-0a4b8f6f5f10',
  });
  Object.assign(provider.tokenEndpoint, { delayMs: 0, away: false });
  Object.assign(provider.refreshes, { granted: 0, refused: 0 });
  engine.seen.length = 0;
  engine.answer = undefined;
});

async function signIn(account = 'anna', path = '/auth/sign-in'): Promise<TestBrowser> {
  provider.next.account = account;
  const browser = new TestBrowser();
  const { status } = await browser.navigate(publicUrl + path);
  expect(status).toBe(200);
  return browser;
}

/** Signs in with a token that has run out by the first request, so that it must be refreshed. */
async function signInExpired(account = 'anna'): Promise<TestBrowser> {
  provider.next.accessSeconds = 5;
  const browser = await signIn(account);
  provider.next.accessSeconds = 900;
  return browser;
}

async function countSessions(): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${schema}.browser_sessions`,
  );
  return rows[0]?.n ?? -1;
}

async function clear(): Promise<void> {
  await admin.query(`DELETE FROM ${schema}.browser_sessions`);
}

const me = () => `${publicUrl}/api/v1/me`;

describe('signing in', () => {
  it('goes through a pushed request with PKCE, state and nonce, and ends at the page that was asked for', async () => {
    provider.seen.length = 0;
    const browser = new TestBrowser();
    const end = await browser.navigate(`${publicUrl}/auth/sign-in?returnTo=%2Fpatients%3Fx%3D1`);
    expect(end.url).toBe(`${publicUrl}/patients?x=1`);
    expect(end.body).toContain('the page');
    const authorization = provider.seen.find(({ path }) => path === '/auth');
    // What travels through the browser is a reference and the client's name: the rest was pushed.
    expect([...(authorization?.query.keys() ?? [])].sort()).toEqual(['client_id', 'request_uri']);
    expect(provider.seen.some(({ method, path }) => method === 'POST' && path === '/request')).toBe(true);
    expect(browser.cookies.get(cookieName)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect([...browser.cookies.keys()].filter((name) => name.includes('sign-in'))).toEqual([]);
  });

  it('sets a cookie that script and other sites cannot use', async () => {
    const browser = new TestBrowser();
    const atCallback = await browser.navigate(
      `${publicUrl}/auth/sign-in`,
      (next) => next === `${publicUrl}/`,
    );
    const set = atCallback.headers['set-cookie'] ?? [];
    expect(set.find((line) => line.startsWith(`${cookieName}=`))).toMatch(
      /; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
  });

  it('keeps no cookie value and no token readable in the store', async () => {
    await clear();
    const browser = await signIn();
    const id = browser.cookies.get(cookieName) ?? '';
    await browser.call(me());
    const token = String(engine.seen[0]?.headers.authorization).replace('Bearer ', '');
    const { rows } = await admin.query<Record<string, unknown>>(`SELECT * FROM ${schema}.browser_sessions`);
    const stored =
      JSON.stringify(rows) + rows.map((row) => (row['payload'] as Buffer).toString('ascii')).join();
    for (const secret of [
      id,
      token,
      token.split('.')[1] ?? '',
      'anna',
      provider.sidOf('anna'),
      'role.clinician',
    ])
      expect(stored).not.toContain(secret);
    expect((rows[0]?.['id_hash'] as Buffer).equals(createHash('sha256').update(id).digest())).toBe(true);
  });

  it('sends nobody to another site afterwards', async () => {
    const browser = new TestBrowser();
    const end = await browser.navigate(`${publicUrl}/auth/sign-in?returnTo=%2F%2Fevil.example%2F`);
    expect(end.url).toBe(`${publicUrl}/`);
  });

  it('gives a new session id each time and ends the session before', async () => {
    await clear();
    const browser = await signIn();
    const first = browser.cookies.get(cookieName) ?? '';
    await browser.navigate(`${publicUrl}/auth/sign-in`);
    const second = browser.cookies.get(cookieName) ?? '';
    expect(second).not.toBe(first);
    expect(await countSessions()).toBe(1);
    const old = await ask(me(), { headers: { ...ownPage, cookie: `${cookieName}=${first}` } });
    expect([old.status, old.json()['code']]).toEqual([401, 'session-ended']);
  });

  it('does not take over an id that was planted before', async () => {
    const browser = new TestBrowser();
    const planted = randomBytes(32).toString('base64url');
    browser.cookies.set(cookieName, planted);
    await browser.navigate(`${publicUrl}/auth/sign-in`);
    expect(browser.cookies.get(cookieName)).not.toBe(planted);
  });

  it('lets several tabs sign in at once, and forgets the oldest beyond four', async () => {
    const browser = new TestBrowser();
    const starts = [];
    for (let tab = 0; tab < 3; tab++) starts.push(await browser.ask(`${publicUrl}/auth/sign-in`));
    for (const start of starts)
      expect((await browser.navigate(String(start.headers.location))).status).toBe(200);
    for (let tab = 0; tab < 12; tab++) await browser.ask(`${publicUrl}/auth/sign-in`);
    const underWay = [...browser.cookies.keys()].filter((name) => name.includes('sign-in'));
    expect(underWay.length).toBeLessThanOrEqual(5);
  });

  it('turns away an account that belongs elsewhere, on a plain page, and gives its tokens back', async () => {
    await clear();
    provider.next.role = 'role.patient';
    provider.seen.length = 0;
    const browser = new TestBrowser();
    const end = await browser.navigate(`${publicUrl}/auth/sign-in`);
    expect(end.status).toBe(403);
    expect(end.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(end.body).toContain('This account is for somebody else.');
    expect(end.body).toContain(`${provider.issuer}/session/end?`);
    expect(end.body).not.toMatch(/<script|<style|style=/);
    expect(await countSessions()).toBe(0);
    expect(browser.cookies.has(cookieName)).toBe(false);
    expect(provider.seen.some(({ path }) => path === '/token/revocation')).toBe(true);
  });

  it('shows a plain page when the person declines', async () => {
    provider.next.refuse = true;
    const end = await new TestBrowser().navigate(`${publicUrl}/auth/sign-in`);
    expect([end.status, end.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8']);
    expect(app.events.at(-1)).toMatchObject({ event: 'sign-in-refused', code: 'sign-in-refused' });
  });

  it('says so when the provider is away, and works once it is back', async () => {
    const browser = new TestBrowser();
    provider.tokenEndpoint.away = true;
    const end = await browser.navigate(`${publicUrl}/auth/sign-in`);
    expect([end.status, end.headers['retry-after']]).toEqual([503, '5']);
    provider.tokenEndpoint.away = false;
    expect((await browser.navigate(`${publicUrl}/auth/sign-in`)).status).toBe(200);
  });
});

describe('the way back from the provider', () => {
  async function stopBeforeCallback(): Promise<{ browser: TestBrowser; callback: URL }> {
    const browser = new TestBrowser();
    const { url } = await browser.navigate(`${publicUrl}/auth/sign-in`, (next) =>
      next.startsWith(`${publicUrl}/auth/callback`),
    );
    return { browser, callback: new URL(url) };
  }

  it('is refused in a browser that did not begin the sign-in', async () => {
    const { callback } = await stopBeforeCallback();
    const end = await new TestBrowser().navigate(callback.href);
    expect([end.status, app.events.at(-1)?.code]).toEqual([400, 'sign-in-expired']);
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
    expect(browser.cookies.has(cookieName)).toBe(false);
  }); // prettier-ignore

  it('works once', async () => {
    const { browser, callback } = await stopBeforeCallback();
    const before = new Map(browser.cookies);
    expect((await browser.navigate(callback.href)).status).toBe(200);
    const thief = new TestBrowser();
    for (const [name, value] of before) thief.cookies.set(name, value);
    const again = await thief.navigate(callback.href);
    expect(again.status).toBe(403);
    expect(thief.cookies.has(cookieName)).toBe(false);
  });

  it('is refused when its cookie was tampered with or doubled', async () => {
    const { browser, callback } = await stopBeforeCallback();
    const [name = '', value = ''] = [...browser.cookies].find(([each]) => each.includes('sign-in')) ?? [];
    const changed = value.slice(0, -8) + (value.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA');
    for (const cookie of [`${name}=${changed}`, `${name}=${value}; ${name}=${value}`])
      expect((await ask(callback.href, { headers: { cookie } })).status).toBe(400);
  });
});

describe('a request to the API', () => {
  it('carries the token and nothing of the browser', async () => {
    const browser = await signIn();
    const answer = await browser.call(me(), {
      headers: {
        authorization: 'Bearer forged',
        'x-forwarded-for': '1.2.3.4',
        'if-match': '"1"',
        'idempotency-key': 'key-1',
        'x-request-id': 'request-0001',
        accept: 'application/json',
        origin: publicUrl,
        referer: `${publicUrl}/patients`,
      },
    });
    expect([answer.status, answer.json()]).toEqual([200, { ok: true }]);
    expect(answer.headers).toMatchObject({ etag: '"7"', 'x-request-id': 'request-0001', 'cache-control': 'no-store' });
    expect(answer.headers['content-security-policy']).toContain('sandbox');
    expect(answer.headers['set-cookie']).toBeUndefined();
    const seen = engine.seen[0];
    expect(seen?.url).toBe('/v1/me');
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
      'accept', 'authorization', 'connection', 'host', 'idempotency-key', 'if-match', 'x-request-id',
    ]);
    expect(seen?.headers.authorization).toMatch(/^Bearer eyJ/);
    expect(seen?.headers['x-request-id']).toBe('request-0001');
  }); // prettier-ignore

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('passes the body and status of %s on', async (method) => {
    const browser = await signIn();
    engine.answer = (_request, response) => {
      response.writeHead(422, { 'content-type': 'application/problem+json', 'retry-after': '3' });
      response.end('{"code":"x"}');
    };
    const answer = await browser.call(`${publicUrl}/api/v1/alerts`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect([answer.status, answer.body, answer.headers['retry-after']]).toEqual([422, '{"code":"x"}', '3']);
    expect(engine.seen[0]).toMatchObject({ method, bytes: 7 });
  });

  it('frames a body whatever the method, so that none is read as a second request', async () => {
    const browser = await signIn();
    const smuggled = 'GET /v1/smuggled HTTP/1.1\r\nhost: engine\r\n\r\n';
    for (const method of ['DELETE', 'GET', 'POST']) {
      const body = Readable.from([Buffer.from(smuggled)]);
      await browser.call(me(), { method, headers: { 'transfer-encoding': 'chunked' }, body });
      await browser.call(me());
    }
    expect(engine.seen.map(({ url, bytes }) => [url, bytes])).toEqual(
      [smuggled.length, 0, smuggled.length, 0, smuggled.length, 0].map((bytes) => ['/v1/me', bytes]),
    );
  });

  it('passes on a request without a body and one without a content type', async () => {
    const browser = await signIn();
    expect((await browser.call(me(), { method: 'POST' })).status).toBe(200);
    expect((await browser.call(me(), { method: 'POST', body: 'x' })).status).toBe(200);
    expect((await browser.call(me(), { method: 'HEAD' })).status).toBe(200);
    expect(engine.seen.map(({ method, bytes }) => [method, bytes])).toEqual([
      ['POST', 0],
      ['POST', 1],
      ['HEAD', 0],
    ]);
  });

  it('streams a file of 20 MB both with a length and in chunks', async () => {
    const browser = await signIn();
    const file = randomBytes(20 * 1024 * 1024);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    for (const body of [file, Readable.from(file, { objectMode: false })]) {
      const answer = await browser.call(`${publicUrl}/api/v1/intake-forms`, {
        method: 'POST',
        headers,
        body,
      });
      expect(answer.status).toBe(200);
      expect(engine.seen.at(-1)).toMatchObject({ bytes: file.length, sha256 });
    }
  });

  it('refuses a body beyond the limit, announced or not, and passes no whole request on', async () => {
    const browser = await signIn();
    const announced = await browser.call(me(), {
      method: 'POST',
      headers: { 'content-length': String(22 * 1024 * 1024 + 1), expect: '100-continue' },
    }).catch(() => undefined); // prettier-ignore
    expect(announced?.status).toBe(413);
    const body = Readable.from(randomBytes(23 * 1024 * 1024), { objectMode: false });
    const streamed = await browser.call(me(), { method: 'POST', body }).catch((error: unknown) => error);
    if (!(streamed instanceof Error)) expect(streamed).toMatchObject({ status: 413 });
    expect(engine.seen).toEqual([]);
  });

  it('begins the answer while the engine is still sending', async () => {
    const browser = await signIn();
    let finish: (() => void) | undefined;
    engine.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      finish = () => response.end();
    };
    const cookie = `${cookieName}=${browser.cookies.get(cookieName) ?? ''}`;
    const first = await new Promise<string>((resolve, reject) => {
      const socket = connect(app.port, '127.0.0.1', () => {
        socket.write(
          `GET /api/v1/events HTTP/1.1\r\nhost: localhost:${app.port}\r\ncookie: ${cookie}\r\n` +
            'accept: text/event-stream\r\nsec-fetch-site: same-origin\r\nx-cordon-request: 1\r\n\r\n',
        );
      });
      let text = '';
      socket.on('error', reject).on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (!text.includes('data: first')) return;
        resolve(text);
        socket.destroy();
      });
    });
    expect(first).toContain('200 OK');
    finish?.();
  });

  it.each([
    ['no session', {}],
    ['a guessed session', { cookie: 'guess' }],
    ['an empty session', { cookie: '' }],
  ])('is refused with 401 with %s', async (_case, { cookie }: { cookie?: string }) => {
    const value = cookie === 'guess' ? randomBytes(32).toString('base64url') : cookie;
    const headers = { ...ownPage, ...(value === undefined ? {} : { cookie: `${cookieName}=${value}` }) };
    const answer = await ask(me(), { headers });
    expect([answer.status, answer.json()['code']]).toEqual([401, 'session-ended']);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(engine.seen).toEqual([]);
  });

  it('is refused when a second cookie of the name was planted', async () => {
    const browser = await signIn();
    const value = browser.cookies.get(cookieName) ?? '';
    for (const cookie of [
      `${cookieName}=x; ${cookieName}=${value}`,
      `${cookieName}=${value}; ${cookieName}=x`,
    ])
      expect((await ask(me(), { headers: { ...ownPage, cookie } })).status).toBe(401);
    const beside = `cordon-test-${app.port}=x; ${cookieName}=${value}; __Host-cordon-test-1=y`;
    expect((await ask(me(), { headers: { ...ownPage, cookie: beside } })).status).toBe(200);
  });

  it.each([
    ['without the header', { 'sec-fetch-site': 'same-origin' }],
    ['of another site', { ...ownPage, 'sec-fetch-site': 'cross-site' }],
    ['of another port', { ...ownPage, 'sec-fetch-site': 'same-site' }],
    ['without fetch metadata', { 'x-cordon-request': '1' }],
  ])('%s is refused with 403 although the cookie is there', async (_case, headers) => {
    const browser = await signIn();
    for (const method of ['GET', 'POST', 'DELETE'])
      expect((await browser.ask(me(), { method, headers })).status).toBe(403);
    expect(engine.seen).toEqual([]);
  });

  it('never leaves the public API', async () => {
    const browser = await signIn();
    const cookie = `${cookieName}=${browser.cookies.get(cookieName) ?? ''}`;
    for (const target of [
      '/api/v1/../internal/v1/sign-in-grants',
      '/api/v1/%2e%2e/internal/v1/sign-in-grants',
      '/api/internal/v1/sign-in-grants',
      '/api/v1//me',
      '//api/v1/me',
      '/api/v1/a%2f..%2fb',
    ])
      expect([target, await askRaw(target, { ...ownPage, cookie })]).toEqual([target, 404]);
    expect(engine.seen).toEqual([]);
  });

  it('answers 503 with a problem document while the engine is away', async () => {
    const away = await startTestEngine();
    const stranded = await startTestApp({
      port: 0,
      publicUrl,
      provider,
      engineUrl: away.url,
      database,
      schema,
      sessionKey,
    });
    await away.close();
    const browser = await signIn();
    for (const method of ['GET', 'POST']) {
      const answer = await browser.call(me(), { method, via: stranded.port });
      expect([answer.status, answer.json()['code'], answer.headers['retry-after']]).toEqual([
        503,
        'upstream-unavailable',
        '5',
      ]);
    }
    await stranded.close();
  });

  it('answers 503 when the engine hangs up or does not answer in time', async () => {
    const browser = await signIn();
    engine.answer = (_request, response) => response.destroy();
    expect((await browser.call(me())).status).toBe(503);
    const impatient = await startTestApp({
      port: 0,
      publicUrl,
      provider,
      engineUrl: engine.url,
      database,
      schema,
      sessionKey,
      more: { answerTimeoutMs: 150 },
    });
    engine.answer = () => undefined;
    expect((await browser.call(me(), { via: impatient.port })).status).toBe(503);
    await impatient.close();
  });

  it('ends the session when the engine no longer takes its token, not when it asks for a stronger sign-in', async () => {
    await clear();
    const browser = await signIn();
    engine.answer = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Bearer error="insufficient_user_authentication"' });
      response.end('{"code":"step-up-required"}');
    };
    const stepUp = await browser.call(me());
    expect([stepUp.status, stepUp.body]).toEqual([401, '{"code":"step-up-required"}']);
    expect(await countSessions()).toBe(1);
    engine.answer = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' });
      response.end();
    };
    const refused = await browser.call(me());
    expect([refused.status, refused.json()['code']]).toEqual([401, 'session-ended']);
    expect(await countSessions()).toBe(0);
  });

  it('is limited for each session by itself', async () => {
    const strict = await startTestApp({
      port: 0,
      publicUrl,
      provider,
      engineUrl: engine.url,
      database,
      schema,
      sessionKey,
      more: { limitRules: { api: { name: 'api', limit: 3, windowSeconds: 60 } } },
    });
    const [anna, berta] = [await signIn('anna'), await signIn('berta')];
    const statuses = [];
    for (let turn = 0; turn < 5; turn++) statuses.push((await anna.call(me(), { via: strict.port })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await anna.call(me(), { via: strict.port });
    expect([refused.json()['code'], refused.headers['retry-after']]).toEqual(['rate-limited', '20']);
    expect((await berta.call(me(), { via: strict.port })).status).toBe(200);
    await strict.close();
  });
});

/** The status of a request whose target is sent exactly as written. */
function askRaw(target: string, headers: Record<string, string>, more = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const lines = Object.entries({ host: `localhost:${app.port}`, connection: 'close', ...headers });
    const socket = connect(app.port, '127.0.0.1', () => {
      socket.write(`GET ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${more}\r\n`);
    });
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', reject).on('close', () => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0));
    });
  });
} // prettier-ignore

describe('expiry', () => {
  async function age(column: string, seconds: number): Promise<void> {
    await admin.query(`UPDATE ${schema}.browser_sessions SET ${column} = now() + $1 * interval '1 second'`, [seconds]);
  } // prettier-ignore

  it('after idling is enforced on the server', async () => {
    await clear();
    const browser = await signIn();
    await age('idle_expires_at', -1);
    expect((await browser.call(`${publicUrl}/auth/session`)).json()).toEqual({ signedIn: false });
    expect((await browser.call(me())).status).toBe(401);
  });

  it('at the absolute end comes however active the person is', async () => {
    await clear();
    const browser = await signIn();
    await admin.query(
      `UPDATE ${schema}.browser_sessions SET idle_expires_at = now() - interval '1 s', absolute_expires_at = now() - interval '1 s'`,
    );
    expect((await browser.call(me())).status).toBe(401);
  });

  it('moves with activity, never past the absolute end, and not by asking or live updates', async () => {
    await clear();
    const browser = await signIn();
    const left = async () => Number((await browser.call(`${publicUrl}/auth/session`)).json()['idleSeconds']);
    await age('last_seen_at', -60);
    await age('idle_expires_at', 100);
    expect(await left()).toBeLessThanOrEqual(100);
    await browser.call(me(), { headers: { accept: 'text/event-stream' } });
    await browser.call(me(), { headers: { 'x-cordon-passive': '1' } });
    expect(await left()).toBeLessThanOrEqual(100);
    await browser.call(me());
    expect(await left()).toBeGreaterThan(800);
    await age('last_seen_at', -60);
    await age('absolute_expires_at', 901);
    await age('idle_expires_at', 50);
    await age('absolute_expires_at', 200);
    await browser.call(me());
    const session = (await browser.call(`${publicUrl}/auth/session`)).json();
    expect(session).toMatchObject({ signedIn: true });
    expect(Number(session['idleSeconds'])).toBeLessThanOrEqual(200);
    expect(Number(session['absoluteSeconds'])).toBeLessThanOrEqual(200);
  });

  it('is swept from the store by later sign-ins', async () => {
    await clear();
    await signIn('anna');
    await age('idle_expires_at', -1);
    await signIn('berta');
    expect(await countSessions()).toBe(1);
  });

  it('leaves at most twenty sessions of one person', async () => {
    await clear();
    for (let count = 0; count < 22; count++) await signIn('anna');
    expect(await countSessions()).toBe(20);
  });
});

describe('refreshing', () => {
  it('happens once for fifty requests at once over two servers, and all fifty are answered', async () => {
    const browser = await signInExpired();
    provider.tokenEndpoint.delayMs = 60;
    const calls = Array.from({ length: 50 }, (_, index) =>
      browser.call(me(), { via: index % 2 === 0 ? app.port : twin.port }),
    );
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    expect(provider.refreshes).toEqual({ granted: 1, refused: 0 });
    const tokens = new Set(engine.seen.map(({ headers }) => headers.authorization));
    expect(tokens.size).toBe(1);
    expect((await browser.call(me(), { via: twin.port })).status).toBe(200);
    expect(provider.refreshes.granted).toBe(1);
  });

  it('is not needed while the token is good', async () => {
    const browser = await signIn();
    await browser.call(me());
    expect(provider.refreshes.granted).toBe(0);
  });

  it('ends the session when the provider refuses', async () => {
    await clear();
    const browser = await signInExpired();
    provider.next.accessSeconds = 5;
    await browser.call(me());
    await browser.call(me());
    expect(provider.refreshes.granted).toBe(2);
    provider.next.tenantId = 'another tenant';
    const moved = await browser.call(me());
    expect([moved.status, moved.json()['code']]).toEqual([401, 'session-ended']);
    expect(await countSessions()).toBe(0);
  });

  it('keeps the session when the provider is away, and goes on when it is back', async () => {
    const browser = await signInExpired();
    provider.tokenEndpoint.away = true;
    const away = await browser.call(me());
    expect([away.status, away.json()['code']]).toEqual([503, 'sign-in-unavailable']);
    provider.tokenEndpoint.away = false;
    expect((await browser.call(me())).status).toBe(200);
  });

  it('is taken over from a process that died in the middle', async () => {
    await clear();
    const browser = await signInExpired();
    await admin.query(
      `UPDATE ${schema}.browser_sessions SET refreshing_by = gen_random_uuid(), refreshing_until = now() + interval '0.3 s'`,
    );
    expect((await browser.call(me())).status).toBe(200);
    expect(provider.refreshes.granted).toBe(1);
  });

  it('does not revive a session that was signed out meanwhile', async () => {
    await clear();
    const browser = await signInExpired();
    provider.tokenEndpoint.delayMs = 150;
    const pending = browser.call(me());
    await sleep(50);
    await admin.query(`DELETE FROM ${schema}.browser_sessions`);
    const answer = await pending;
    expect([answer.status, answer.json()['code']]).toEqual([401, 'session-ended']);
    expect(await countSessions()).toBe(0);
  });

  it('ends the session of a person whose role no longer belongs here', async () => {
    await clear();
    const browser = await signInExpired();
    provider.next.role = 'role.patient';
    expect((await browser.call(me())).status).toBe(401);
    expect(await countSessions()).toBe(0);
  });
});

describe('signing out', () => {
  it('ends the session, its tokens and the cookie, and leads to the provider', async () => {
    const browser = await signIn();
    const id = browser.cookies.get(cookieName) ?? '';
    provider.seen.length = 0;
    const answer = await browser.call(`${publicUrl}/auth/sign-out`, { method: 'POST' });
    expect(answer.status).toBe(200);
    const redirectTo = new URL(String(answer.json()['redirectTo']));
    expect(redirectTo.origin + redirectTo.pathname).toBe(`${provider.issuer}/session/end`);
    expect(redirectTo.searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/`);
    expect(answer.headers['clear-site-data']).toBe('"cache", "storage"');
    expect(browser.cookies.has(cookieName)).toBe(false);
    expect(provider.seen.some(({ path }) => path === '/token/revocation')).toBe(true);
    const replay = await ask(me(), { headers: { ...ownPage, cookie: `${cookieName}=${id}` } });
    expect(replay.status).toBe(401);
  });

  it('without a session leads home', async () => {
    const answer = await new TestBrowser().call(`${publicUrl}/auth/sign-out`, { method: 'POST' });
    expect(answer.json()).toEqual({ redirectTo: `${publicUrl}/` });
  });

  it('cannot be caused by another site, nor by a link', async () => {
    const browser = await signIn();
    const url = `${publicUrl}/auth/sign-out`;
    const forged = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } };
    expect((await browser.ask(url, forged)).status).toBe(403);
    expect((await browser.ask(url, { headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await browser.call(me())).status).toBe(200);
  }); // prettier-ignore

  it('of all sessions of a person leaves those of others', async () => {
    await clear();
    const browsers = [await signIn('anna'), await signIn('anna'), await signIn('berta')];
    expect(await app.sessions.endBySubject('anna')).toBe(2);
    const statuses = await Promise.all(browsers.map(async (browser) => (await browser.call(me())).status));
    expect(statuses).toEqual([401, 401, 200]);
  });
});

describe('a back-channel logout', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    ask(`${publicUrl}/auth/backchannel-logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });

  it('ends the sessions that it names, by session or by person', async () => {
    await clear();
    const [anna, berta] = [await signIn('anna'), await signIn('berta')];
    const bySession = await post(
      `logout_token=${await provider.signLogout({ sid: provider.sidOf('anna'), sub: 'anna' })}`,
    );
    expect([bySession.status, bySession.headers['cache-control']]).toEqual([200, 'no-store']);
    expect((await anna.call(me())).status).toBe(401);
    expect((await berta.call(me())).status).toBe(200);
    expect((await post(`logout_token=${await provider.signLogout({ sub: 'berta' })}`)).status).toBe(200);
    expect((await berta.call(me())).status).toBe(401);
    expect(await countSessions()).toBe(0);
    expect((await post(`logout_token=${await provider.signLogout({ sub: 'nobody' })}`)).status).toBe(200);
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }, {}],
    ['for another client', { aud: 'another' }, {}],
    ['that has expired', { exp: 1_000 }, {}],
    ['that is old', { iat: Math.floor(Date.now() / 1_000) - 3_600 }, {}],
    ['without an id', { jti: undefined }, {}],
    ['without the event', { events: {} }, {}],
    ['with a nonce', { nonce: 'n' }, {}],
    ['that names nobody', { sub: undefined }, {}],
    ['of another type', {}, { typ: 'at+jwt' }],
    ['without a type', {}, { typ: '' }],
    ['signed by another key', {}, { foreignKey: true }],
  ])('with a token %s is refused and ends nothing', async (_case, claims, more) => {
    await clear();
    await signIn('anna');
    const token = await provider.signLogout({ sub: 'anna', ...claims }, more);
    const answer = await post(`logout_token=${token}`);
    expect([answer.status, answer.json()['code']]).toEqual([400, 'logout-token-invalid']);
    expect(await countSessions()).toBe(1);
  });

  it('is refused without exactly one token, to browsers, and for other content types', async () => {
    const token = await provider.signLogout({ sub: 'anna' });
    const [header = '', payload = ''] = token.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'logout+jwt' })).toString('base64url');
    for (const body of ['', 'logout_token=', `logout_token=${token}&logout_token=${token}`, 'logout_token=x.y.z'])
      expect([body, (await post(body)).status]).toEqual([body, 400]);
    for (const forged of [`${none}.${payload}.`, `${header}.${payload}.`])
      expect((await post(`logout_token=${forged}`)).status).toBe(400);
    expect((await post(`logout_token=${token}`, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post('{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await post('x'.repeat(20_000))).status).toBe(413);
  }); // prettier-ignore
});

describe('the pages', () => {
  const navigation = { accept: 'text/html', 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }; // prettier-ignore

  it('are served at every address that a person opens, and never stored', async () => {
    for (const path of ['/', '/patients', '/patients/1.2/x', '/?x=1']) {
      const answer = await ask(publicUrl + path, { headers: navigation });
      expect([path, answer.status, answer.headers['cache-control']]).toEqual([path, 200, 'no-store']);
      expect(answer.body).toContain('the page');
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
      expect(answer.headers).not.toHaveProperty('etag');
      expect(answer.headers).not.toHaveProperty('last-modified');
    }
  });

  it('have assets that are stored for good', async () => {
    const answer = await ask(`${publicUrl}/assets/index-DkX9_a-1.js`, { headers: { 'sec-fetch-site': 'same-origin' } });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(answer.headers['content-type']).toContain('/javascript');
    expect((await ask(`${publicUrl}/favicon.svg`)).headers['content-type']).toBe('image/svg+xml');
  }); // prettier-ignore

  it('are not what a script, a missing asset or an unknown API address gets', async () => {
    for (const [path, headers] of [
      ['/patients', { accept: 'application/json' }],
      ['/assets/none-AAAAAAAA.js', navigation],
      ['/.secret', { accept: '*/*' }],
      ['/assets/', navigation],
      ['/auth/unknown', navigation],
    ] as const) {
      const answer = await ask(publicUrl + path, { headers });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.json()['code']).toBe('route-unknown');
    }
  });

  it('hand out no file beside the build', async () => {
    for (const target of [
      '/assets/../.secret',
      '/assets/%2e%2e/.secret',
      '/assets/..%2f.secret',
      '/.secret',
    ]) {
      const status = await askRaw(target, { accept: '*/*' });
      expect([target, [400, 403, 404].includes(status)]).toEqual([target, true]);
    }
  });

  it('stay closed to frames and scripts of other sites', async () => {
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'script',
    };
    expect((await ask(`${publicUrl}/assets/index-DkX9_a-1.js`, { headers })).status).toBe(403);
  });
});

describe('odd requests', () => {
  it.each([
    ['//', {}, '', [200, 404]],
    ['///', {}, '', [200, 404]],
    ['/%', {}, '', [400, 404]],
    ['/%zz', {}, '', [400, 404]],
    ['/\\evil', {}, '', [400, 404]],
    ['*', {}, '', [421]],
    ['http://evil.example/', {}, '', [421]],
    ['http://localhost/auth/session', {}, '', [421]],
    ['//evil.example/%2f..', {}, '', [200, 404]],
    ['/', { host: 'evil.example' }, '', [421]],
    ['/', { host: '' }, '', [421, 400]],
    ['/', {}, 'host: evil.example\r\n', [421]],
    ['/', {}, 'host: evil.example\r\nhost: evil.example\r\n', [421]],
    ['/', {}, `x: ${'a'.repeat(20_000)}\r\n`, [431]],
    ['/', {}, 'content-length: 5\r\ntransfer-encoding: chunked\r\n', [400]],
    ['/', {}, 'a\0b: 1\r\n', [400]],
    [`/${'a'.repeat(15_000)}`, {}, '', [404, 414, 431]],
    ['/auth/callback?state=%', {}, '', [400]],
    ['/auth/callback?state=%00&code=%ff', {}, '', [400]],
    ['/auth/sign-in?returnTo=%ff%fe', {}, '', [303]],
  ])('%s %j %j is answered with one of the expected statuses', async (target, headers, more, statuses) => {
    expect(statuses).toContain(await askRaw(target, headers, more));
    expect((await ask(`${publicUrl}/auth/session`)).status).toBe(200);
  });

  it('with very many cookies is answered', async () => {
    const cookie = Array.from({ length: 1_000 }, (_, index) => `c${index}=1`).join('; ');
    expect((await ask(`${publicUrl}/auth/session`, { headers: { cookie } })).json()).toEqual({
      signedIn: false,
    });
  });
});
