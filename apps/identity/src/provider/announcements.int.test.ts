import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import { signIn } from '../../testing/relying-party.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

const easyPerson = () => identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });

async function reuseToken() {
  const person = await easyPerson();
  const { tokens, configuration } = await signIn({ identity, person });
  await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
  const again = client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
  await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
  return { person, sid: String(decodeJwt(tokens.access_token)['sid']) };
}

describe('the end of a family by reuse', () => {
  it('reaches the engine and the client before the thief has his answer', async () => {
    const { person, sid } = await reuseToken();
    const until = Date.parse(identity.engine.revoked.get(sid) ?? '');
    expect(until).toBeGreaterThanOrEqual(Date.now() + 15 * 60_000);
    const keys = createRemoteJWKSet(new URL('/jwks', identity.issuer));
    const { payload } = await jwtVerify(identity.logoutListener.tokens.at(-1) ?? '', keys, {
      issuer: identity.issuer,
      audience: 'console',
      typ: 'logout+jwt',
      requiredClaims: ['exp', 'jti', 'iat'],
    });
    expect(payload).toMatchObject({
      sub: person.accountId,
      sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload).not.toHaveProperty('nonce');
  });

  it('is told again to whoever did not hear it the first time', async () => {
    identity.logoutListener.away = true;
    const { sid } = await reuseToken();
    identity.logoutListener.away = false;
    const heard = () =>
      identity.logoutListener.tokens.some((token) => decodeJwt(token)['sid'] === sid) ? true : undefined;
    expect(heard()).toBeUndefined();
    await vi.waitUntil(heard, { timeout: 120_000, interval: 200 });
  });
});
