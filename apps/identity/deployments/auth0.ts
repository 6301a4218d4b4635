import type { SignInPolicy } from './policy.ts';

/** What engine and session servers must be told of such a tenant. */
export const auth0Settings = ({ claimSpace, audience, issuerOfTokens: { auth0: issuer } }: SignInPolicy) => ({
  CORDON_ISSUER_URL: issuer,
  CORDON_AUDIENCE: audience,
  CORDON_JWKS_URL: `${issuer}.well-known/jwks.json`,
  CORDON_TOKEN_ALGORITHMS: 'PS256',
  CORDON_CLAIM_SUBJECT: `${claimSpace}account_id`,
  CORDON_CLAIM_TENANT_ID: `${claimSpace}tenant_id`,
  CORDON_CLAIM_ROLE: `${claimSpace}role`,
  CORDON_CLAIM_CLINICS: `${claimSpace}clinics`,
  CORDON_CLAIM_SESSION: `${claimSpace}session`,
  CORDON_CLAIM_PATIENT_RECORD_ID: `${claimSpace}patient_record_id`,
  CORDON_CLAIM_FACTOR: `${claimSpace}factor`,
  CORDON_CLAIM_AUTH_TIME: `${claimSpace}auth_time`,
  CORDON_SIGN_IN_PARAMETERS: `audience=${encodeURIComponent(audience)}`,
});

/**
 * Files of the Auth0 Deploy CLI's directory format, by path; names and values after the Management API v2. MFA by role is
 * possible in a post-login Action only, so that is where the table goes.
 */
export function toAuth0(policy: SignInPolicy): Record<string, string> {
  const files: Record<string, object> = {
    'tenant.json': {
      friendly_name: 'Cordon',
      idle_session_lifetime: 0.25,
      session_lifetime: 12,
      flags: { disable_clickjack_protection_headers: false, enable_client_connections: false },
    },
    'resource-servers/engine.json': {
      name: 'Cordon engine',
      identifier: policy.audience,
      signing_alg: 'PS256',
      token_dialect: 'rfc9068_profile',
      token_lifetime: policy.accessTokenSeconds,
      token_lifetime_for_web: policy.accessTokenSeconds,
      allow_offline_access: true,
      skip_consent_for_verifiable_first_party_clients: true,
    },
    'guardian/factors/otp.json': { name: 'otp', enabled: true },
    'guardian/factors/webauthn-platform.json': { name: 'webauthn-platform', enabled: true },
    'guardian/factors/webauthn-roaming.json': { name: 'webauthn-roaming', enabled: true },
    'guardian/factors/recovery-code.json': { name: 'recovery-code', enabled: true },
    'guardian/factors/sms.json': { name: 'sms', enabled: false },
    'guardian/factors/email.json': { name: 'email', enabled: false },
    'attack-protection/brute-force-protection.json': {
      enabled: true,
      shields: ['block', 'user_notification'],
      mode: 'count_per_identifier_and_ip',
      max_attempts: 10,
    },
    'attack-protection/breached-password-detection.json': {
      enabled: true,
      shields: ['block'],
      method: 'standard',
    },
    'triggers/triggers.json': {
      'post-login': [
        { action_name: 'ask-for-factor', display_name: 'Ask for the second factor' },
        { action_name: 'refuse-without-factor', display_name: 'Refuse without the second factor' },
      ],
    },
  };
  for (const name of ['ask-for-factor', 'refuse-without-factor'])
    files[`actions/${name}.json`] = {
      name,
      code: `./actions/${name}.js`,
      runtime: 'node22',
      deployed: true,
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
      dependencies: [],
      secrets: [],
    };
  for (const role of Object.keys(policy.roles))
    files[`roles/${role}.json`] = {
      name: role,
      description: `Cordon ${role.slice(5)}`,
      permissions: [],
    };
  for (const client of policy.clients)
    files[`clients/${client.id}.json`] = {
      name: client.name,
      app_type: 'regular_web',
      is_first_party: true,
      oidc_conformant: true,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token'],
      callbacks: [`${client.origin}/auth/callback`],
      allowed_logout_urls: [`${client.origin}/`],
      web_origins: [],
      allowed_origins: [],
      cross_origin_authentication: false,
      require_pushed_authorization_requests: true,
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: policy.accessTokenSeconds },
      refresh_token: {
        rotation_type: 'rotating',
        expiration_type: 'expiring',
        leeway: 0,
        token_lifetime: policy.refreshTokenSeconds,
        infinite_token_lifetime: false,
        infinite_idle_token_lifetime: true,
      },
      oidc_logout: { backchannel_logout_urls: [`${client.origin}/auth/backchannel-logout`] },
    };
  const texts = Object.entries(files).map(([path, value]) => [path, `${JSON.stringify(value, null, 2)}\n`]);
  return {
    ...(Object.fromEntries(texts) as Record<string, string>),
    'actions/ask-for-factor.js': writeAction(policy, askForFactor),
    'actions/refuse-without-factor.js': writeAction(policy, refuseWithoutFactor),
  };
}

const askForFactor = `/** Nobody is there to be asked while a token is refreshed. */
const isRefresh = (event) => event.transaction?.protocol === 'oauth2-refresh-token';

/** Asks for a factor where the table or the client demands one. The next Action looks at what came of it. */
exports.onExecutePostLogin = async (event, api) => {
  if (!isDue(event) || hasFactor(event) || isRefresh(event)) return;
  const types = [{ type: 'otp' }, { type: 'webauthn-platform' }, { type: 'webauthn-roaming' }];
  // Factors that are not taken here, such as a telephone, may be enrolled from before: to ask for none that is there fails.
  const enrolled = new Set((event.user.enrolledFactors ?? []).map(({ type }) => type));
  if (types.some(({ type }) => enrolled.has(type)))
    api.authentication.challengeWithAny([...types, { type: 'recovery-code' }].filter(({ type }) => enrolled.has(type)));
  else api.authentication.enrollWithAny(types);
};
`;

const refuseWithoutFactor = `/** When the last proof was given, in seconds since 1970; 0, which is never fresh, where it is not said. */
function provenAt(event) {
  const times = methodsOf(event).map(({ timestamp }) => Date.parse(timestamp)).filter((time) => time > 0);
  return times.length > 0 ? Math.floor(Math.max(...times) / 1000) : 0;
}

/**
 * No token without tenant and role, and none without the factor that they need: refused here, whatever came before. Plain names
 * such as acr, sid and auth_time are Auth0's own: a custom claim of that name would be dropped without a word.
 */
exports.onExecutePostLogin = async (event, api) => {
  const { account_id: accountId, tenant_id: tenantId, role, clinics, patient_record_id: patientRecordId } = membershipOf(event);
  if (!tenantId || !Object.hasOwn(policy.roles, role))
    return api.access.deny('Your account has no access here. Ask the administrator of your clinic.');
  if (isDue(event) && !hasFactor(event))
    return api.access.deny('Your role needs a second step. Sign in again and set one up.');
  if (!accountId) return api.access.deny('Your account is not set up yet. Ask the administrator of your clinic.');
  const claims = {
    account_id: accountId,
    tenant_id: tenantId,
    role,
    clinics: (clinics ?? []).flatMap(({ id, writes }) =>
      ['read', ...(writes ? ['write'] : [])].map((word) => 'clinic/' + id + '.' + word),
    ),
    factor: hasFactor(event) ? 'urn:cordon:acr:mfa' : 'urn:cordon:acr:password',
    auth_time: provenAt(event),
    session: event.session?.id ?? event.refresh_token?.session_id,
    ...(patientRecordId ? { patient_record_id: patientRecordId } : {}),
  };
  for (const [name, value] of Object.entries(claims)) api.accessToken.setCustomClaim(policy.claimSpace + name, value);
};
`;

function writeAction(policy: SignInPolicy, body: string): string {
  const table = {
    claimSpace: policy.claimSpace,
    roles: policy.roles,
    optsOut: Object.fromEntries(policy.tenants.map(({ id, optsOut }) => [id, optsOut])),
  };
  return `/* global exports */
// Generated from sign-in-policy.json. Change that file, not this one.
const policy = ${JSON.stringify(table, null, 2)};

/** Set by the clinic's administration; people cannot write it. */
const membershipOf = (event) => event.user.app_metadata?.cordon ?? {};

/** A refresh rests on the sign-in before it. Where it does not say how that was proven, it was not. */
const methodsOf = (event) => event.authentication?.methods ?? [];

const hasFactor = (event) => methodsOf(event).some(({ name }) => name === 'mfa');

/** Who is not in the table needs the factor. */
function isDue(event) {
  const { tenant_id: tenantId, role } = membershipOf(event);
  const asked = event.transaction?.acr_values ?? [];
  if (asked.includes('urn:cordon:acr:mfa')) return true;
  const rule = Object.hasOwn(policy.roles, role ?? '') ? policy.roles[role] : 'required';
  if (rule === 'offered') return false;
  const optsOut = Object.hasOwn(policy.optsOut, tenantId ?? '') ? policy.optsOut[tenantId] : [];
  return rule !== 'required-unless-tenant-opts-out' || !optsOut.includes(role);
}

${body}`;
}
