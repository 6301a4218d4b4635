import { readFileSync } from 'node:fs';
import { z } from 'zod';

const factor = z.enum(['required', 'required-unless-tenant-opts-out', 'offered']);
const role = z.string().regex(/^role\.[A-Za-z]+$/);
const origin = z.url({ protocol: /^https$/ }).refine((text) => new URL(text).origin === text);

/** `deploy/identity/sign-in-policy.json`: roles × tenants × factors, and who may ask for tokens. */
const policySchema = z
  .strictObject({
    issuerOfTokens: z.strictObject({ auth0: z.url(), keycloak: z.url() }),
    audience: z.string(),
    /** A URL of the operator's own, with a slash at its end: Auth0 asks that claims of one's own begin with one. */
    claimSpace: z.url({ protocol: /^https$/ }).refine((text) => text.endsWith('/')),
    accessTokenSeconds: z.int().positive().max(900),
    refreshTokenSeconds: z.int().positive().max(604_800),
    roles: z.record(role, factor),
    tenants: z.array(z.strictObject({ id: z.uuid(), name: z.string(), optsOut: z.array(role) })).min(1),
    clients: z.array(z.strictObject({ id: z.string(), name: z.string(), origin })).min(1),
  })
  .refine(
    ({ roles, tenants }) =>
      tenants.every(({ optsOut }) =>
        optsOut.every((each) => roles[each] === 'required-unless-tenant-opts-out'),
      ),
    { path: ['tenants'], message: 'a tenant opts out of what it may not' },
  );

export type SignInPolicy = z.output<typeof policySchema>;

export const deployFolder = new URL('../../../deploy/identity/', import.meta.url);

export function parsePolicy(text: string): SignInPolicy {
  return policySchema.parse(JSON.parse(text));
}

export function readPolicy(): SignInPolicy {
  return parsePolicy(readFileSync(new URL('sign-in-policy.json', deployFolder), 'utf8'));
}

/** Whether a role must show a second factor at a tenant. A role or tenant that nobody knows must. */
export function needsFactor(policy: SignInPolicy, roleName: string, tenantId: string): boolean {
  const rule = policy.roles[roleName];
  if (rule === 'offered') return false;
  const tenant = policy.tenants.find(({ id }) => id === tenantId);
  return rule !== 'required-unless-tenant-opts-out' || tenant?.optsOut.includes(roleName) !== true;
}
