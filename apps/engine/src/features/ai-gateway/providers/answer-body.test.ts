import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnswerBody } from './answer-body.ts';

let server: Server;
let answer: (response: ServerResponse) => void;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
beforeAll(async () => {
  server = createServer((_request, response) => {
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  agent.destroy();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

function open(mostBytes = 10_000_000): Promise<{ incoming: IncomingMessage; body: AnswerBody; ended: () => number }> {
  const { port } = server.address() as AddressInfo;
  let ended = 0;
  const end = (): void => void (ended += 1);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent }, (incoming) => {
      incoming.on('error', () => undefined);
      resolve({ incoming, body: new AnswerBody(incoming, mostBytes, { piece: () => undefined, end }), ended: () => ended });
    });
    sent.on('error', reject).end();
  });
} // prettier-ignore

describe('the body of an answer', () => {
  it('comes whole to who reads slowly, and waits at the provider meanwhile', async () => {
    const whole = Buffer.alloc(3_000_000, 'abcdefghij');
    answer = (response) => response.end(whole);
    const { incoming, body, ended } = await open();
    await expect.poll(() => incoming.isPaused()).toBe(true);
    const pieces: Buffer[] = [];
    for await (const piece of body) {
      await new Promise(setImmediate);
      pieces.push(piece);
    }
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    expect(ended()).toBe(1);
  });

  it('is none where it is too large, also what of it was there', async () => {
    answer = (response) => response.end(Buffer.alloc(2_000));
    const { body, ended } = await open(1_999);
    await expect(body.next()).rejects.toMatchObject({ code: 'ai-provider-failed' });
    await expect(body.next()).rejects.toMatchObject({ code: 'ai-provider-failed' });
    expect(ended()).toBe(1);
  });

  it('that is left ends its connection', async () => {
    let closed = false;
    answer = (response) => {
      response.on('close', () => (closed = true)).write('and so on');
    };
    const { body, ended } = await open();
    for await (const piece of body) {
      expect(String(piece)).toBe('and so on');
      break;
    }
    await expect.poll(() => closed).toBe(true);
    expect(ended()).toBe(1);
    expect(await body.next()).toEqual({ done: true, value: undefined });
  });

  it('that was read to its end leaves a connection for the next', async () => {
    answer = (response) => response.end('all');
    let connections = 0;
    server.on('connection', () => (connections += 1));
    for (let turn = 0; turn < 3; turn += 1) {
      const { body } = await open();
      for await (const piece of body) expect(String(piece)).toBe('all');
    }
    expect(connections).toBe(1);
  });
});
