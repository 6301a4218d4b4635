import { createLogger, createServer } from '@cordon/service';
import { expect, it } from 'vitest';
import { readClientAddress } from './client-address.ts';

/** What the engine takes for the client's address of a request that comes from `from`. */
async function addressOf(from: string, forwarded?: string): Promise<string> {
  const server = createServer({
    logger: createLogger({ app: 'test', level: 'error' }),
    trustProxy: ['10.0.0.5'],
  });
  server.get('/', (request) => ({ address: readClientAddress(request) }));
  const answer = await server.inject({
    url: '/',
    remoteAddress: from,
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  });
  await server.close();
  return answer.json<{ address: string }>().address;
}

it('believes a session server about its browser', async () => {
  expect(await addressOf('10.0.0.5', '203.0.113.7')).toBe('203.0.113.7');
});

it('believes nobody else', async () => {
  expect(await addressOf('198.51.100.9', '203.0.113.7')).toBe('198.51.100.9');
});

it('takes the last address that no trusted proxy stands for, not what the browser wrote in front', async () => {
  expect(await addressOf('10.0.0.5', '192.0.2.66, 203.0.113.7')).toBe('203.0.113.7');
});

it.each(['unknown', '203.0.113.7:4711', '', "'; DROP TABLE"])(
  'names the session server itself where it says %j, which is no address',
  async (forwarded) => {
    expect(await addressOf('10.0.0.5', forwarded)).toBe('10.0.0.5');
  },
);

it('leaves out the zone of a link-local address, which is of this machine alone', async () => {
  expect(await addressOf('10.0.0.5', 'fe80::1%eth0')).toBe('fe80::1');
});
