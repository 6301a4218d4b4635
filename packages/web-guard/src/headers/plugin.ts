import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopbackHost } from '../loopback.ts';
import { securityHeaders, type SecurityHeaderOptions } from './security-headers.ts';

export interface SecurityHeadersPluginOptions extends SecurityHeaderOptions {
  /**
   * Paths of files whose name holds a hash of their content: only these may be cached. Default: what Vite puts
   * under `/assets/`. Asked of a framed page's file as it lies in its own build, without `framedBelow`.
   */
  readonly immutablePaths?: RegExp;
  /** Path, such as `/chat`, below which pages lie that this origin's own pages, and nobody else's, show in a frame. */
  readonly framedBelow?: string;
}

const hashedAsset = /^\/assets\/[A-Za-z0-9._-]+-[A-Za-z0-9_-]{8}\.[a-z0-9]{2,5}$/;
const immutable = 'public, max-age=31536000, immutable';

/** The host without its port; an IPv6 literal keeps its brackets. */
function hostnameOf(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d*$/, '');
}

/**
 * Fastify plugin: the security headers on every answer of the server, refusals and unknown addresses included.
 * Register it first. The headers are set on Node's own response before any route runs, so that a handler which takes
 * the response over (`reply.hijack()`) and Fastify's answer to an unreadable address carry them as well.
 */
export async function securityHeadersPlugin(
  server: FastifyInstance,
  options: SecurityHeadersPluginOptions,
): Promise<void> {
  const immutablePaths = options.immutablePaths ?? hashedAsset;
  const { framedBelow } = options;
  const ofHost = (own: SecurityHeaderOptions) => ({
    local: Object.entries(securityHeaders(own, 'localhost')),
    remote: Object.entries(securityHeaders(own, '')),
  });
  const usual = ofHost(options);
  // A framed page frames nothing itself.
  const framed = ofHost({ ...options, additions: { framedBy: ["'self'"] } });
  const isFramed = (url: string): boolean => framedBelow !== undefined && url.startsWith(`${framedBelow}/`);
  /** The path within its build. */
  const pathOf = ({ url = '' }: IncomingMessage): string => {
    const path = url.split('?', 1)[0] ?? '';
    return isFramed(path) ? path.slice(framedBelow?.length) : path;
  };
  const setHeaders = (request: IncomingMessage, response: ServerResponse) => {
    const { local, remote } = isFramed(request.url ?? '') ? framed : usual;
    const headers = isLoopbackHost(hostnameOf(request)) ? local : remote;
    for (const [name, value] of headers) response.setHeader(name, value);
  };
  server.server.prependListener('request', setHeaders);
  // A request that is injected does not come by the server's own event.
  server.addHook('onRequest', (request, reply, done) => {
    if (!reply.raw.hasHeader('x-content-type-options')) setHeaders(request.raw, reply.raw);
    done();
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    reply.removeHeader('server').removeHeader('x-powered-by').removeHeader('cache-control');
    const cacheable =
      (reply.statusCode === 200 || reply.statusCode === 304) && immutablePaths.test(pathOf(request.raw));
    if (!reply.raw.headersSent) reply.raw.setHeader('cache-control', cacheable ? immutable : 'no-store');
    done();
  });
  await Promise.resolve();
}
// Without its own scope (Fastify's marker for it): the hooks are for the whole server.
Object.assign(securityHeadersPlugin, { [Symbol.for('skip-override')]: true });
