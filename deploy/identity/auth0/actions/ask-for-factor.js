/* global exports */
// Generated from sign-in-policy.json. Change that file, not this one.
const policy = {
  claimSpace: 'https://clinic.example/claims/',
  roles: {
    'role.clinician': 'required-unless-tenant-opts-out',
    'role.receptionist': 'offered',
    'role.patient': 'offered',
    'role.admin': 'required',
    'role.externalContractor': 'offered',
    'role.corporateAdmin': 'required',
    'role.auditor': 'required',
  },
  optsOut: {
    '7b0f6c1e-3c52-4f0f-9a58-1f3b8f0a7d01': [],
    '7b0f6c1e-3c52-4f0f-9a58-1f3b8f0a7d02': ['role.clinician'],
  },
};

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

/** Nobody is there to be asked while a token is refreshed. */
const isRefresh = (event) => event.transaction?.protocol === 'oauth2-refresh-token';

/** Asks for a factor where the table or the client demands one. The next Action looks at what came of it. */
exports.onExecutePostLogin = async (event, api) => {
  if (!isDue(event) || hasFactor(event) || isRefresh(event)) return;
  const types = [{ type: 'otp' }, { type: 'webauthn-platform' }, { type: 'webauthn-roaming' }];
  // Factors that are not taken here, such as a telephone, may be enrolled from before: to ask for none that is there fails.
  const enrolled = new Set((event.user.enrolledFactors ?? []).map(({ type }) => type));
  if (types.some(({ type }) => enrolled.has(type)))
    api.authentication.challengeWithAny(
      [...types, { type: 'recovery-code' }].filter(({ type }) => enrolled.has(type)),
    );
  else api.authentication.enrollWithAny(types);
};
