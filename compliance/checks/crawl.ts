import { judgeFaults, seen, type Answer, type Evidence } from '@cordon/control-gate';
import { ask, originsOf, whereRunning } from './ask.ts';

/** What an attacker tries first, by what it would show if it worked. */
const payloads = {
  sql: ["' OR '1'='1", '1; SELECT pg_sleep(5)--', "') UNION SELECT usename FROM pg_user--"],
  script: ['<script>alert(7331)</script>', '"><img src=x onerror=alert(7331)>', 'javascript:alert(7331)'],
  path: [
    '../../../../etc/passwd',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/etc/passwd',
    '....//....//etc/passwd',
  ],
  template: ['{{7331*7331}}', '${7331*7331}', '#{7331*7331}'],
  odd: ['%00', '%ff%fe', 'a'.repeat(4000), '__proto__', '/..;/', '%0d%0aset-cookie:%20planted=1'],
  leftover: [
    '.git/config',
    '.env',
    'package.json',
    'server-status',
    'actuator/env',
    'debug',
    'openapi.json.bak',
    '.cordon/secrets/root.key',
  ],
} as const;

/** The payload sleeps for five seconds. */
const longestAnswer = 4_500;

/** Signs that an attack worked. */
const signs =
  /root:x:0:0|53743561|\[core\]\s+repositoryformatversion|"dependencies"\s*:|syntax error at or near|unterminated quoted string|\bengine_clinical\b|\bidentity_app\b|BEGIN [A-Z ]*PRIVATE KEY/;
const kindsInPlace = ['sql', 'script', 'path', 'template', 'odd'] as const;
const mostRequests = 2_000;
/** Addresses of the page servers, with what stands behind them; the engine says its own. */
const pagePaths = ['/', '/assets/', '/auth/callback', '/api/v1/patients', '/interaction/x'];
const framePaths = ['/chat/', '/chat/assets/', '/chat/settings.json', '/api/v1/ai/chat/completions'];
const sitePaths = ['/', '/assets/', '/visit', '/api/v1/leads', '/api/v1/patients', ...framePaths];

/** Goes through every address that the servers name, with payloads in paths, queries and bodies, without a sign-in and with one. */
export const crawlFindsNothing = whereRunning(async (running, asked, signal): Promise<Answer> => {
  const described = JSON.parse((await ask(running.engine, '/openapi.json', signal)).body) as {
    paths?: Record<string, unknown>;
  };
  const token = (await asked.signIn('role.clinician'))?.accessToken;
  const places = [
    ...Object.keys(described.paths ?? {})
      .filter((path) => path.startsWith('/v1/'))
      .map((path) => [running.engine, path] as const),
    ...[running.console, running.portal, running.identity].flatMap((origin) =>
      pagePaths.map((path) => [origin, path] as const),
    ),
    ...framePaths.map((path) => [running.portal, path] as const),
    ...sitePaths.map((path) => [running.web, path] as const),
  ];
  const faults: string[] = [];
  const visit = await openVisit(running.web, signal);
  let requests = 0;
  let left = 0;
  let slowest = 0;
  const attack = async (origin: string, path: string, body: string | undefined): Promise<void> => {
    if (requests >= mostRequests || signal.aborted) {
      left += 1;
      return;
    }
    requests += 1;
    const headers = {
      // As the page's own script would ask: not only the request guard is attacked.
      ...(origin !== running.engine && { 'x-cordon-request': '1', 'sec-fetch-site': 'same-origin', origin }),
      ...(origin === running.engine && token !== undefined && { authorization: `Bearer ${token}` }),
      ...(origin === running.web && visit !== undefined && { cookie: visit }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const sent = path.replace(/ /g, '%20').replace(/[<>"{}]/g, encodeURIComponent);
    const once = async (): Promise<{ answer: unknown; took: number }> => {
      const began = performance.now();
      const answer = await ask(
        origin,
        sent,
        signal,
        body === undefined ? { headers } : { method: 'POST', headers, body },
      ).catch((error: unknown) => error);
      return { answer, took: performance.now() - began };
    };
    let { answer, took } = await once();
    // A statement that sleeps sleeps again; a machine that has much to do may be quicker the second time.
    if (took > longestAnswer) ({ answer, took } = await once());
    slowest = Math.max(slowest, took);
    const where = `${origin}${path.slice(0, 60)}`;
    if (answer instanceof Error) {
      // A request that the server's own parser refuses ends the connection: that is an answer.
      if (
        !/ECONNRESET|socket hang up|unescaped characters|HPE_/.test(
          `${answer.message}${(answer as NodeJS.ErrnoException).code ?? ''}`,
        )
      )
        faults.push(`${where}: ${answer.message}`);
      return;
    }
    const { status, headers: told, body: text } = answer as Awaited<ReturnType<typeof ask>>;
    if (status >= 500 && status !== 503) faults.push(`${where} is answered ${status}`);
    const sign = signs.exec(text)?.[0];
    if (sign !== undefined) faults.push(`${where} shows ${sign.slice(0, 30)}`);
    if (
      /text\/html/.test(told['content-type'] ?? '') &&
      /<script>alert\(7331\)|onerror=alert\(7331\)/.test(text)
    )
      faults.push(`${where} gives a script back`);
    if ((told['set-cookie'] ?? '').includes('planted=1'))
      faults.push(`${where} takes a header from its path`);
  };
  const all = Object.values(payloads).flat();
  let turn = 0;
  for (const [origin, path] of places) {
    // One payload of each kind at each place, in turn; all kinds at once in its body.
    const some = kindsInPlace.map((kind) => payloads[kind][turn % payloads[kind].length] ?? '');
    turn += 1;
    for (const payload of some)
      await attack(
        origin,
        path.includes('{') ? path.replace(/\{[^}]+\}/g, payload) : `${path}?q=${payload}&limit=${payload}`,
        undefined,
      );
    const body = { q: some, ...Object.fromEntries(some.map((payload, at) => [`field${at}`, payload])) };
    await attack(
      origin,
      path.replace(/\{[^}]+\}/g, '1'),
      JSON.stringify({ ...body, ['__proto__']: { planted: 7331 } }),
    );
  }
  for (const origin of originsOf(running))
    for (const payload of [...payloads.path, ...payloads.leftover, ...payloads.odd])
      await attack(origin, `/${payload}`, undefined);
  const evidence: Evidence[] = [
    seen(
      `${all.length} payloads in paths, queries and bodies`,
      originsOf(running).join(' '),
      `${requests} requests, ${faults.length} findings, the slowest ${Math.round(slowest)} ms`,
    ),
  ];
  if (left > 0) faults.push(`${left} attacks were left out: the crawl makes ${mostRequests} at most`);
  if (slowest > longestAnswer)
    faults.push(`an answer took ${Math.round(slowest)} ms, which a statement that sleeps would explain`);
  if (requests < 50) faults.push(`only ${requests} requests were made`);
  return judgeFaults(faults, `${requests} attacks came to nothing.`, evidence);
});

/** A visit to the public site, as its page opens one; undefined where it opens none. */
async function openVisit(web: string, signal: AbortSignal): Promise<string | undefined> {
  const headers = { 'x-cordon-request': '1', 'sec-fetch-site': 'same-origin', origin: web };
  const answer = await ask(web, '/visit', signal, { method: 'POST', headers });
  return answer.headers['set-cookie']?.split(';', 1)[0];
}
