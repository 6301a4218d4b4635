import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AiGatewayError } from '@cordon/ai-gateway';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFreeBasePort } from '../../../../../../testing/end-to-end/find-ports.ts';
import type { ModelEvent } from './index.ts';
import { askProvider, openFind, type Asking } from './testing/ask-provider.ts';
import {
  openProtocolServer,
  openAiStream,
  type Answer,
  type ProtocolServer,
} from './testing/protocol-server.ts';

let server: ProtocolServer;
const find = openFind();
const good: Answer = { pieces: [JSON.stringify({ choices: [{ message: { content: 'hi' } }] })] };
const busy = (status: number, after?: string): Answer => ({
  status,
  headers: after === undefined ? {} : { 'retry-after': after },
  pieces: [],
});
let attempts: number[] = [];
beforeAll(async () => {
  server = await openProtocolServer();
});
beforeEach(() => {
  server.received.length = 0;
  attempts = [];
});
afterAll(() => server.close());

/** Answers one after the other; the last one from then on. */
function answerInTurn(...answers: Answer[]): void {
  server.answer = () => (answers.length > 1 ? answers.shift() : answers[0]) ?? good;
}

type Again = Omit<Asking, 'provider'> & { readonly url?: string };

const ask = ({ url = server.url, beforeAgain, ...asking }: Again = {}): Promise<ModelEvent[]> =>
  askProvider({
    provider: { baseUrl: `${url}/v1` },
    stream: false,
    find,
    beforeAgain: async (attempt) => {
      attempts.push(attempt);
      await beforeAgain?.(attempt);
    },
    ...asking,
  });

const refusalOf = (asking?: Again): Promise<unknown> => ask(asking).then(() => undefined, (error: unknown) => error); // prettier-ignore

describe('a call is sent again', () => {
  it.each([
    ['429 with seconds', busy(429, '0')],
    ['503 with seconds', busy(503, '0')],
    ['503 with a date that has passed', busy(503, 'Fri, 31 Dec 1999 23:59:59 GMT')],
  ])('after %s, byte for byte', async (_what, first) => {
    answerInTurn(first, good);
    expect(await ask()).toHaveLength(2);
    expect(attempts).toEqual([2]);
    expect(server.received).toHaveLength(2);
    expect(server.received[1]?.body).toBe(server.received[0]?.body);
  });

  it('where the connection was refused, once somebody listens', async () => {
    const late = createServer((_request, response) => response.end(good.pieces[0]));
    const port = await findFreeBasePort();
    const url = `http://127.0.0.1:${port}`;
    const events = await ask({
      url,
      beforeAgain: () => new Promise((resolve) => late.listen(port, '127.0.0.1', resolve)),
    });
    expect(events).toHaveLength(2);
    expect(attempts).toEqual([2]);
    late.closeAllConnections();
    await new Promise((resolve) => late.close(resolve));
  });

  it('twice at most, and then what the provider said is told', async () => {
    answerInTurn(busy(429, '0'));
    expect(await refusalOf()).toMatchObject({ code: 'ai-provider-failed', retryAfterSeconds: 1 });
    expect(attempts).toEqual([2, 3]);
    expect(server.received).toHaveLength(3);
  });
});

describe('a call is sent once', () => {
  it.each<[string, Answer, boolean?]>([
    ['where nobody says when to come back', busy(429)],
    ['where it would have to wait for long', busy(503, '60')],
    ['where that is no time', busy(503, 'soon')],
    ['where it failed otherwise', { ...busy(500, '0') }],
    ['where it is sent elsewhere', { ...busy(307, '0') }],
    ['where an answer began and broke', { pieces: ['{"choices":[{'] }],
    ['where a stream began and broke', { pieces: openAiStream({ content: 'hi' }).slice(0, 1) }, true],
  ])('%s', async (_what, answer, stream = false) => {
    server.answer = answer;
    expect(await refusalOf({ stream })).toMatchObject({ code: 'ai-provider-failed' });
    expect(attempts).toEqual([]);
    expect(server.received).toHaveLength(1);
  });

  it('where the connection was cut after the request was there', async () => {
    const cut = createServer((request) => request.on('data', () => request.socket.destroy()));
    await new Promise<void>((resolve) => cut.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(cut.address() as AddressInfo).port}`;
    expect(await refusalOf({ url })).toMatchObject({ code: 'ai-provider-failed' });
    expect(attempts).toEqual([]);
    await new Promise((resolve) => cut.close(resolve));
  });

  it('where the next attempt cannot be recorded', async () => {
    answerInTurn(busy(429, '0'), good);
    const away = new AiGatewayError('ai-check-failed');
    expect(await refusalOf({ beforeAgain: () => Promise.reject(away) })).toBe(away);
    expect(server.received).toHaveLength(1);
  });

  it('where who asked has left meanwhile', async () => {
    answerInTurn(busy(503, '4'), good);
    const gone = new AbortController();
    const beforeAgain = (): Promise<void> => {
      gone.abort();
      return Promise.resolve();
    };
    expect(await refusalOf({ signal: gone.signal, beforeAgain })).toMatchObject({ name: 'AbortError' });
    expect(server.received).toHaveLength(1);
  });
});
