import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

/** The ways out of a page that a script has, each with a path of its own at the address that is tried. */
const ways = [
  'fetch',
  'fetch-no-cors',
  'xhr',
  'beacon',
  'websocket',
  'event-source',
  'image',
  'css-image',
  'script',
  'module',
  'style-sheet',
  'prefetch',
  'font',
  'video',
  'object',
  'frame',
  'form',
  'worker',
] as const;
export type Way = (typeof ways)[number];

export interface RecordingProvider {
  readonly origin: string;
  /** The ways by which it was reached, also by a handshake alone. */
  readonly reached: () => Way[];
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}

/** Stands where a model's provider would, and takes everything from everybody. */
export async function openRecordingProvider(): Promise<RecordingProvider> {
  const reached = new Set<Way>();
  const note = (url = ''): void => {
    const way = ways.find((each) => url.startsWith(`/${each}?`));
    if (way !== undefined) reached.add(way);
  };
  const server: Server = createServer((request, response) => {
    note(request.url);
    response
      .setHeader('access-control-allow-origin', '*')
      .setHeader('access-control-allow-headers', '*')
      .end();
  });
  server.on('upgrade', (request, socket) => {
    note(request.url);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached: () => ways.filter((way) => reached.has(way)),
    forget: () => {
      reached.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

export const allWays: readonly Way[] = ways;

/** Runs in the page, as a script would that somebody got into it. Answers what the page's policy says it stopped. */
const tryAll = `async (origin) => {
  const blocked = new Set();
  const note = (event) => {
    const [, way] = /^[a-z]+:\\/\\/[^/]+\\/([a-z-]+)/.exec(event.blockedURI) ?? [];
    blocked.add(way ?? event.effectiveDirective);
  };
  document.addEventListener('securitypolicyviolation', note);
  const to = (way) => origin + '/' + way + '?prompt=x';
  const add = (tag, values) => { const made = document.createElement(tag); Object.assign(made, values); document.body.append(made); return made; };
  const attempts = [
    () => fetch(to('fetch'), { method: 'POST', body: 'x' }),
    () => fetch(to('fetch-no-cors'), { mode: 'no-cors' }),
    () => { const asked = new XMLHttpRequest(); asked.open('POST', to('xhr')); asked.send('x'); },
    () => navigator.sendBeacon(to('beacon'), 'x'),
    () => new WebSocket(to('websocket').replace('http', 'ws')),
    () => new EventSource(to('event-source')),
    () => { new Image().src = to('image'); },
    () => { document.body.style.backgroundImage = 'url(' + to('css-image') + ')'; },
    () => add('script', { src: to('script') }),
    () => import(to('module')),
    () => add('link', { rel: 'stylesheet', href: to('style-sheet') }),
    () => add('link', { rel: 'prefetch', href: to('prefetch') }),
    () => new FontFace('tried', 'url(' + to('font') + ')').load(),
    () => add('video', { src: to('video'), preload: 'auto' }),
    () => add('object', { data: to('object') }),
    () => add('iframe', { src: to('frame') }),
    () => { add('iframe', { name: 'sent' }); add('form', { action: to('form'), method: 'post', target: 'sent' }).submit(); },
    () => new Worker(URL.createObjectURL(new Blob(["fetch('" + to('worker') + "', { mode: 'no-cors' })"]))),
  ];
  for (const attempt of attempts) { try { Promise.resolve(attempt()).catch(() => undefined); } catch { /* stopped at once */ } }
  await new Promise((resolve) => setTimeout(resolve, 700));
  document.removeEventListener('securitypolicyviolation', note);
  return [...blocked];
}`;

/** @returns what the policy told of having stopped: ways, or directives where it names no address */
export function tryProvider(page: Page, origin: string): Promise<string[]> {
  return page.evaluate<string[]>(`(${tryAll})(${JSON.stringify(origin)})`);
}
