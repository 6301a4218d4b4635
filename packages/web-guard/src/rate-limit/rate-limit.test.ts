import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { createMemoryRateLimitStore } from './rate-limit-store.ts';
import { createRateLimit, type RateLimitSubject } from './rate-limit.ts';

const rule = { name: 'sign-in', limit: 3, windowSeconds: 60 };
const anna: RateLimitSubject = { tenantId: 't1', caller: 'anna' };

async function countAllowed(take: () => Promise<void>, attempts: number): Promise<number> {
  let allowed = 0;
  for (let attempt = 0; attempt < attempts; attempt++)
    await take().then(
      () => allowed++,
      () => undefined,
    );
  return allowed;
}

describe('the rate limit', () => {
  it('lets a burst of the limit through, then says how long to wait', async () => {
    let now = 1_000_000;
    const rateLimit = createRateLimit({ now: () => now });
    expect(await countAllowed(() => rateLimit.take(rule, anna), 10)).toBe(3);
    await expect(rateLimit.take(rule, anna)).rejects.toMatchObject({
      code: 'rate-limited',
      status: 429,
      retryAfterSeconds: 20,
    });
    now += 20_000;
    expect(await countAllowed(() => rateLimit.take(rule, anna), 10)).toBe(1);
    now += 60_000;
    expect(await countAllowed(() => rateLimit.take(rule, anna), 10)).toBe(3);
  });

  it('counts tenants, callers, addresses and rules apart', async () => {
    const rateLimit = createRateLimit({ now: () => 0 });
    await countAllowed(() => rateLimit.take(rule, anna), 3);
    await expect(rateLimit.take(rule, anna)).rejects.toThrow();
    await rateLimit.take(rule, { ...anna, tenantId: 't2' });
    await rateLimit.take(rule, { ...anna, tenantId: null });
    await rateLimit.take(rule, { ...anna, caller: 'berta' });
    await rateLimit.take(rule, { tenantId: 't1', address: 'anna' });
    await rateLimit.take({ ...rule, name: 'intake' }, anna);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['2001:DB8:1:2::1', '2001:0db8:0001:0002:0:0:0:7', true],
    ['::1', '::2', true],
    ['::ffff:192.0.2.1', '192.0.2.1', true],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
    ['192.0.2.1', '192.0.2.2', false],
  ])('counts %s and %s together: %s', async (first, second, together) => {
    const rateLimit = createRateLimit({ now: () => 0 });
    await countAllowed(() => rateLimit.take(rule, { tenantId: null, address: first }), 3);
    expect(await countAllowed(() => rateLimit.take(rule, { tenantId: null, address: second }), 1)).toBe(
      together ? 0 : 1,
    );
  });

  it('holds a bounded number of counts, and a flood frees nobody', async () => {
    const store = createMemoryRateLimitStore({ maxKeys: 100 });
    const rateLimit = createRateLimit({ store, now: () => 5_000 });
    await countAllowed(() => rateLimit.take(rule, anna), 3);
    for (let index = 0; index < 5_000; index++)
      await rateLimit.take(rule, { tenantId: 't1', caller: `caller ${index}` }).catch(() => undefined);
    expect(store.size).toBeLessThanOrEqual(100 + 256);
    await expect(rateLimit.take(rule, anna)).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('gives the place of a count that has run out to the next caller', async () => {
    let now = 5_000;
    const store = createMemoryRateLimitStore({ maxKeys: 1 });
    const rateLimit = createRateLimit({ store, now: () => now });
    await rateLimit.take(rule, anna);
    now += 120_000;
    await rateLimit.take(rule, { ...anna, caller: 'berta' });
    expect(store.size).toBe(1);
  });

  it('answers 429 as a hook of a route', async () => {
    const rateLimit = createRateLimit({ now: () => 0 });
    const server = Fastify();
    server.get('/', { onRequest: rateLimit.hook(rule) }, () => 'ok');
    const statuses: number[] = [];
    for (let index = 0; index < 5; index++) statuses.push((await server.inject('/')).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    await server.close();
  });
});
