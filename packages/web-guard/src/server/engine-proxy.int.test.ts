import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ask, ownPage } from '../../testing/test-browser.ts';
import { startTestEngine } from '../../testing/test-engine.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('a request to the API', () => {
  it('carries the token and nothing of the browser', async () => {
    const browser = await setup.signIn();
    const answer = await browser.call(setup.me(), {
      headers: {
        authorization: 'Bearer forged',
        'x-forwarded-for': '1.2.3.4',
        'if-match': '"1"',
        'idempotency-key': 'key-1',
        'x-request-id': '5f1c0d3e-6f0a-4b7c-9d2e-1a2b3c4d5e6f',
        accept: 'application/json',
        origin: setup.publicUrl,
        referer: `${setup.publicUrl}/patients`,
      },
    });
    expect([answer.status, answer.json()]).toEqual([200, { ok: true }]);
    expect(answer.headers).toMatchObject({ etag: '"7"', 'x-request-id': '5f1c0d3e-6f0a-4b7c-9d2e-1a2b3c4d5e6f', 'cache-control': 'no-store' });
    expect(answer.headers['content-security-policy']).toContain('sandbox');
    expect(answer.headers['set-cookie']).toBeUndefined();
    const seen = setup.engine.seen[0];
    expect(seen?.url).toBe('/v1/me');
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
      'accept', 'authorization', 'connection', 'host', 'idempotency-key', 'if-match', 'x-forwarded-for', 'x-request-id',
    ]);
    // The browser's address as this server sees it, not as the browser has it.
    expect(seen?.headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(seen?.headers.authorization).toMatch(/^Bearer eyJ/);
    expect(seen?.headers['x-request-id']).toBe('5f1c0d3e-6f0a-4b7c-9d2e-1a2b3c4d5e6f');
  }); // prettier-ignore

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('passes the body and status of %s on', async (method) => {
    const browser = await setup.signIn();
    setup.engine.answer = (_request, response) => {
      response.writeHead(422, { 'content-type': 'application/problem+json', 'retry-after': '3' });
      response.end('{"code":"x"}');
    };
    const answer = await browser.call(`${setup.publicUrl}/api/v1/alerts`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect([answer.status, answer.body, answer.headers['retry-after']]).toEqual([422, '{"code":"x"}', '3']);
    expect(setup.engine.seen[0]).toMatchObject({ method, bytes: 7 });
  });

  it('frames a body whatever the method, so that none is read as a second request', async () => {
    const browser = await setup.signIn();
    const smuggled = 'GET /v1/smuggled HTTP/1.1\r\nhost: engine\r\n\r\n';
    for (const method of ['DELETE', 'GET', 'POST']) {
      const body = Readable.from([Buffer.from(smuggled)]);
      await browser.call(setup.me(), { method, headers: { 'transfer-encoding': 'chunked' }, body });
      await browser.call(setup.me());
    }
    expect(setup.engine.seen.map(({ url, bytes }) => [url, bytes])).toEqual(
      [smuggled.length, 0, smuggled.length, 0, smuggled.length, 0].map((bytes) => ['/v1/me', bytes]),
    );
  });

  it('passes on a request without a body and one without a content type', async () => {
    const browser = await setup.signIn();
    expect((await browser.call(setup.me(), { method: 'POST' })).status).toBe(200);
    expect((await browser.call(setup.me(), { method: 'POST', body: 'x' })).status).toBe(200);
    expect((await browser.call(setup.me(), { method: 'HEAD' })).status).toBe(200);
    expect(setup.engine.seen.map(({ method, bytes }) => [method, bytes])).toEqual([
      ['POST', 0],
      ['POST', 1],
      ['HEAD', 0],
    ]);
  });

  it('streams a file of 20 MB both with a length and in chunks', async () => {
    const browser = await setup.signIn();
    const file = randomBytes(20 * 1024 * 1024);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    for (const body of [file, Readable.from(file, { objectMode: false })]) {
      const answer = await browser.call(`${setup.publicUrl}/api/v1/intake-forms`, {
        method: 'POST',
        headers,
        body,
      });
      expect(answer.status).toBe(200);
      expect(setup.engine.seen.at(-1)).toMatchObject({ bytes: file.length, sha256 });
    }
  });

  it('refuses a body beyond the limit, announced or not, and passes no whole request on', async () => {
    const browser = await setup.signIn();
    const announced = await browser.call(setup.me(), {
      method: 'POST',
      headers: { 'content-length': String(22 * 1024 * 1024 + 1), expect: '100-continue' },
    }).catch(() => undefined); // prettier-ignore
    expect(announced?.status).toBe(413);
    const body = Readable.from(randomBytes(23 * 1024 * 1024), { objectMode: false });
    const streamed = await browser
      .call(setup.me(), { method: 'POST', body })
      .catch((error: unknown) => error);
    if (!(streamed instanceof Error)) expect(streamed).toMatchObject({ status: 413 });
    expect(setup.engine.seen).toEqual([]);
  });

  it('begins the answer while the engine is still sending', async () => {
    const browser = await setup.signIn();
    let finish: (() => void) | undefined;
    setup.engine.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      finish = () => response.end();
    };
    const cookie = `${setup.cookieName}=${browser.cookies.get(setup.cookieName) ?? ''}`;
    const first = await new Promise<string>((resolve, reject) => {
      const socket = connect(setup.app.port, '127.0.0.1', () => {
        socket.write(
          `GET /api/v1/events HTTP/1.1\r\nhost: localhost:${setup.app.port}\r\ncookie: ${cookie}\r\n` +
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
    const headers = {
      ...ownPage,
      ...(value === undefined ? {} : { cookie: `${setup.cookieName}=${value}` }),
    };
    const answer = await ask(setup.me(), { headers });
    expect([answer.status, answer.json()['code']]).toEqual([401, 'session-ended']);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(setup.engine.seen).toEqual([]);
  });

  it('is refused when a second cookie of the name was planted', async () => {
    const browser = await setup.signIn();
    const value = browser.cookies.get(setup.cookieName) ?? '';
    for (const cookie of [
      `${setup.cookieName}=x; ${setup.cookieName}=${value}`,
      `${setup.cookieName}=${value}; ${setup.cookieName}=x`,
    ])
      expect((await ask(setup.me(), { headers: { ...ownPage, cookie } })).status).toBe(401);
    const beside = `cordon-test-${setup.app.port}=x; ${setup.cookieName}=${value}; __Host-cordon-test-1=y`;
    expect((await ask(setup.me(), { headers: { ...ownPage, cookie: beside } })).status).toBe(200);
  });

  it.each([
    ['without the header', { 'sec-fetch-site': 'same-origin' }],
    ['of another site', { ...ownPage, 'sec-fetch-site': 'cross-site' }],
    ['of another port', { ...ownPage, 'sec-fetch-site': 'same-site' }],
    ['without fetch metadata', { 'x-cordon-request': '1' }],
  ])('%s is refused with 403 although the cookie is there', async (_case, headers) => {
    const browser = await setup.signIn();
    for (const method of ['GET', 'POST', 'DELETE'])
      expect((await browser.ask(setup.me(), { method, headers })).status).toBe(403);
    expect(setup.engine.seen).toEqual([]);
  });

  it('never leaves the public API', async () => {
    const browser = await setup.signIn();
    const cookie = `${setup.cookieName}=${browser.cookies.get(setup.cookieName) ?? ''}`;
    for (const target of [
      '/api/v1/../internal/v1/sign-in-grants',
      '/api/v1/%2e%2e/internal/v1/sign-in-grants',
      '/api/internal/v1/sign-in-grants',
      '/api/v1//me',
      '//api/v1/me',
      '/api/v1/a%2f..%2fb',
    ])
      expect([target, await setup.askRaw(target, { ...ownPage, cookie })]).toEqual([target, 404]);
    expect(setup.engine.seen).toEqual([]);
  });

  it('answers 503 with a problem document while the engine is away', async () => {
    const away = await startTestEngine();
    const stranded = await setup.startAnother({ engineUrl: away.url });
    await away.close();
    const browser = await setup.signIn();
    for (const method of ['GET', 'POST']) {
      const answer = await browser.call(setup.me(), { method, via: stranded.port });
      expect([answer.status, answer.json()['code'], answer.headers['retry-after']]).toEqual([
        503,
        'upstream-unavailable',
        '5',
      ]);
    }
    await stranded.close();
  });

  it('answers 503 when the engine hangs up or does not answer in time', async () => {
    const browser = await setup.signIn();
    setup.engine.answer = (_request, response) => response.destroy();
    expect((await browser.call(setup.me())).status).toBe(503);
    const impatient = await setup.startAnother({ more: { answerTimeoutMs: 150 } });
    setup.engine.answer = () => undefined;
    expect((await browser.call(setup.me(), { via: impatient.port })).status).toBe(503);
    await impatient.close();
  });

  it('ends the session when the engine no longer takes its token, not when it asks for a stronger sign-in', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    setup.engine.answer = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Bearer error="insufficient_user_authentication"' });
      response.end('{"code":"step-up-required"}');
    };
    const stepUp = await browser.call(setup.me());
    expect([stepUp.status, stepUp.body]).toEqual([401, '{"code":"step-up-required"}']);
    expect(await setup.countSessions()).toBe(1);
    setup.engine.answer = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' });
      response.end();
    };
    const refused = await browser.call(setup.me());
    expect([refused.status, refused.json()['code']]).toEqual([401, 'session-ended']);
    expect(await setup.countSessions()).toBe(0);
  });

  it('is limited for each session by itself', async () => {
    const strict = await setup.startAnother({
      more: { limitRules: { api: { name: 'api', limit: 3, windowSeconds: 3_600 } } },
    });
    const [anna, berta] = [await setup.signIn('anna'), await setup.signIn('berta')];
    const statuses = [];
    for (let turn = 0; turn < 5; turn++)
      statuses.push((await anna.call(setup.me(), { via: strict.port })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await anna.call(setup.me(), { via: strict.port });
    expect(refused.json()['code']).toBe('rate-limited');
    const wait = Number(refused.headers['retry-after']);
    // One of three an hour is free again after twenty minutes, less the time that this test takes.
    expect(wait).toBeLessThanOrEqual(1_200);
    expect(wait).toBeGreaterThan(600);
    expect((await berta.call(setup.me(), { via: strict.port })).status).toBe(200);
    await strict.close();
  });
});
