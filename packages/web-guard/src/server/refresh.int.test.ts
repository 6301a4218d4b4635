import { describe, expect, it } from 'vitest';
import { useRoom } from '../../testing/test-room.ts';

const room = useRoom();

describe('refreshing', () => {
  it('happens once for fifty requests at once over two servers, and all fifty are answered', async () => {
    const browser = await room.signInExpired();
    room.provider.tokenEndpoint.delayMs = 60;
    const calls = Array.from({ length: 50 }, (_, index) =>
      browser.call(room.me(), { via: index % 2 === 0 ? room.app.port : room.twin.port }),
    );
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    expect(room.provider.refreshes).toEqual({ granted: 1, refused: 0 });
    const tokens = new Set(room.engine.seen.map(({ headers }) => headers.authorization));
    expect(tokens.size).toBe(1);
    expect((await browser.call(room.me(), { via: room.twin.port })).status).toBe(200);
    expect(room.provider.refreshes.granted).toBe(1);
  });

  it('is not needed while the token is good', async () => {
    const browser = await room.signIn();
    await browser.call(room.me());
    expect(room.provider.refreshes.granted).toBe(0);
  });

  it('ends the session when the provider refuses', async () => {
    await room.clear();
    const browser = await room.signInExpired();
    room.provider.next.accessSeconds = 5;
    await browser.call(room.me());
    await browser.call(room.me());
    expect(room.provider.refreshes.granted).toBe(2);
    room.provider.next.tenantId = 'another tenant';
    const moved = await browser.call(room.me());
    expect([moved.status, moved.json()['code']]).toEqual([401, 'session-ended']);
    expect(await room.countSessions()).toBe(0);
  });

  it('keeps the session when the provider is away, and goes on when it is back', async () => {
    const browser = await room.signInExpired();
    room.provider.tokenEndpoint.away = true;
    const away = await browser.call(room.me());
    expect([away.status, away.json()['code']]).toEqual([503, 'sign-in-unavailable']);
    room.provider.tokenEndpoint.away = false;
    expect((await browser.call(room.me())).status).toBe(200);
  });

  it('is taken over from a process that died in the middle', async () => {
    await room.clear();
    const browser = await room.signInExpired();
    await room.admin.query(
      `UPDATE ${room.schema}.browser_sessions SET refreshing_by = gen_random_uuid(), refreshing_until = now() + interval '0.3 s'`,
    );
    expect((await browser.call(room.me())).status).toBe(200);
    expect(room.provider.refreshes.granted).toBe(1);
  });

  it('does not revive a session that was signed out meanwhile', async () => {
    await room.clear();
    const browser = await room.signInExpired();
    const held = Promise.withResolvers<undefined>();
    room.provider.tokenEndpoint.held = held.promise;
    const before = room.provider.seen.length;
    const pending = browser.call(room.me());
    const asked = () => room.provider.seen.slice(before).map(({ path }) => path);
    await expect.poll(asked).toContain('/token');
    await room.admin.query(`DELETE FROM ${room.schema}.browser_sessions`);
    held.resolve(undefined);
    const answer = await pending;
    expect([answer.status, answer.json()['code']]).toEqual([401, 'session-ended']);
    expect(await room.countSessions()).toBe(0);
  });

  it('ends the session of a person whose role no longer belongs here', async () => {
    await room.clear();
    const browser = await room.signInExpired();
    room.provider.next.role = 'role.patient';
    expect((await browser.call(room.me())).status).toBe(401);
    expect(await room.countSessions()).toBe(0);
  });
});
