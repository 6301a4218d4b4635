import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { deployFolder, needsFactor, readPolicy } from './policy.ts';

const policy = readPolicy();

interface Outcome {
  denied: string | undefined;
  asked: 'challenge' | 'enrol' | undefined;
  claims: Record<string, unknown>;
}

interface SignIn {
  role?: string;
  tenantId?: string;
  factor?: boolean;
  enrolled?: boolean;
  acrValues?: string[];
  refresh?: boolean;
}

/** Runs one Action, as Auth0 does, on an event of a sign-in. */
async function run(name: 'ask-for-factor' | 'refuse-without-factor', signIn: SignIn): Promise<Outcome> {
  const module: { onExecutePostLogin?: (event: unknown, api: unknown) => Promise<void> } = {};
  runInNewContext(readFileSync(new URL(`auth0/actions/${name}.js`, deployFolder), 'utf8'), {
    exports: module,
  });
  const outcome: Outcome = { denied: undefined, asked: undefined, claims: {} };
  const methods = [{ name: 'pwd' }, ...(signIn.factor === true ? [{ name: 'mfa' }] : [])];
  const event = {
    user: {
      app_metadata: { cordon: { tenant_id: signIn.tenantId, role: signIn.role } },
      enrolledFactors: signIn.enrolled === true ? [{ type: 'otp' }] : [],
    },
    authentication: { methods },
    session: { id: 'session-1' },
    transaction: {
      acr_values: signIn.acrValues ?? [],
      protocol: signIn.refresh === true ? 'oauth2-refresh-token' : 'oidc-basic-profile',
    },
  };
  const api = {
    access: { deny: (reason: string) => void (outcome.denied = reason) },
    authentication: {
      challengeWithAny: () => void (outcome.asked = 'challenge'),
      enrollWithAny: () => void (outcome.asked = 'enrol'),
    },
    accessToken: { setCustomClaim: (key: string, value: unknown) => void (outcome.claims[key] = value) },
  };
  await module.onExecutePostLogin?.(event, api);
  return outcome;
}

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
      expect(end.claims).toMatchObject({
        tenant_id: signIn.tenantId,
        role: signIn.role,
        sid: 'session-1',
        acr: signIn.factor ? 'urn:cordon:acr:mfa' : 'urn:cordon:acr:password',
      });
    else expect(end.claims).toEqual({});
    expect((await run('ask-for-factor', signIn)).asked).toBe(due && !signIn.factor ? 'enrol' : undefined);
  });

  const [tenant] = policy.tenants;
  const clinicOf = (more: SignIn): SignIn => ({ ...(tenant ? { tenantId: tenant.id } : {}), ...more });

  it('challenge who has a factor, and ask nobody while a token is refreshed', async () => {
    const admin = clinicOf({ role: 'role.admin' });
    expect((await run('ask-for-factor', { ...admin, enrolled: true })).asked).toBe('challenge');
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
    ['the name of something every object has', { role: 'constructor', factor: true }],
  ])('refuse %s', async (_case, signIn) => {
    expect((await run('refuse-without-factor', clinicOf(signIn))).denied).toBeDefined();
  });

  it('refuse an account of no tenant', async () => {
    expect((await run('refuse-without-factor', { role: 'role.patient' })).denied).toBeDefined();
  });
});
