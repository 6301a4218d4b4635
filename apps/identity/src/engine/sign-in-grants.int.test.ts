import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFakeEngine, type FakeEngine } from '../../testing/fake-engine.ts';
import { grantOf } from '../../testing/identity-under-test.ts';
import { createEngineGrants, type EngineGrants } from './sign-in-grants.ts';

let engine: FakeEngine;
let grants: EngineGrants;
beforeAll(async () => {
  engine = await startFakeEngine();
});
beforeEach(async () => {
  engine.hangsUp = false;
  engine.falls = undefined;
  grants = createEngineGrants(engine.settings);
  // From here on there is a connection that is kept.
  await grants.signInGrants(randomUUID());
  return () => {
    grants.close();
  };
});
afterAll(() => engine.close());

describe('a kept connection that the engine has closed', () => {
  it('costs a second question, and no sign-in', async () => {
    const [accountId, grant] = [randomUUID(), grantOf()];
    engine.grants.set(accountId, [grant]);
    engine.hangsUp = true;
    expect(await grants.signInGrants(accountId)).toEqual([grant]);
  });

  it('does not keep a revocation from the engine', async () => {
    engine.hangsUp = true;
    const sid = randomUUID();
    await grants.revokeSession(sid, new Date(0));
    expect(engine.revoked.get(sid)).toBe('1970-01-01T00:00:00.000Z');
  });

  it('never gives a membership twice: whether the first was given, nobody knows', async () => {
    engine.hangsUp = true;
    const asked = engine.asks.length;
    const ask = { grantedBy: randomUUID(), accountId: randomUUID(), tenantId: randomUUID(), role: 'role.clinician', clinicIds: [] } as const;
    await expect(grants.grantMembership(ask)).rejects.toMatchObject({ code: 'identity-engine-unavailable' });
    expect(engine.asks.length).toBe(asked);
    expect(await grants.grantMembership(ask)).toBe(true);
  });
}); // prettier-ignore

it.each(['silent-at-once', 'silent-midway'] as const)(
  'an engine that falls %s is given up, and no sign-in waits for it',
  async (falls) => {
    engine.falls = falls;
    const impatient = createEngineGrants(engine.settings, 50);
    try {
      const refused = { code: 'identity-engine-unavailable' };
      await expect(impatient.signInGrants(randomUUID())).rejects.toMatchObject(refused);
    } finally {
      impatient.close();
    }
  },
);
