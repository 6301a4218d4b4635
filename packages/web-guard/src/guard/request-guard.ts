import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { WebGuardError } from '../error.ts';

/**
 * Which requests of other origins a server takes. Every route is `data` unless it is named here, so a new route is
 * guarded before anybody thinks of it. Routes are named by their pattern, as they were registered.
 */
export interface RequestGuardOptions {
  /** Scheme, host and port under which browsers know this server. Requests that name another host get 421. */
  readonly publicOrigin: string;
  /** Answer GET and HEAD to a navigation from anywhere and to this origin's own pages; change nothing. */
  readonly pages: readonly string[];
  /** Take a plain form's POST from this origin's own pages. */
  readonly forms?: readonly string[];
  /** Called by servers that prove themselves otherwise, such as a signed logout token; refused to browsers. */
  readonly machines?: readonly string[];
  /** An orchestrator's probes: pages that answer whatever host is named, since it calls them by address. */
  readonly anyHost?: readonly string[];
}

/** The header that pages of another origin cannot set without a preflight, which no server here answers. */
export const ownRequestHeader = 'x-cordon-request';

type RouteKind = 'page' | 'form' | 'machine' | 'data';

/**
 * One `Host`, the public one, and a target in origin form (RFC 9112 §3.2): with two hosts, or a host in the target as
 * well, a proxy in front may have decided by the other.
 */
function namesHost(request: IncomingMessage, publicHost: string): boolean {
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  return hosts.length === 1 && request.headers.host === publicHost && request.url?.startsWith('/') === true;
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function refuseOrigin(detail: string): never {
  throw new WebGuardError(
    'request-not-same-origin',
    'This request does not come from a page of this site. Open the site itself and try again.',
    { detail },
  );
}

/**
 * Same origin by fetch metadata (W3C Fetch Metadata), or by `Origin` where a browser sends no metadata. Neither: the
 * request is refused, since nothing tells it apart from a forged one.
 */
function checkSameOrigin(request: FastifyRequest, publicOrigin: string): void {
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin') return;
  if (site !== undefined) refuseOrigin('sec-fetch-site');
  if (request.headers.origin !== publicOrigin) refuseOrigin('origin');
}

function checkData(request: FastifyRequest, publicOrigin: string): void {
  checkSameOrigin(request, publicOrigin);
  if (request.headers[ownRequestHeader] === '1') return;
  throw new WebGuardError(
    'request-header-missing',
    `This address answers only requests that carry the header ${ownRequestHeader}.`,
  );
}

/**
 * A page may be opened from anywhere, in a tab of its own. Another site's frame, script, picture or fetch may not load
 * it, so nothing about it can be read or measured from there.
 */
function checkPage(request: FastifyRequest): void {
  if (!isSafe(request.method)) refuseOrigin('method');
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = request.headers;
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  if (mode === 'navigate' && destination === 'document') return;
  refuseOrigin('resource');
}

/**
 * Fastify plugin against request forgery, cross-origin reads and DNS rebinding, on every route of the server by
 * construction. Register it after the security headers and before all routes.
 */
export async function requestGuardPlugin(
  server: FastifyInstance,
  options: RequestGuardOptions,
): Promise<void> {
  const kinds = new Map<string, RouteKind>([
    ...(options.anyHost ?? []).map((route) => [route, 'page'] as const),
    ...options.pages.map((route) => [route, 'page'] as const),
    ...(options.forms ?? []).map((route) => [route, 'form'] as const),
    ...(options.machines ?? []).map((route) => [route, 'machine'] as const),
  ]);
  const anyHost = new Set(options.anyHost);
  const { host: publicHost, origin } = new URL(options.publicOrigin);
  if (origin !== options.publicOrigin)
    throw new WebGuardError('guard-option-invalid', 'The public address must be an origin without a path.');

  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    const probe = route !== undefined && anyHost.has(route);
    if (!namesHost(request.raw, publicHost) && !probe)
      throw new WebGuardError('host-not-served', 'This server does not answer for that host name.');
    // An address nobody registered ends in 404: it needs the guard only against what changes something.
    const unknown = isSafe(request.method) ? 'page' : 'data';
    const kind = route === undefined ? unknown : (kinds.get(route) ?? 'data');
    if (kind === 'page' || (kind === 'form' && isSafe(request.method))) checkPage(request);
    else if (kind === 'form') checkSameOrigin(request, origin);
    else if (kind === 'data') checkData(request, origin);
    else if (request.headers['sec-fetch-site'] !== undefined || request.headers.origin !== undefined)
      refuseOrigin('browser');
    done();
  });
  await Promise.resolve();
}
// Without its own scope (Fastify's marker for it): the hook is for the whole server.
Object.assign(requestGuardPlugin, { [Symbol.for('skip-override')]: true });
