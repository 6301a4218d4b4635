import { afterEach, expect, test } from 'vitest';
import { limits } from './limits.ts';
import { ThreadCaller } from './thread-caller.ts';

/** Answers with what it was sent, and on demand hangs, crashes, leaves, or tells its environment. */
const script = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    let calls = 0;
    parentPort.on('message', (request) => {
      calls += 1;
      if (request === 'hang') for (;;) {}
      if (request === 'crash') throw new Error('crashed');
      if (request === 'grow') {
        const memory = new WebAssembly.Memory({ initial: 1 });
        for (let pages = 1; ; pages += 512) try { memory.grow(512); } catch { parentPort.postMessage(pages / 16); break; }
        return;
      }
      if (request === 'leave') process.exit(3);
      parentPort.postMessage(request === 'environment' ? Object.keys(process.env) : request + calls);
    });`)}`,
);

const thread = new ThreadCaller<string, unknown>(script);
const call = (
  request: string,
  bounds: { timeLimitMs?: number; signal?: AbortSignal } = {},
): Promise<unknown> => thread.call(request, [], { timeLimitMs: 20_000, ...bounds });

afterEach(() => thread.close());

test('one thread answers call after call', async () => {
  expect([await call('a'), await call('b')]).toEqual(['a1', 'b2']);
});

test('a thread that does not answer in time is ended, and the next call gets a new one', async () => {
  await expect(call('hang', { timeLimitMs: 300 })).rejects.toMatchObject({
    code: 'intake-timed-out',
    status: 503,
  });
  expect(await call('a')).toBe('a1');
});

test('a cancelled call ends its thread', async () => {
  const stop = new AbortController();
  const hanging = call('hang', { signal: stop.signal });
  stop.abort();
  await expect(hanging).rejects.toMatchObject({ code: 'intake-cancelled' });
  await expect(call('a', { signal: stop.signal })).rejects.toMatchObject({ code: 'intake-cancelled' });
  expect(await call('a')).toBe('a1');
});

test.each(['crash', 'leave'])(
  'a %s of the thread is an error of the call, not of the process',
  async (end) => {
    await expect(call(end)).rejects.toMatchObject({ code: 'intake-reader-failed' });
    expect(await call('a')).toBe('a1');
  },
);

test('the thread sees nothing of the environment', async () => {
  expect(await call('environment')).toEqual([]);
});

test('WebAssembly in a thread cannot grow past its limit', async () => {
  const megabytes = await call('grow');
  expect(megabytes).toBeGreaterThan(limits.wasmMegabytes / 2);
  expect(megabytes).toBeLessThanOrEqual(limits.wasmMegabytes);
});
