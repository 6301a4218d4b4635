import { allOf, judgeFaults, seen, unknown, type Answer } from '@cordon/control-gate';
import type { Asked } from '../asked.ts';
import { ask, originsOf, whereRunning } from './ask.ts';

/** What each header must say. A page may need other origins by name, and never a keyword or a wildcard that opens it. */
const wantedHeaders: Readonly<Record<string, (value: string) => boolean>> = {
  'content-security-policy': (value) =>
    /(^|; *)default-src '(none|self)'/.test(value) &&
    !/'unsafe-(inline|eval|hashes)'|(^|[ ;])\*([ ;]|$)|(script-src|default-src)[^;]* (https?:|data:|blob:)(?!\/\/)/.test(
      value,
    ) &&
    /frame-ancestors '(none|self)'( *;|$)/.test(value) &&
    /base-uri 'none'/.test(value),
  'x-content-type-options': (value) => value === 'nosniff',
  'referrer-policy': (value) =>
    ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'].includes(value),
  'cross-origin-opener-policy': (value) => value === 'same-origin',
  'cross-origin-resource-policy': (value) => value === 'same-origin' || value === 'same-site',
  'permissions-policy': (value) => /geolocation=\(\)/.test(value) && /camera=\(\)/.test(value),
};

export const headerNames = Object.keys(wantedHeaders);

/** What is wrong with an answer's headers, by name. */
export function judgeHeaders(
  headers: Readonly<Record<string, string>>,
  names: readonly string[] = headerNames,
): string[] {
  return names.flatMap((name) => {
    const value = headers[name];
    if (value === undefined) return [`${name} is missing`];
    return wantedHeaders[name]?.(value) === true ? [] : [`${name} is too loose: ${value.slice(0, 120)}`];
  });
}

/** Every server's answers carry the policy, on pages, on errors and on what is not there. */
export const headersOnEveryServer = whereRunning(async (running, _asked, signal) => {
  const places = [
    [running.console, '/'],
    [running.console, '/api/v1/patients'],
    [running.portal, '/'],
    [running.portal, '/nowhere'],
    [running.portal, '/chat/'],
    [running.portal, '/chat/settings.json'],
    [running.identity, '/.well-known/openid-configuration'],
    [running.identity, '/nowhere'],
    [running.engine, '/v1/patients'],
    [running.web, '/'],
    [running.web, '/nowhere'],
    [running.web, '/api/v1/leads'],
    [running.web, '/chat/'],
    [running.web, '/chat/settings.json'],
  ] as const;
  const answers = await Promise.all(
    places.map(async ([origin, path]) => {
      const { headers, evidence } = await ask(origin, path, signal);
      const policy = headers['content-security-policy'] ?? '';
      const faults = judgeHeaders(headers).map((fault) => `${origin}${path}: ${fault}`);
      // The chat is the one page that may be framed, and by its own site alone.
      if (!path.startsWith('/chat/') && !policy.includes("frame-ancestors 'none'"))
        faults.push(`${origin}${path} can be framed`);
      return {
        faults,
        evidence: {
          ...evidence,
          answer: `${evidence.answer}; ${policy === '' ? 'no policy' : policy}`,
        },
      };
    }),
  );
  return judgeFaults(
    answers.flatMap(({ faults }) => faults),
    'Every server answers under its strict policy, errors included.',
    answers.map(({ evidence }) => evidence),
  );
});

/** Off loopback, browsers are told to come back over TLS alone. */
export const transportIsStrict = whereRunning(async (running, _asked, signal) => {
  const answers = await Promise.all(
    originsOf(running).map(async (origin) => {
      const { headers, evidence } = await ask(origin, '/', signal, { headers: { host: 'clinic.example' } });
      const value = headers['strict-transport-security'] ?? 'none';
      const seconds = Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0);
      return {
        faults: seconds >= 31_536_000 ? [] : [`${origin} as clinic.example says ${value}`],
        evidence: {
          ...evidence,
          asked: 'GET / with Host: clinic.example',
          answer: `strict-transport-security: ${value}`,
        },
      };
    }),
  );
  return judgeFaults(answers.flatMap(({ faults }) => faults), 'Strict-Transport-Security is sent wherever the name is not this machine’s.', answers.map(({ evidence }) => evidence)); // prettier-ignore
});

/** Cookies of the session servers cannot be read by scripts, sent in the clear or set by a neighbour. */
export const cookiesAreGuarded = whereRunning(async (running, _asked, signal) => {
  const answers = await Promise.all(
    [
      [running.console, 'GET', '/auth/sign-in'],
      [running.portal, 'GET', '/auth/sign-in'],
      [running.web, 'POST', '/visit'],
    ].map(async ([origin = '', method = '', path = '']) => {
      const own = { 'x-cordon-request': '1', 'sec-fetch-site': 'same-origin', origin };
      const { headers, evidence } = await ask(origin, path, signal, {
        method,
        headers: method === 'POST' ? own : {},
      });
      const cookies = (headers['set-cookie'] ?? '').split('\n').filter((each) => each !== '');
      const faults = cookies.flatMap((cookie) => {
        const name = cookie.slice(0, cookie.indexOf('='));
        return [
          ...(name.startsWith('__Host-') ? [] : [`${name} is not bound to its host`]),
          ...['secure', 'httponly', 'samesite=(lax|strict)']
            // eslint-disable-next-line security/detect-non-literal-regexp -- of the three words above
            .filter((word) => !new RegExp(`;\\s*${word}(;|$)`, 'i').test(cookie))
            .map((word) => `${name} lacks ${word}`),
        ];
      });
      if (cookies.length === 0) faults.push(`${origin}${path} sets no cookie`);
      const named = cookies.map((cookie) => cookie.replace(/=[^;]*/, '=…')).join(' ');
      return { faults, evidence: { ...evidence, answer: named } };
    }),
  );
  return judgeFaults(answers.flatMap(({ faults }) => faults), 'Cookies are __Host-, Secure, HttpOnly and SameSite.', answers.map(({ evidence }) => evidence)); // prettier-ignore
});

/** A request that another site could make changes nothing. */
export const foreignRequestsRefused = whereRunning(async (running, _asked, signal) => {
  const tries = [
    { what: 'without the header of our own pages', headers: {} },
    {
      what: 'as another site',
      headers: { 'x-cordon-request': '1', 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    },
  ];
  const answers = await Promise.all(
    [
      [running.console, '/auth/sign-out'],
      [running.portal, '/auth/sign-out'],
      [running.web, '/visit'],
    ].flatMap(([origin = '', path = '']) =>
      tries.map(async ({ what, headers }) => {
        const answer = await ask(origin, path, signal, { method: 'POST', headers });
        return {
          faults:
            answer.status === 403 ? [] : [`POST ${path} ${what} is answered ${answer.status} by ${origin}`],
          evidence: { ...answer.evidence, asked: `POST ${path} ${what}` },
        };
      }),
    ),
  );
  return judgeFaults(answers.flatMap(({ faults }) => faults), 'What another site sends is refused.', answers.map(({ evidence }) => evidence)); // prettier-ignore
});

interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const probe = '00000000-0000-4000-8000-000000000000';
/** Signed by nobody: `alg` none, and a key that the reader of the token brings himself. */
const forgedTokens = ['none', 'HS256'].map(
  (alg) =>
    `${Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url')}.${Buffer.from(JSON.stringify({ sub: probe, aud: 'urn:cordon:engine', exp: 4_102_444_800 })).toString('base64url')}.${alg === 'none' ? '' : 'c2lnbmF0dXJl'}`,
);

/** Every route of the engine's own description refuses a caller without a token, and one with a forged one. */
export const everyRouteAsksForAToken = whereRunning(async (running, _asked, signal) => {
  const { body, evidence } = await ask(running.engine, '/openapi.json', signal);
  const paths = Object.entries((JSON.parse(body) as OpenApi).paths ?? {}).filter(([path]) =>
    path.startsWith('/v1/'),
  );
  const routes = paths.flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
  );
  if (routes.length === 0) return unknown('The engine describes no route.', [evidence]);
  const faults: string[] = [];
  for (const { path, method } of routes) {
    const address = path.replace(/\{[^}]+\}/g, probe);
    for (const authorization of ['', ...forgedTokens.map((token) => `Bearer ${token}`)]) {
      const { status } = await ask(running.engine, address, signal, {
        method,
        headers: authorization === '' ? {} : { authorization },
      });
      if (status !== 401 && status !== 429)
        faults.push(
          `${method} ${path} is answered ${status} ${authorization === '' ? 'without a token' : 'to a forged token'}`,
        );
    }
  }
  const said = `${routes.length} routes × no token, alg none, a key of the caller’s own: ${faults.length} let in`;
  return judgeFaults(
    faults,
    `${routes.length} routes refuse a caller without a token and with a forged one.`,
    [evidence, seen('every route without a good token', running.engine, said)],
  );
});

/** What a page of a session server holds is no token, and what an API says in an error is no inside. */
export const errorsAreQuiet = whereRunning(async (running, _asked, signal) => {
  const answers = await Promise.all(
    [
      ['/v1/patients/%00', running.engine],
      ['//', running.engine],
      ['/v1/patients?limit=99999999999', running.engine],
      [`/${'a'.repeat(5000)}`, running.console],
      ['/..%2f..%2fetc/passwd', running.portal],
      ['/chat/..%2f..%2fsettings.json%00', running.web],
      ['/api/v1/leads?x=%00', running.web],
    ].map(async ([path = '', origin = '']) => {
      const { status, body, evidence } = await ask(origin, path, signal);
      const inside = /\bat .+:\d+:\d+|node_modules|\.ts:\d+|SELECT |root:x:|ECONNREFUSED/.exec(body)?.[0];
      return [
        ...(status >= 500
          ? [{ fault: `${origin}${path.slice(0, 40)} is answered ${status}`, evidence }]
          : []),
        ...(inside === undefined
          ? []
          : [{ fault: `${origin}${path.slice(0, 40)} tells of its inside: ${inside}`, evidence }]),
        { fault: undefined, evidence },
      ];
    }),
  );
  const flat = answers.flat();
  return judgeFaults(flat.flatMap(({ fault }) => (fault === undefined ? [] : [fault])), 'Odd requests get a plain refusal.', flat.map(({ evidence }) => evidence)); // prettier-ignore
});

/** The parts of sign-in that anybody can see of the provider. */
export const providerIsStrict = whereRunning(async (running, _asked, signal) => {
  const found = await ask(running.identity, '/.well-known/openid-configuration', signal);
  const said = JSON.parse(found.body) as Record<string, unknown>;
  const wanted: readonly [string, unknown][] = [
    ['code_challenge_methods_supported', ['S256']],
    ['response_types_supported', ['code']],
    ['authorization_response_iss_parameter_supported', true],
    ['backchannel_logout_supported', true],
  ];
  const faults = wanted
    .filter(([name, value]) => JSON.stringify(said[name]) !== JSON.stringify(value))
    .map(([name]) => `${name} is ${JSON.stringify(said[name])}`);
  if (typeof said['pushed_authorization_request_endpoint'] !== 'string')
    faults.push('there are no pushed requests');
  const keys = await ask(running.identity, '/jwks', signal);
  const { keys: published = [] } = JSON.parse(keys.body) as { keys?: Record<string, unknown>[] };
  if (published.length === 0) faults.push('no key is published');
  for (const key of published) {
    if ('d' in key || 'k' in key) faults.push('a private key is published');
    if (key['kty'] !== 'EC' && key['kty'] !== 'OKP')
      faults.push(`a key of the kind ${String(key['kty'])} signs tokens`);
  }
  const evidence = [
    {
      ...found.evidence,
      answer: JSON.stringify(Object.fromEntries(wanted.map(([name]) => [name, said[name]]))),
    },
    {
      ...keys.evidence,
      answer: `${published.length} public keys of the kind ${published.map((key) => String(key['kty'])).join(', ')}`,
    },
  ];
  return judgeFaults(faults, 'Code flow with PKCE, pushed requests and public keys alone.', evidence);
});

/** Everything that a person could misuse about the pages, as one answer. */
export const pagesAreGuarded = async (asked: Asked, signal: AbortSignal): Promise<Answer> =>
  allOf(
    await Promise.all([
      headersOnEveryServer(asked, signal),
      transportIsStrict(asked, signal),
      errorsAreQuiet(asked, signal),
    ]),
  );
