import { describe, expect, it } from 'vitest';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('refreshing', () => {
  it('happens once for fifty requests at once over two servers, and all fifty are answered', async () => {
    const browser = await setup.signInExpired();
    setup.provider.tokenEndpoint.delayMs = 60;
    const calls = Array.from({ length: 50 }, (_, index) =>
      browser.call(setup.me(), { via: index % 2 === 0 ? setup.app.port : setup.twin.port }),
    );
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    expect(setup.provider.refreshes).toEqual({ granted: 1, refused: 0 });
    const tokens = new Set(setup.engine.seen.map(({ headers }) => headers.authorization));
    expect(tokens.size).toBe(1);
    expect((await browser.call(setup.me(), { via: setup.twin.port })).status).toBe(200);
    expect(setup.provider.refreshes.granted).toBe(1);
  });

  it('is not needed while the token is good', async () => {
    const browser = await setup.signIn();
    await browser.call(setup.me());
    expect(setup.provider.refreshes.granted).toBe(0);
  });

  it('ends the session when the provider refuses', async () => {
    await setup.clear();
    const browser = await setup.signInExpired();
    setup.provider.next.accessSeconds = 5;
    await browser.call(setup.me());
    await browser.call(setup.me());
    expect(setup.provider.refreshes.granted).toBe(2);
    setup.provider.next.tenantId = 'another tenant';
    const moved = await browser.call(setup.me());
    expect([moved.status, moved.json()['code']]).toEqual([401, 'session-ended']);
    expect(await setup.countSessions()).toBe(0);
  });

  it('keeps the session when the provider is away, and goes on when it is back', async () => {
    const browser = await setup.signInExpired();
    setup.provider.tokenEndpoint.away = true;
    const away = await browser.call(setup.me());
    expect([away.status, away.json()['code']]).toEqual([503, 'sign-in-unavailable']);
    setup.provider.tokenEndpoint.away = false;
    expect((await browser.call(setup.me())).status).toBe(200);
  });

  it('is taken over from a process that died in the middle', async () => {
    await setup.clear();
    const browser = await setup.signInExpired();
    await setup.admin.query(
      `UPDATE ${setup.schema}.browser_sessions SET refreshing_by = gen_random_uuid(), refreshing_until = now() + interval '0.3 s'`,
    );
    expect((await browser.call(setup.me())).status).toBe(200);
    expect(setup.provider.refreshes.granted).toBe(1);
  });

  it('does not revive a session that was signed out meanwhile', async () => {
    await setup.clear();
    const browser = await setup.signInExpired();
    const held = Promise.withResolvers<undefined>();
    setup.provider.tokenEndpoint.held = held.promise;
    const before = setup.provider.seen.length;
    const pending = browser.call(setup.me());
    const asked = () => setup.provider.seen.slice(before).map(({ path }) => path);
    await expect.poll(asked).toContain('/token');
    await setup.admin.query(`DELETE FROM ${setup.schema}.browser_sessions`);
    held.resolve(undefined);
    const answer = await pending;
    expect([answer.status, answer.json()['code']]).toEqual([401, 'session-ended']);
    expect(await setup.countSessions()).toBe(0);
  });

  it('ends the session of a person whose role no longer belongs here', async () => {
    await setup.clear();
    const browser = await setup.signInExpired();
    setup.provider.next.role = 'role.patient';
    expect((await browser.call(setup.me())).status).toBe(401);
    expect(await setup.countSessions()).toBe(0);
  });
});
