import { refreshTokenGrant } from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

const [rounds, people] = [50, 20];

it(
  `has one winner in each of ${rounds * people} pairs of refreshes that race, and no failure of its own`,
  { timeout: 1_200_000 },
  async () => {
    const grants = () => [grantOf({ factorRequired: false })];
    const persons = await Promise.all(
      Array.from({ length: people }, () => identity.addPerson({ factor: false, grants: grants() })),
    );
    let races = 0;
    for (let round = 0; round < rounds; round += 1) {
      const signedIn = await Promise.all(persons.map((person) => signIn({ identity, person })));
      const outcomes = await Promise.all(
        signedIn.map(({ configuration, tokens }) =>
          Promise.allSettled([1, 2].map(() => refreshTokenGrant(configuration, tokens.refresh_token ?? ''))),
        ),
      );
      for (const outcome of outcomes) {
        const lost = outcome.filter((each) => each.status === 'rejected');
        expect(lost).toHaveLength(1);
        expect(lost[0]?.reason).toMatchObject({ status: 400, error: 'invalid_grant' });
        races += 1;
      }
    }
    expect(races).toBe(rounds * people);
    const { rows } = await identity.pool.query<{ live: number }>(
      'SELECT count(*)::int AS live FROM identity.token_families WHERE revoked_at IS NULL',
    );
    expect(rows[0]?.live).toBe(0);
  },
);
