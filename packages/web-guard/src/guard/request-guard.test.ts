import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestGuardPlugin } from './request-guard.ts';

const publicOrigin = 'http://localhost:7400';
const own = { host: 'localhost:7400', 'sec-fetch-site': 'same-origin' };
const data = { ...own, 'x-cordon-request': '1' };
let server: FastifyInstance;

beforeAll(async () => {
  server = Fastify({ routerOptions: { ignoreDuplicateSlashes: true } });
  await server.register(requestGuardPlugin, {
    publicOrigin,
    pages: ['/*'],
    forms: ['/form'],
    machines: ['/machine'],
    anyHost: ['/health'],
  });
  for (const url of ['/*', '/health', '/form', '/machine', '/api/thing']) server.get(url, () => 'ok');
  for (const url of ['/form', '/machine', '/api/thing', '/new']) server.post(url, () => 'ok');
  await server.register((scope, _options, done) => {
    scope.delete('/nested', () => 'ok');
    done();
  });
});
afterAll(() => server.close());

async function ask(
  method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD',
  url: string,
  headers: Record<string, string>,
) {
  const { statusCode, body, headers: answered } = await server.inject({ method, url, headers });
  return { status: statusCode, body, headers: answered };
}

describe('a route that nobody named', () => {
  it.each([
    ['GET', '/api/thing'],
    ['POST', '/api/thing'],
    ['POST', '/new'],
    ['DELETE', '/nested'],
  ] as const)('answers %s %s to its own pages only', async (method, url) => {
    expect((await ask(method, url, data)).status).toBe(200);
    const refusals: Record<string, string>[] = [
      own,
      { ...data, 'sec-fetch-site': 'same-site' },
      { ...data, 'sec-fetch-site': 'cross-site' },
      { ...data, 'sec-fetch-site': 'none' },
      { ...data, 'sec-fetch-site': 'SAME-ORIGIN' },
      { ...data, 'x-cordon-request': '1, 1' },
      { ...data, 'x-cordon-request': '0' },
      { host: own.host, 'x-cordon-request': '1' },
      { host: own.host, 'x-cordon-request': '1', origin: 'null' },
      { host: own.host, 'x-cordon-request': '1', origin: 'http://localhost:7401' },
      { host: own.host, 'x-cordon-request': '1', origin: 'http://localhost:7400.evil.example' },
      { ...data, 'sec-fetch-site': 'cross-site', origin: publicOrigin },
    ];
    for (const headers of refusals)
      expect([JSON.stringify(headers), (await ask(method, url, headers)).status]).toEqual([
        JSON.stringify(headers),
        403,
      ]);
  });

  it('takes the origin for proof where a browser sends no metadata', async () => {
    const headers = { host: own.host, origin: publicOrigin, 'x-cordon-request': '1' };
    expect((await ask('POST', '/new', headers)).status).toBe(200);
  });

  it('is guarded however its address is written', async () => {
    for (const url of ['//api/thing', '/api//thing', '/api/thing?x=1', '/%61pi/thing'])
      expect([url, (await ask('POST', url, own)).status]).toEqual([url, 403]);
  });
});

describe('a page', () => {
  it.each([
    ['a typed address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    ['a link elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    ['its own script', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['no browser', {}],
  ])('opens for %s', async (_case, headers) => {
    expect((await ask('GET', '/page', { host: own.host, ...headers })).status).toBe(200);
  }); // prettier-ignore

  it.each([
    ['a frame', 'cross-site', 'navigate', 'iframe'],
    ['a script tag', 'cross-site', 'no-cors', 'script'],
    ['a picture tag', 'same-site', 'no-cors', 'image'],
    ['a fetch', 'same-site', 'cors', 'empty'],
    ['an embed', 'cross-site', 'navigate', 'embed'],
  ])('stays closed to %s of another origin', async (_case, site, mode, destination) => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination };
    expect((await ask('GET', '/page', { host: own.host, ...headers })).status).toBe(403);
  });
});

describe('a form', () => {
  it('takes a post of its own page without the header', async () => {
    expect((await ask('POST', '/form', own)).status).toBe(200);
  });
  it.each(['same-site', 'cross-site', 'none'])('refuses a post that is %s', async (site) => {
    expect((await ask('POST', '/form', { ...own, 'sec-fetch-site': site })).status).toBe(403);
  });
});

describe('an address for machines', () => {
  it('answers a server and refuses a browser', async () => {
    expect((await ask('POST', '/machine', { host: own.host })).status).toBe(200);
    expect((await ask('POST', '/machine', own)).status).toBe(403);
    expect((await ask('POST', '/machine', { host: own.host, origin: 'null' })).status).toBe(403);
  });
});

describe('the server', () => {
  it('answers under its own host name only, probes excepted', async () => {
    for (const host of ['evil.example', 'localhost', 'localhost:7401', '127.0.0.1:7400', ''])
      expect([host, (await ask('GET', '/page', { host })).status]).toEqual([host, 421]);
    expect((await ask('GET', '/health', { host: '10.0.0.7:7400' })).status).toBe(200);
    expect((await ask('GET', '/health', { ...own, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('grants no preflight', async () => {
    const answer = await ask('OPTIONS', '/api/thing', {
      host: own.host,
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-cordon-request',
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('does not start with a public address that holds a path', async () => {
    const wrong = Fastify();
    await expect(
      wrong.register(requestGuardPlugin, { publicOrigin: 'http://localhost:1/x', pages: [] }),
    ).rejects.toMatchObject({ code: 'guard-option-invalid' });
  });
});
