import { describe, expect, it } from 'vitest';
import { reservedClaims, runAction as run, type ActionSignIn as SignIn } from '../testing/run-action.ts';
import { needsFactor, readPolicy } from './policy.ts';

const policy = readPolicy();
const own = (claims: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(claims).map(([name, value]) => [policy.claimSpace + name, value]));

const cases = policy.tenants.flatMap(({ id: tenantId }) =>
  Object.keys(policy.roles).flatMap((role) =>
    [true, false].map((factor) => ({ tenantId, role, factor, due: needsFactor(policy, role, tenantId) })),
  ),
);

describe('the Actions', () => {
  it.each(cases)('$role of $tenantId, with a factor: $factor', async ({ due, ...signIn }) => {
    const end = await run('refuse-without-factor', signIn);
    expect(end.denied !== undefined).toBe(due && !signIn.factor);
    if (end.denied === undefined)
      expect(end.claims).toMatchObject(
        own({
          tenant_id: signIn.tenantId,
          role: signIn.role,
          session: 'session-1',
          factor: signIn.factor ? 'urn:cordon:acr:mfa' : 'urn:cordon:acr:password',
        }),
      );
    else expect(end.claims).toEqual({});
    expect((await run('ask-for-factor', signIn)).asked).toBe(due && !signIn.factor ? 'enrol' : undefined);
  });

  const [tenant] = policy.tenants;
  const clinicOf = (more: SignIn): SignIn => ({ ...(tenant ? { tenantId: tenant.id } : {}), ...more });

  it('challenge who has a factor, and ask nobody while a token is refreshed', async () => {
    const admin = clinicOf({ role: 'role.admin' });
    expect((await run('ask-for-factor', { ...admin, enrolled: ['otp'] })).asked).toBe('challenge');
    // A telephone is no factor here: to ask for a factor that is not there would fail.
    expect((await run('ask-for-factor', { ...admin, enrolled: ['phone', 'recovery-code'] })).asked).toBe(
      'enrol',
    );
    expect((await run('ask-for-factor', { ...admin, refresh: true })).asked).toBeUndefined();
    expect((await run('refuse-without-factor', { ...admin, refresh: true })).denied).toBeDefined();
  });

  it('hold to a factor that the client demands', async () => {
    const patient = clinicOf({ role: 'role.patient', acrValues: ['urn:cordon:acr:mfa'] });
    expect((await run('ask-for-factor', patient)).asked).toBe('enrol');
    expect((await run('refuse-without-factor', patient)).denied).toBeDefined();
  });

  it.each([
    ['no role', {}],
    ['an unknown role', { role: 'role.owner', factor: true }],
    ['the role of visitors whom nobody knows', { role: 'role.public', factor: true }],
    ['the name of something every object has', { role: 'constructor', factor: true }],
  ])('refuse %s', async (_case, signIn) => {
    expect((await run('refuse-without-factor', clinicOf(signIn))).denied).toBeDefined();
  });

  it('name no claim as Auth0 names its own, so that none is left out without a word', async () => {
    const { claims } = await run('refuse-without-factor', clinicOf({ role: 'role.admin', factor: true }));
    expect(
      Object.keys(claims)
        .map((name) => name.replace(policy.claimSpace, ''))
        .sort(),
    ).toEqual(['account_id', 'auth_time', 'clinics', 'factor', 'role', 'session', 'tenant_id']);
    expect(
      Object.keys(claims).every((name) => name.startsWith('https://') && !reservedClaims.has(name)),
    ).toBe(true);
  });

  it('say the clinics of the membership, and when the last proof was given', async () => {
    const clinics = [
      { id: 'a', writes: true },
      { id: 'b', writes: false },
    ];
    const { claims } = await run(
      'refuse-without-factor',
      clinicOf({ role: 'role.clinician', factor: true, clinics }),
    );
    expect(claims).toMatchObject(
      own({ clinics: ['clinic/a.read', 'clinic/a.write', 'clinic/b.read'], auth_time: 1_767_323_045 }),
    );
    const undated = await run(
      'refuse-without-factor',
      clinicOf({ role: 'role.clinician', factor: true, provenAt: 'soon' }),
    );
    expect(undated.claims).toMatchObject(own({ auth_time: 0, clinics: [] }));
  });

  it('refuse who has no account here', async () => {
    const stranger = clinicOf({ role: 'role.receptionist', accountId: null });
    expect((await run('refuse-without-factor', stranger)).denied).toBeDefined();
  });

  it('refuse an account of no tenant', async () => {
    expect((await run('refuse-without-factor', { role: 'role.patient' })).denied).toBeDefined();
  });
});
