import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import { signIn } from '../../testing/relying-party.ts';
import { givePassword, openPage, post } from '../../testing/sign-in-page.ts';
import { deriveKeys, hashLane } from '../keys.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

describe('failures all over a tenant', () => {
  it('hold strangers up there, an unknown address alike, and nobody in a browser that signed in before', async () => {
    const tenantId = randomUUID();
    const member = () => identity.addPerson({ grants: [grantOf({ tenantId })] });
    const [one, two] = [await member(), await member()];
    const { browser } = await signIn({ identity, person: one });
    await signIn({ identity, person: two });
    const guess = async (email: string) =>
      post(await openPage(identity), 'password', { email, password: 'wrong' });
    const lane = hashLane(deriveKeys(identity.settings.identityKey).laneKey, `tenant:${tenantId}`);
    const failures = async () => {
      const { rows } = await identity.pool.query<{ failures: number }>(
        'SELECT failures FROM identity.attempts WHERE lane = $1',
        [lane],
      );
      return rows[0]?.failures;
    };
    const stranger = `${randomUUID()}@clinic.example`;
    expect((await guess(two.email)).status).toBe(401);
    expect((await guess(stranger)).status).toBe(401);
    expect(await failures()).toBe(2);
    await identity.pool.query('UPDATE identity.attempts SET failures = 320 WHERE lane = $1', [lane]);
    expect((await guess(stranger)).status).toBe(401);
    for (const email of [stranger, two.email, one.email]) expect((await guess(email)).status).toBe(429);
    expect(await failures()).toBe(321);
    const known = await openPage(identity, {}, browser);
    expect((await givePassword(known, one)).body).toMatchObject({ step: 'code' });
  });
});
