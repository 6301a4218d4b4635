import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { deployFolder } from '../deployments/policy.ts';

export interface ActionOutcome {
  denied: string | undefined;
  asked: 'challenge' | 'enrol' | undefined;
  claims: Record<string, unknown>;
}

export interface ActionSignIn {
  readonly accountId?: string | null;
  readonly role?: string;
  readonly tenantId?: string;
  readonly clinics?: readonly { readonly id: string; readonly writes: boolean }[];
  readonly factor?: boolean;
  /** Types of factors. */
  readonly enrolled?: readonly string[];
  readonly acrValues?: readonly string[];
  /** When the last proof was given, in ISO 8601. */
  readonly provenAt?: string;
  readonly refresh?: boolean;
}

/**
 * Names that Auth0 keeps for itself: a custom claim so called is left out of the token, and nobody is told
 * (https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims, "General restrictions").
 */
export const reservedClaims: ReadonlySet<string> = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest entitlements
  events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce object_id org_id
  org_name orig origid permissions roles rph s_hash sid sip_callid sip_cseq_num sip_date sip_from_tag sip_via_branch sub
  sub_jwk toe txn typ uuid vot vtm x5t#S256`.split(/\s+/),
);

/** Runs one Action of `deploy/identity`, as Auth0 does, on an event of a sign-in. */
export async function runAction(
  name: 'ask-for-factor' | 'refuse-without-factor',
  signIn: ActionSignIn,
): Promise<ActionOutcome> {
  const module: { onExecutePostLogin?: (event: unknown, api: unknown) => Promise<void> } = {};
  runInNewContext(readFileSync(new URL(`auth0/actions/${name}.js`, deployFolder), 'utf8'), {
    exports: module,
  });
  const outcome: ActionOutcome = { denied: undefined, asked: undefined, claims: {} };
  const timestamp = signIn.provenAt ?? '2026-01-02T03:04:05.678Z';
  const methods = [
    { name: 'pwd', timestamp },
    ...(signIn.factor === true ? [{ name: 'mfa', timestamp }] : []),
  ];
  const { accountId = '3f0e8a52-7a63-4b32-9df7-6a1b2c3d4e5f' } = signIn;
  const event = {
    user: {
      app_metadata: {
        cordon: {
          account_id: accountId,
          tenant_id: signIn.tenantId,
          role: signIn.role,
          clinics: signIn.clinics,
        },
      },
      enrolledFactors: (signIn.enrolled ?? []).map((type) => ({ type })),
    },
    ...(signIn.refresh === true ? {} : { authentication: { methods } }),
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
    accessToken: {
      setCustomClaim: (key: string, value: unknown) => {
        if (!reservedClaims.has(key)) outcome.claims[key] = value;
      },
    },
  };
  await module.onExecutePostLogin?.(event, api);
  return outcome;
}
