import { describe, expect, it } from 'vitest';
import { createLogger, createServer, registerHealth, ServiceError } from './index.ts';

function build() {
  let log = '';
  const logger = createLogger({
    app: 'test',
    destination: {
      write: (line: string) => {
        log += line;
      },
    },
  });
  const server = createServer({ logger, bodyLimit: 100 });
  return { server, logger, log: () => log };
}

describe('an answer to an error', () => {
  it('is a problem document that says what the error may say', async () => {
    const { server } = build();
    server.get('/busy', () => {
      throw new ServiceError('rate-limited', 'Wait.', { retryAfterSeconds: 7, detail: 'only for the log' });
    });
    const answer = await server.inject('/busy');
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBe('7');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ code: 'rate-limited', title: 'Wait.', status: 429 });
    expect(answer.body).not.toContain('only for the log');
  });

  it('tells nothing of an error that nobody meant to be told', async () => {
    const { server, log } = build();
    server.get('/broken', () => {
      throw new Error('duplicate key value: Ada Example');
    });
    const answer = await server.inject('/broken');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'internal' });
    expect(answer.body).not.toContain('Ada');
    expect(log()).toContain('"code":"internal"');
    expect(log()).not.toContain('Ada');
  });

  it.each([
    ['/nowhere?name=Ada', {}, 404, 'route-unknown'],
    ['/%zz', {}, 400, 'request-invalid'],
    ['//', {}, 404, 'route-unknown'],
    [
      '/echo',
      { method: 'POST', payload: 'x'.repeat(200), headers: { 'content-type': 'application/json' } },
      413,
      'body-too-large',
    ],
    [
      '/echo',
      { method: 'POST', payload: '{', headers: { 'content-type': 'application/json' } },
      400,
      'request-invalid',
    ],
    [
      '/echo',
      { method: 'POST', payload: '<a/>', headers: { 'content-type': 'text/xml' } },
      415,
      'media-type-unsupported',
    ],
  ] as const)('to %s has its code and no input', async (path, options, status, code) => {
    const { server, log } = build();
    server.post('/echo', (request) => request.body);
    const answer = await server.inject({ url: path, ...options });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
    expect(answer.body + log()).not.toContain('Ada');
  });

  it.each(['5f1c0d3e-6f0a-4b7c-9d2e-1a2b3c4d5e6f', '0AF7651916CD43DD8448EB211C80319C'])(
    'takes the request id %s, which is a UUID or a trace id',
    async (given) => {
      const { server, log } = build();
      const answer = await server.inject({ url: '/', headers: { 'x-request-id': given } });
      expect(answer.headers['x-request-id']).toBe(given);
      expect(log()).toContain(given);
    },
  );

  it.each([
    'Ada-Example-1984-03-17',
    'ada_example_gmail_com',
    'a b"c',
    '4111-1111-1111-1111',
    '9434765919',
    '',
  ])('takes %j for no request id: whoever sends it would write into the log', async (given) => {
    const { server, log } = build();
    const answer = await server.inject({ url: '/', headers: { 'x-request-id': given } });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    if (given !== '') expect(log()).not.toContain(given);
  });

  it('takes a card number in the form of a trace id for no request id', async () => {
    const { server } = build();
    const given = 'abcdefabcdefabcd4111111111111111';
    const answer = await server.inject({ url: '/', headers: { 'x-request-id': given } });
    expect(answer.headers['x-request-id']).not.toBe(given);
  });
});

describe('a log line', () => {
  it('holds listed members alone, and of an error no message', () => {
    const { logger, log } = build();
    const more = { tenantId: 't', patientName: 'Ada Example', err: new Error('Ada Example') };
    logger.info('event', more);
    expect(JSON.parse(log())).toMatchObject({ event: 'event', tenantId: 't', err: { type: 'Error' } });
    expect(log()).not.toContain('Ada');
  });
});

describe('readiness', () => {
  it('asks each dependency now, and fails with the one that fails or hangs', async () => {
    const { server } = build();
    let up = true;
    registerHealth(server, [
      { name: 'store', run: () => (up ? Promise.resolve() : Promise.reject(new Error('away'))) },
    ]);
    expect((await server.inject('/health/ready')).statusCode).toBe(200);
    up = false;
    const answer = await server.inject('/health/ready');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'failed', checks: { store: 'failed' } });
    expect((await server.inject('/health/live')).statusCode).toBe(200);
  });

  it('tells facts beside the checks, which make nothing unready, and unknown where one cannot be found out', async () => {
    const { server } = build();
    registerHealth(
      server,
      [],
      [
        { name: 'known', tell: () => Promise.resolve('proven: by somebody') },
        { name: 'hidden', tell: () => Promise.reject(new Error('away')) },
      ],
    );
    const answer = await server.inject('/health/ready');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ facts: { known: 'proven: by somebody', hidden: 'unknown' } });
  });
});
