import { describe, expect, it } from 'vitest';
import { ask } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('a back-channel logout', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    ask(`${setup.publicUrl}/auth/backchannel-logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });

  it('ends the sessions that it names, by session or by person', async () => {
    await setup.clear();
    const [anna, berta] = [await setup.signIn('anna'), await setup.signIn('berta')];
    const bySession = await post(
      `logout_token=${await setup.provider.signLogout({ sid: setup.provider.sidOf('anna'), sub: 'anna' })}`,
    );
    expect([bySession.status, bySession.headers['cache-control']]).toEqual([200, 'no-store']);
    expect((await anna.call(setup.me())).status).toBe(401);
    expect((await berta.call(setup.me())).status).toBe(200);
    expect((await post(`logout_token=${await setup.provider.signLogout({ sub: 'berta' })}`)).status).toBe(
      200,
    );
    expect((await berta.call(setup.me())).status).toBe(401);
    expect(await setup.countSessions()).toBe(0);
    expect((await post(`logout_token=${await setup.provider.signLogout({ sub: 'nobody' })}`)).status).toBe(
      200,
    );
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }, {}],
    ['for another client', { aud: 'another' }, {}],
    ['that has expired', { exp: 1_000 }, {}],
    ['that is old', { iat: Math.floor(Date.now() / 1_000) - 3_600 }, {}],
    ['without an id', { jti: undefined }, {}],
    ['without the event', { events: {} }, {}],
    ['with a nonce', { nonce: 'n' }, {}],
    ['that names nobody', { sub: undefined }, {}],
    ['of another type', {}, { typ: 'at+jwt' }],
    ['without a type', {}, { typ: '' }],
    ['signed by another key', {}, { foreignKey: true }],
  ])('with a token %s is refused and ends nothing', async (_case, claims, more) => {
    await setup.clear();
    await setup.signIn('anna');
    const token = await setup.provider.signLogout({ sub: 'anna', ...claims }, more);
    const answer = await post(`logout_token=${token}`);
    expect([answer.status, answer.json()['code']]).toEqual([400, 'logout-token-invalid']);
    expect(await setup.countSessions()).toBe(1);
  });

  it('is refused without exactly one token, to browsers, and for other content types', async () => {
    const token = await setup.provider.signLogout({ sub: 'anna' });
    const [header = '', payload = ''] = token.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'logout+jwt' })).toString('base64url');
    for (const body of ['', 'logout_token=', `logout_token=${token}&logout_token=${token}`, 'logout_token=x.y.z'])
      expect([body, (await post(body)).status]).toEqual([body, 400]);
    for (const forged of [`${none}.${payload}.`, `${header}.${payload}.`])
      expect((await post(`logout_token=${forged}`)).status).toBe(400);
    expect((await post(`logout_token=${token}`, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post('{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await post('x'.repeat(20_000))).status).toBe(413);
  }); // prettier-ignore
});
