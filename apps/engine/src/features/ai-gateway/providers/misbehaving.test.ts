import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openFind, tellOutcome } from './testing/ask-provider.ts';
import { openRawServer, type RawServer } from './testing/raw-server.ts';

let server: RawServer;
let requests = 0;
beforeAll(async () => {
  server = await openRawServer();
});
beforeEach(() => {
  requests = 0;
});
afterAll(() => server.close());

const body = JSON.stringify({ choices: [{ message: { content: 'All is well.' }, finish_reason: 'stop' }] });
const size = Buffer.byteLength(body);
const head = (...lines: string[]): string => [...lines, '', ''].join('\r\n');
const ok = 'HTTP/1.1 200 OK';
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const limits = { firstByteMs: 20_000, idleMs: 20_000, wholeMs: 40_000, mostBytes: 100_000 };
/** For what never ends: whatever comes of it, it is not another answer. */
const short = openFind({ limits: { ...limits, firstByteMs: 300, idleMs: 300, wholeMs: 600 } });

function ask(answer: (socket: Socket) => void, stream = false, find = openFind({ limits })): Promise<string> {
  server.answer = (socket) => {
    requests += 1;
    answer(socket);
  };
  return tellOutcome({ provider: { baseUrl: server.url }, stream, find });
}
const write = (...texts: (string | Buffer)[]) => (socket: Socket): void => {
  for (const text of texts) socket.write(text);
}; // prettier-ignore
const writeAndEnd = (...texts: (string | Buffer)[]) => (socket: Socket): void => {
  write(...texts)(socket);
  socket.end();
}; // prettier-ignore
/** The first at once, the second again and again while somebody listens. */
const drip = (first: string, again: string, everyMs: number) => (socket: Socket): void => {
  socket.write(first);
  const timer = setInterval(() => socket.write(again), everyMs);
  socket.on('close', () => { clearInterval(timer); });
}; // prettier-ignore

describe('an answer is read', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['of HTTP/1.0, which ends with its connection', writeAndEnd(head('HTTP/1.0 200 OK'), body)],
    ['without a length, which ends with its connection', writeAndEnd(head(ok, 'Connection: close'), body)],
    ['in chunks of one byte', write(head(ok, 'Transfer-Encoding: chunked'), ...Array.from(body, chunk), '0\r\n\r\n')],
    ['with lines behind its chunks', write(head(ok, 'Transfer-Encoding: chunked', 'Trailer: x-x'), chunk(body), '0\r\nx-x: 1\r\n\r\n')],
    ['behind words that go before it', write(head('HTTP/1.1 100 Continue'), head('HTTP/1.1 103 Early Hints', 'Link: </x>'), head(ok, `Content-Length: ${size}`), body)],
    ['with a mark of its encoding', write(head(ok, `Content-Length: ${size + 3}`), '\u{feff}', body)],
    ['in another charset’s name', write(head(ok, `Content-Length: ${size}`, 'Content-Type: text/plain; charset=latin1'), body)],
  ])('%s', async (_what, answer) => {
    expect(await ask(answer)).toBe('All is well.');
    expect(requests).toBe(1);
  }); // prettier-ignore
});

describe('an answer is none', () => {
  it.each<[string, (socket: Socket) => void, boolean?]>([
    ['whose chunks are cut', writeAndEnd(head(ok, 'Transfer-Encoding: chunked'), chunk(body))],
    ['whose chunk is cut', writeAndEnd(head(ok, 'Transfer-Encoding: chunked'), chunk(body).slice(0, -20))],
    ['whose chunk has no length', write(head(ok, 'Transfer-Encoding: chunked'), `many\r\n${body}\r\n0\r\n\r\n`)],
    ['that is shorter than it says', writeAndEnd(head(ok, `Content-Length: ${size + 50}`), body)],
    ['that is longer than it says', write(head(ok, `Content-Length: ${size - 5}`), body)],
    ['with two lengths', write(head(ok, `Content-Length: ${size}`, `Content-Length: ${size + 1}`), body)],
    ['with a length and chunks', write(head(ok, `Content-Length: ${size}`, 'Transfer-Encoding: chunked'), chunk(body), '0\r\n\r\n')],
    ['with a length below nothing', write(head(ok, 'Content-Length: -1'), body)],
    ['that is a bomb, packed', writeAndEnd(head(ok, 'Content-Encoding: gzip'), gzipSync(Buffer.alloc(20_000_000)))],
    ['that is a bomb, packed twice', writeAndEnd(head(ok, 'Content-Encoding: gzip, gzip'), gzipSync(gzipSync(Buffer.alloc(20_000_000))))],
    ['that is packed on its way', writeAndEnd(head(ok, 'Transfer-Encoding: gzip, chunked'), chunk('x'), '0\r\n\r\n')],
    ['that is packed and does not say so', writeAndEnd(head(ok), gzipSync(body))],
    ['with lines above every size', write(head(ok, `X-Bomb: ${'x'.repeat(100_000)}`), body)],
    ['with lines above every number', write(head(ok, ...Array.from({ length: 5_000 }, (_each, at) => `X-${at}: 1`)), body)],
    ['with a line that is none', write(head(ok, 'no line at all'), body)],
    ['of HTTP/0.9', writeAndEnd(body)],
    ['of another protocol', writeAndEnd('220 mail.example ESMTP\r\n')],
    ['of nothing', writeAndEnd('')],
    ['that changes to another protocol', write(head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'), body)],
    ['beyond its size', writeAndEnd(head(ok), `{"x":"${'x'.repeat(200_000)}`)],
    ['whose stream is cut between two chunks', writeAndEnd(head(ok, 'Transfer-Encoding: chunked'), chunk('data: {"choices":[{"delta":{"content":"All"}}]}\n\n')), true],
    ['whose stream is cut behind the reason of its end', writeAndEnd(head(ok, 'Transfer-Encoding: chunked'), chunk('data: {"choices":[{"delta":{"content":"All"},"finish_reason":"stop"}]}\n\n')), true],
  ])('%s', async (_what, answer, stream = false) => {
    expect(await ask(answer, stream)).toBe('ai-provider-failed');
    expect(requests).toBe(1);
  }); // prettier-ignore

  it.each([100, 102, 103, 199].map((status) => [status]))('that goes on with %i for ever', async (status) => {
    const early = head(`HTTP/1.1 ${status} Wait`);
    expect(await ask(drip(early, early, 50), false, short)).toMatch(/^ai-provider-(?:slow|failed)$/);
  });

  it.each([201, 202, 203, 204, 205, 206, 207, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 418, 500, 502, 529, 999])(
    'of the status %i, wherever it points',
    async (status) => {
      const other = await openRawServer();
      const answer = write(head(`HTTP/1.1 ${status} X`, `Location: ${other.url}/v1`, `Refresh: 0; url=${other.url}`, `Content-Length: ${size}`), body);
      expect(await ask(answer)).toBe('ai-provider-failed');
      expect([requests, other.connections()]).toEqual([1, 0]);
      await other.close();
    },
  ); // prettier-ignore

  it.each<[string, (socket: Socket) => void, boolean?]>([
    ['whose head drips', drip('HTTP/1.1 200 OK\r\n', 'X-A: 1\r\n', 100)],
    ['whose body drips', drip(head(ok), ' ', 100)],
    ['whose chunks drip', drip(head(ok, 'Transfer-Encoding: chunked'), chunk(' '), 100)],
    ['whose stream drips comments', drip(head(ok), ': ping\n\n', 100), true],
    ['whose stream drips words', drip(head(ok), 'data: {"choices":[{"delta":{"content":"a "}}]}\n\n', 100), true],
    ['whose stream falls silent', write(head(ok), 'data: {"choices":[{"delta":{"content":"a "}}]}\n\n'), true],
  ])('%s, when its time is over', async (_what, answer, stream = false) => {
    let closed = false;
    const watched = (socket: Socket): void => {
      socket.on('close', () => (closed = true));
      answer(socket);
    };
    expect(await ask(watched, stream, short)).toBe('ai-provider-slow');
    await expect.poll(() => closed).toBe(true);
  }); // prettier-ignore
});

it('what a provider sends unasked, for the answer after this one, is nobody’s answer', async () => {
  const find = openFind({ limits });
  const whole = head(ok, `Content-Length: ${size}`) + body;
  const other = whole.replace('All is well', 'Injected!!!');
  expect(await ask(write(whole + other), false, find)).toBe('All is well.');
  expect(await ask(write(whole), false, find)).toBe('All is well.');
});
