import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { followEvents } from './live-events.ts';

let page: EventTarget;
beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  // No spread: the next connection is made at once.
  vi.spyOn(Math, 'random').mockReturnValue(-0.5);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('follows events over lost connections from the one that came last, and marks itself as passive', async () => {
  const asked: Headers[] = [];
  vi.stubGlobal('fetch', (_path: string, { headers }: RequestInit) => {
    asked.push(new Headers(headers));
    const text = `event: alert\nid: ${asked.length}\ndata: {"n":${asked.length}}\n\n`;
    return Promise.resolve(new Response(text));
  });
  const leaving = new AbortController();
  const told: string[] = [];
  await followEvents('/events', leaving.signal, {
    onEvent: ({ event, data }) => {
      told.push(`${event ?? ''} ${data}`);
      if (told.length === 3) leaving.abort();
    },
    onConnected: () => undefined,
    onRefused: () => undefined,
  });
  expect(told).toEqual(['alert {"n":1}', 'alert {"n":2}', 'alert {"n":3}']);
  expect(asked.map((headers) => headers.get('last-event-id'))).toEqual([null, '1', '2']);
  for (const headers of asked)
    expect([headers.get('x-cordon-passive'), headers.get('x-cordon-request')]).toEqual(['1', '1']);
});

it('tries again where the server is away, and ends where it refuses', async () => {
  const answers = [
    () => Promise.reject(new TypeError('no connection')),
    () => Promise.resolve(Response.json({}, { status: 503 })),
    () => Promise.resolve(Response.json({ code: 'session-locked' }, { status: 403 })),
  ];
  vi.stubGlobal('fetch', () => answers.shift()?.());
  const refusals: string[] = [];
  await followEvents('/events', new AbortController().signal, {
    onEvent: () => undefined,
    onConnected: () => undefined,
    onRefused: ({ code }) => refusals.push(code),
  });
  expect([refusals, answers.length]).toEqual([['locked'], 0]);
});

it('hears no more once its page is left', async () => {
  const leaving = new AbortController();
  let heard: AbortSignal | undefined;
  vi.stubGlobal('fetch', (_path: string, { signal }: RequestInit) => {
    heard = signal ?? undefined;
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => {
        leaving.abort();
        reject(new DOMException('left', 'AbortError'));
      });
      page.dispatchEvent(new Event('pagehide'));
    });
  });
  const hooks = { onEvent: () => undefined, onConnected: () => undefined, onRefused: () => undefined };
  await followEvents('/events', leaving.signal, hooks);
  expect(heard?.aborted).toBe(true);
});
