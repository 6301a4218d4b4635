import { createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@cordon/service';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeb } from './start-web.ts';

const site = { tenantId: randomUUID(), clinicId: randomUUID() };
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
let engine: Server;
let web: Awaited<ReturnType<typeof startWeb>>;
let origin: string;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  engine = createServer((request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers });
    response.setHeader('content-type', 'application/json').end('{"from":"engine"}');
  });
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
  const port = await freePort();
  origin = `http://localhost:${port}`;
  web = await startWeb(
    {
      host: '127.0.0.1',
      port,
      publicUrl: origin,
      engineUrl: `http://localhost:${(engine.address() as AddressInfo).port}`,
      site,
      phone: '0113 496 0123',
      visitorKey: privateKey,
      trustedProxies: undefined,
      tls: undefined,
    },
    createLogger({ app: 'web', level: 'silent' }),
  );
});
afterAll(async () => {
  await web.close();
  engine.close();
});

const own = { 'x-cordon-request': '1', 'sec-fetch-site': 'same-origin' };
const post = (path: string, headers: Record<string, string> = own) =>
  fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{}',
  });

async function beginVisit(): Promise<string> {
  const answer = await post('/visit');
  expect(answer.status).toBe(201);
  const [cookie = ''] = answer.headers.getSetCookie();
  expect(cookie).toMatch(
    /^__Host-cordon-web-\d+=.+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=900$/,
  );
  return cookie.split(';', 1)[0] ?? '';
}

const subjectOf = (cookie: string): string | undefined => decodeJwt(/=([^;]+)/.exec(cookie)?.[1] ?? '').sub;

describe('the public site', () => {
  it('shows its page, which may frame the chat and be framed by nobody, and sets no cookie', async () => {
    const page = await fetch(origin);
    const policy = page.headers.get('content-security-policy');
    expect(page.status).toBe(200);
    expect(policy).toContain("frame-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.getSetCookie()).toEqual([]);
    const text = await page.text();
    for (const foreign of ['<script', 'style="', '="//', '="http']) expect(text).not.toContain(foreign);
    for (const address of ['/', '/chat/']) {
      const [, file = ''] =
        /href="([^"]+\.css)"/.exec(await (await fetch(`${origin}${address}`)).text()) ?? [];
      const { status, headers } = await fetch(`${origin}${file}`);
      expect([file, status, headers.get('cache-control')]).toEqual([
        file,
        200,
        'public, max-age=31536000, immutable',
      ]);
    }
  });

  it('shows the chat under a policy of its own: framed by this site alone, and framing nothing', async () => {
    const chat = await fetch(`${origin}/chat/`);
    const policy = chat.headers.get('content-security-policy');
    expect(await chat.text()).toContain('/chat/assets/');
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain("frame-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(chat.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    const settings = await fetch(`${origin}/chat/settings.json`, { headers: own });
    expect(await settings.json()).toEqual({ audience: 'visitors', phone: '0113 496 0123' });
  });

  it('sends a visitor’s question on with a token of 15 minutes for this clinic and no role but a visitor’s', async () => {
    const cookie = await beginVisit();
    const answer = await post('/api/v1/ai/chat/completions', { ...own, cookie });
    expect(await answer.json()).toEqual({ from: 'engine' });
    const { path, headers } = asked.at(-1) ?? { path: '', headers: {} };
    expect([path, headers.cookie]).toEqual(['/v1/ai/chat/completions', undefined]);
    const token = (headers.authorization ?? '').replace('Bearer ', '');
    const { payload, protectedHeader } = await jwtVerify(token, createPublicKey(privateKey), {
      issuer: 'urn:cordon:web',
      audience: 'urn:cordon:engine',
    });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt' });
    expect(payload).toMatchObject({
      tenant_id: site.tenantId,
      clinic_id: site.clinicId,
      role: 'role.public',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
  });

  it('gives each visit a subject of its own, which stays the same as long as it is renewed', async () => {
    const cookies = await Promise.all([beginVisit(), beginVisit()]);
    const [first = '', second = ''] = cookies.map(subjectOf);
    expect(first).not.toBe(second);
    const renewed = await post('/visit', { ...own, cookie: cookies[0] });
    expect([renewed.status, await renewed.json()]).toEqual([200, { seconds: 900, renewed: true }]);
    const [cookie = ''] = renewed.headers.getSetCookie();
    expect(subjectOf(cookie)).toBe(first);
    expect(cookie).toContain('Max-Age=900');
  });

  it('lets a visitor see and erase what is kept of a conversation', async () => {
    const cookie = await beginVisit();
    const path = `/v1/ai/visitor-conversations/${randomUUID()}`;
    for (const method of ['GET', 'DELETE'])
      expect((await fetch(`${origin}/api${path}`, { method, headers: { ...own, cookie } })).status).toBe(200);
    expect(asked.slice(-2).map((each) => each.path)).toEqual([path, path]);
  });
});

describe('the public site refuses', () => {
  it.each<[string, object, KeyObject?]>([
    ['has ended', { exp: 1 }],
    ['has gone on for hours', { visit_began: 1 }],
    ['was at another site', { clinic_id: randomUUID() }],
    ['somebody else signed', {}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['says nothing of its beginning', { visit_began: undefined }],
  ])('to go on with a visit that %s: another one begins', async (_case, change, key = privateKey) => {
    const [name = ''] = (await beginVisit()).split('=', 1);
    const sub = randomUUID();
    const token = await new SignJWT({
      iss: 'urn:cordon:web',
      aud: 'urn:cordon:engine',
      sub,
      tenant_id: site.tenantId,
      clinic_id: site.clinicId,
      exp: Math.floor(Date.now() / 1_000) + 60,
      visit_began: Math.floor(Date.now() / 1_000),
      ...change,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .sign(key);
    const answer = await post('/visit', { ...own, cookie: `${name}=${token}` });
    expect([answer.status, await answer.json()]).toEqual([201, { seconds: 900, renewed: false }]);
    expect(subjectOf(answer.headers.getSetCookie()[0] ?? '')).not.toBe(sub);
  });

  it.each([
    ['a question without a visit', {}, 401],
    ['a cookie that is no token', { cookie: 'made-up' }, 401],
    ['a token that has ended', { cookie: 'ended' }, 401],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a form without the site’s own header', { 'x-cordon-request': '0' }, 403],
  ])('%s', async (_case, change: Record<string, string>, status) => {
    const name = (await beginVisit()).split('=', 1)[0] ?? '';
    const ended = `e30.${Buffer.from(JSON.stringify({ exp: 1 })).toString('base64url')}.x`;
    const values: Record<string, string> = { 'made-up': 'abc', ended };
    const cookie = change['cookie'] === undefined ? '' : `${name}=${values[change['cookie']] ?? ''}`;
    const before = asked.length;
    const answer = await post('/api/v1/ai/chat/completions', { ...own, ...change, cookie });
    expect([answer.status, asked.length]).toEqual([status, before]);
  });

  it.each([
    '/api/v1/patients',
    '/api/v1/ai/models',
    '/api/v1/ai/purposes/purpose.summary.treatmentPlan',
    '/api/v1/ai/conversations',
    '/api/v1/ai/visitor-conversations/..%2f..%2fpatients',
  ])('every other part of the API: %s', async (path) => {
    const cookie = await beginVisit();
    const before = asked.length;
    const answer = await post(path, { ...own, cookie });
    expect([answer.status, asked.length]).toEqual([404, before]);
  });

  it('to read enquiries, and more of them than a person leaves', async () => {
    const cookie = await beginVisit();
    const read = await fetch(`${origin}/api/v1/leads`, { headers: { ...own, cookie } });
    expect(read.status).toBe(404);
    const statuses: number[] = [];
    for (let enquiry = 0; enquiry < 11; enquiry += 1)
      statuses.push((await post('/api/v1/leads', { ...own, cookie })).status);
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429]);
  });

  it('more questions of one address than a person asks, whoever asks them', async () => {
    const statuses: number[] = [];
    for (let question = 0; question < 65; question += 1)
      statuses.push((await post('/api/v1/ai/chat/completions')).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
  });

  it('more visits of one address than a person makes', async () => {
    const statuses: number[] = [];
    for (let visit = 0; visit < 65; visit += 1) statuses.push((await post('/visit')).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
