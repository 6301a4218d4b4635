import Fastify, { type FastifyInstance } from 'fastify';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { securityHeadersPlugin, type SecurityHeadersPluginOptions } from './plugin.ts';

const open: FastifyInstance[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function startServer(options: SecurityHeadersPluginOptions = { profile: 'page' }): Promise<number> {
  const server = Fastify();
  open.push(server);
  await server.register(securityHeadersPlugin, options);
  server.get('/', () => 'page');
  server.get('/assets/*', (_request, reply) => reply.header('cache-control', 'public').send('asset'));
  server.get('/chat/assets/*', (_request, reply) => reply.send('framed asset'));
  server.get('/cached', (_request, reply) => reply.header('cache-control', 'public, max-age=60').send('x'));
  server.get('/named', (_request, reply) =>
    reply.header('server', 'x/1').header('x-powered-by', 'x').send('x'),
  );
  server.get('/broken', () => {
    throw new Error('broken');
  });
  server.get('/taken-over', (_request, reply) => {
    reply.hijack();
    reply.raw.end('raw');
  });
  await server.register((scope, _options, done) => {
    scope.get('/nested', () => 'nested');
    done();
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
}

function get(port: number, path: string, host = `localhost:${port}`) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const call = httpRequest({ host: '127.0.0.1', port, path, headers: { host }, agent: false }, (answer) => {
      answer.resume().on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
      });
    });
    call.on('error', reject).end();
  });
}

describe('the security headers of a server', () => {
  it.each(['/', '/nested', '/unknown', '/broken', '/taken-over', '//', '/%zz', '/%2e%2e/x', '/?a=%'])(
    'are on the answer to %s',
    async (path) => {
      const port = await startServer();
      const { headers } = await get(port, path);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("script-src 'self'") as string,
        'permissions-policy': expect.stringContaining('camera=()') as string,
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'origin-agent-cluster': '?1',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
    },
  );

  it('let hashed assets alone be cached, and only when they exist', async () => {
    const port = await startServer();
    const cacheControl = async (path: string) => (await get(port, path)).headers['cache-control'];
    expect(await cacheControl('/assets/index-DkX9_a-1.js')).toBe('public, max-age=31536000, immutable');
    expect(await cacheControl('/assets/index.js')).toBe('no-store');
    expect(await cacheControl('/cached')).toBe('no-store');
    expect(await cacheControl('/other/index-DkX9_a-1.js')).toBe('no-store');
    expect(await cacheControl('/chat/assets/index-DkX9_a-1.js')).toBe('no-store');
  });

  it('let the hashed assets of framed pages be cached too, under the prefix that was named and no other', async () => {
    const port = await startServer({ profile: 'page', framedBelow: '/chat' });
    const cacheControl = async (path: string) => (await get(port, path)).headers['cache-control'];
    const immutable = 'public, max-age=31536000, immutable';
    expect(await cacheControl('/chat/assets/index-DkX9_a-1.js')).toBe(immutable);
    expect(await cacheControl('/chat/assets/index-DkX9_a-1.js?v=/x')).toBe(immutable);
    expect(await cacheControl('/assets/index-DkX9_a-1.js')).toBe(immutable);
    expect(await cacheControl('/chat/assets/index.js')).toBe('no-store');
    expect(await cacheControl('/chat/')).toBe('no-store');
    expect(await cacheControl('/chatter/assets/index-DkX9_a-1.js')).toBe('no-store');
  });

  it('demand TLS beyond loopback, and never on it', async () => {
    const port = await startServer();
    const strict = async (host: string) =>
      (await get(port, '/', host)).headers['strict-transport-security'] !== undefined;
    expect(await strict('console.example')).toBe(true);
    expect(await strict(`console.example:${port}`)).toBe(true);
    expect(await strict('localhost.evil.example')).toBe(true);
    for (const host of ['localhost', `localhost:${port}`, '127.0.0.1:1', '[::1]:7400', 'console.localhost'])
      expect(await strict(host)).toBe(false);
  });

  it('do not say which software answers', async () => {
    const { headers } = await get(await startServer(), '/named');
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('keep the origin with forms of the sign-in page, and allow it the features it names', async () => {
    const port = await startServer({ profile: 'sign-in', permissions: ['publickey-credentials-get'] });
    const { headers } = await get(port, '/');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['permissions-policy']).toContain('publickey-credentials-get=(self)');
    expect(headers['permissions-policy']).toContain('publickey-credentials-create=()');
  });
});
