import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Running } from '../../compliance/asked.ts';

/** One thing that a server does wrong. */
export type Mischief =
  | 'inline-scripts'
  | 'no-nosniff'
  | 'no-hsts'
  | 'cookie-for-scripts'
  | 'takes-foreign-posts'
  | 'open-route'
  | 'takes-forged-tokens'
  | 'refresh-works-twice'
  | 'plain-pkce'
  | 'publishes-private-key'
  | 'tells-sql'
  | 'reflects'
  | 'serves-git'
  | 'gives-audit-to-all'
  | 'falls-over'
  | 'frames-anywhere'
  | 'chat-frames-anywhere'
  | 'site-takes-foreign-posts'
  | 'site-reflects';

const headers = {
  'content-security-policy': "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'geolocation=(), camera=()',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
};

/** Console, portal, identity and engine in one listener and the public site in another, which answer as they do, but for one mischief. */
export async function startStubServers(
  mischief?: Mischief,
): Promise<{ running: Running; stop: () => Promise<void> }> {
  const apps = await listen((request, response, body, used) => {
    answer(request, response, body, used, mischief);
  });
  const site = await listen((request, response, body) => {
    answerSite(request, response, body, mischief);
  });
  const { origin } = apps;
  return {
    running: { console: origin, portal: origin, engine: origin, identity: origin, web: site.origin },
    stop: async () => {
      await Promise.all([apps.stop(), site.stop()]);
    },
  };
}

async function listen(
  answerTo: (request: IncomingMessage, response: ServerResponse, body: string, used: Set<string>) => void,
): Promise<{ origin: string; stop: () => Promise<void> }> {
  const used = new Set<string>();
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      answerTo(request, response, body, used);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const framed = (told: Record<string, string>, by: string): Record<string, string> => ({
  ...told,
  'content-security-policy': (told['content-security-policy'] ?? '').replace(
    "frame-ancestors 'none'",
    `frame-ancestors ${by}`,
  ),
});

/** The public site: its pages, the chat in a frame of its own, and visits. */
function answerSite(
  { url = '/', method, headers: sent }: IncomingMessage,
  response: ServerResponse,
  body: string,
  mischief?: Mischief,
): void {
  const chat = url.startsWith('/chat/');
  const told = framed(headers, chat ? (mischief === 'chat-frames-anywhere' ? '*' : "'self'") : "'none'");
  const send = (status: number, content: string, more: Record<string, string> = {}): void => {
    response.writeHead(status, { ...told, 'content-type': 'text/html', ...more }).end(content);
  };
  const own = sent['x-cordon-request'] === '1' && sent['sec-fetch-site'] !== 'cross-site';
  if (url === '/visit' && method === 'POST') {
    if (!own && mischief !== 'site-takes-foreign-posts') send(403, '');
    else send(201, '', { 'set-cookie': `__Host-visit=1; Path=/; Secure; HttpOnly; SameSite=Strict` });
  } else if (mischief === 'site-reflects' && body !== '') send(400, `<p>${body.replaceAll('\\"', '"')}</p>`);
  else if (['/', '/chat/'].includes(url)) send(200, '<!doctype html>');
  else send(404, '');
} // prettier-ignore

const paths = Object.fromEntries(
  ['patients', 'patients/{id}', 'alerts', 'audit-entries'].map((name) => [`/v1/${name}`, { get: {} }]),
);

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  used: Set<string>,
  mischief?: Mischief,
): void {
  const url = request.url ?? '/';
  const told: Record<string, string> = { ...headers };
  if (mischief === 'inline-scripts')
    told['content-security-policy'] =
      "default-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
  if (mischief === 'frames-anywhere')
    told['content-security-policy'] = "default-src 'none'; base-uri 'none'; frame-ancestors https:";
  if (url.startsWith('/chat/')) Object.assign(told, framed(told, "'self'"));
  if (mischief === 'no-nosniff') delete told['x-content-type-options'];
  if (mischief === 'no-hsts') delete told['strict-transport-security'];
  const send = (status: number, content: unknown, more: Record<string, string> = {}): void => {
    response
      .writeHead(status, { ...told, 'content-type': 'application/json', ...more })
      .end(typeof content === 'string' ? content : JSON.stringify(content));
  };
  if (mischief === 'falls-over' && url.includes('%00')) send(500, { title: 'sorry' });
  else if (mischief === 'reflects' && url.includes('?q='))
    // Read leniently: the crawl sends what no decoder likes.
    send(200, `<p>${new URL(url, 'http://stub').searchParams.get('q') ?? ''}</p>`, {
      'content-type': 'text/html',
    });
  else if (mischief === 'serves-git' && url === '/.git/config')
    send(200, '[core]\n repositoryformatversion = 0');
  else if (mischief === 'tells-sql' && url.includes('%00'))
    send(400, { title: 'SELECT * FROM patients failed' });
  else if (url === '/openapi.json') send(200, { paths });
  else if (url === '/.well-known/openid-configuration') send(200, discovery(mischief));
  else if (url === '/jwks')
    send(200, { keys: [{ kty: 'EC', x: 'x', ...(mischief === 'publishes-private-key' && { d: 'd' }) }] });
  else if (url.startsWith('/auth/sign-in')) {
    const rest =
      mischief === 'cookie-for-scripts'
        ? 'Path=/; Secure; SameSite=Lax'
        : 'Path=/; Secure; HttpOnly; SameSite=Lax';
    send(303, '', { 'set-cookie': `__Host-sign-in=1; ${rest}` });
  } else if (url === '/auth/sign-out') send(mischief === 'takes-foreign-posts' ? 200 : 403, {});
  else if (url === '/token')
    refresh(new URLSearchParams(body).get('refresh_token') ?? '', used, send, mischief);
  else if (url.startsWith('/v1/')) route(request, url, send, mischief);
  else send(404, { title: 'not here' });
}

type Send = (status: number, content: unknown) => void;

function route(
  { headers: { authorization = '' } }: IncomingMessage,
  url: string,
  send: Send,
  mischief?: Mischief,
): void {
  const forged = /^Bearer ey/.test(authorization);
  if (mischief === 'open-route' && authorization === '' && url === '/v1/alerts') send(200, []);
  else if (mischief === 'takes-forged-tokens' && forged) send(200, []);
  else if (authorization === '' || forged) send(401, { code: 'token-missing' });
  else if (/audit-entries|patients/.test(url)) send(mischief === 'gives-audit-to-all' ? 200 : 403, {});
  else send(404, {});
}

function refresh(token: string, used: Set<string>, send: Send, mischief?: Mischief): void {
  const dead = used.has('family') || used.has(token);
  if (mischief === 'refresh-works-twice') send(200, { refresh_token: token });
  else if (dead) {
    used.add('family');
    send(400, { error: 'invalid_grant' });
  } else {
    used.add(token);
    send(200, { refresh_token: `${token}+` });
  }
}

const discovery = (mischief?: Mischief): object => ({
  code_challenge_methods_supported: mischief === 'plain-pkce' ? ['S256', 'plain'] : ['S256'],
  response_types_supported: ['code'],
  authorization_response_iss_parameter_supported: true,
  backchannel_logout_supported: true,
  pushed_authorization_request_endpoint: 'https://identity.example/par',
});
