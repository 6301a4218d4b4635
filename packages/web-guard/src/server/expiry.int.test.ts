import { describe, expect, it } from 'vitest';
import { useRoom } from '../../testing/test-room.ts';

const room = useRoom();

describe('expiry', () => {
  async function age(column: string, seconds: number): Promise<void> {
    await room.admin.query(`UPDATE ${room.schema}.browser_sessions SET ${column} = now() + $1 * interval '1 second'`, [seconds]);
  } // prettier-ignore

  it('after idling is enforced on the server', async () => {
    await room.clear();
    const browser = await room.signIn();
    await age('idle_expires_at', -1);
    expect((await browser.call(`${room.publicUrl}/auth/session`)).json()).toEqual({ signedIn: false });
    expect((await browser.call(room.me())).status).toBe(401);
  });

  it('at the absolute end comes however active the person is', async () => {
    await room.clear();
    const browser = await room.signIn();
    await room.admin.query(
      `UPDATE ${room.schema}.browser_sessions SET idle_expires_at = now() - interval '1 s', absolute_expires_at = now() - interval '1 s'`,
    );
    expect((await browser.call(room.me())).status).toBe(401);
  });

  it('moves with activity, never past the absolute end, and not by asking or live updates', async () => {
    await room.clear();
    const browser = await room.signIn();
    const left = async () =>
      Number((await browser.call(`${room.publicUrl}/auth/session`)).json()['idleSeconds']);
    await age('last_seen_at', -60);
    await age('idle_expires_at', 100);
    expect(await left()).toBeLessThanOrEqual(100);
    await browser.call(room.me(), { headers: { accept: 'text/event-stream' } });
    await browser.call(room.me(), { headers: { 'x-cordon-passive': '1' } });
    expect(await left()).toBeLessThanOrEqual(100);
    await browser.call(room.me());
    expect(await left()).toBeGreaterThan(800);
    await age('last_seen_at', -60);
    await age('absolute_expires_at', 901);
    await age('idle_expires_at', 50);
    await age('absolute_expires_at', 200);
    await browser.call(room.me());
    const session = (await browser.call(`${room.publicUrl}/auth/session`)).json();
    expect(session).toMatchObject({ signedIn: true });
    expect(Number(session['idleSeconds'])).toBeLessThanOrEqual(200);
    expect(Number(session['absoluteSeconds'])).toBeLessThanOrEqual(200);
  });

  it('is swept from the store by later sign-ins', async () => {
    await room.clear();
    await room.signIn('anna');
    await age('idle_expires_at', -1);
    await room.signIn('berta');
    expect(await room.countSessions()).toBe(1);
  });

  it('leaves at most twenty sessions of one person', async () => {
    await room.clear();
    for (let count = 0; count < 22; count++) await room.signIn('anna');
    expect(await room.countSessions()).toBe(20);
  });
});
