import { describe, expect, it } from 'vitest';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('expiry', () => {
  async function age(column: string, seconds: number): Promise<void> {
    await setup.admin.query(`UPDATE ${setup.schema}.browser_sessions SET ${column} = now() + $1 * interval '1 second'`, [seconds]);
  } // prettier-ignore

  it('after idling is enforced on the server', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    await age('idle_expires_at', -1);
    expect((await browser.call(`${setup.publicUrl}/auth/session`)).json()).toEqual({ signedIn: false });
    expect((await browser.call(setup.me())).status).toBe(401);
  });

  it('at the absolute end comes however active the person is', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    await setup.admin.query(
      `UPDATE ${setup.schema}.browser_sessions SET idle_expires_at = now() - interval '1 s', absolute_expires_at = now() - interval '1 s'`,
    );
    expect((await browser.call(setup.me())).status).toBe(401);
  });

  it('moves with activity, never past the absolute end, and not by asking or live updates', async () => {
    await setup.clear();
    const browser = await setup.signIn();
    const left = async () =>
      Number((await browser.call(`${setup.publicUrl}/auth/session`)).json()['idleSeconds']);
    await age('last_seen_at', -60);
    await age('idle_expires_at', 100);
    expect(await left()).toBeLessThanOrEqual(100);
    await browser.call(setup.me(), { headers: { accept: 'text/event-stream' } });
    await browser.call(setup.me(), { headers: { 'x-cordon-passive': '1' } });
    expect(await left()).toBeLessThanOrEqual(100);
    await browser.call(setup.me());
    expect(await left()).toBeGreaterThan(800);
    await age('last_seen_at', -60);
    await age('absolute_expires_at', 901);
    await age('idle_expires_at', 50);
    await age('absolute_expires_at', 200);
    await browser.call(setup.me());
    const session = (await browser.call(`${setup.publicUrl}/auth/session`)).json();
    expect(session).toMatchObject({ signedIn: true });
    expect(Number(session['idleSeconds'])).toBeLessThanOrEqual(200);
    expect(Number(session['absoluteSeconds'])).toBeLessThanOrEqual(200);
  });

  it('is swept from the store by later sign-ins', async () => {
    await setup.clear();
    await setup.signIn('anna');
    await age('idle_expires_at', -1);
    await setup.signIn('berta');
    expect(await setup.countSessions()).toBe(1);
  });

  it('leaves at most twenty sessions of one person', async () => {
    await setup.clear();
    for (let count = 0; count < 22; count++) await setup.signIn('anna');
    expect(await setup.countSessions()).toBe(20);
  });
});
