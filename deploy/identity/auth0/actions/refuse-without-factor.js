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

/** When the last proof was given, in seconds since 1970; 0, which is never fresh, where it is not said. */
function provenAt(event) {
  const times = methodsOf(event)
    .map(({ timestamp }) => Date.parse(timestamp))
    .filter((time) => time > 0);
  return times.length > 0 ? Math.floor(Math.max(...times) / 1000) : 0;
}

/**
 * No token without tenant and role, and none without the factor that they need: refused here, whatever came before. Plain names
 * such as acr, sid and auth_time are Auth0's own: a custom claim of that name would be dropped without a word.
 */
exports.onExecutePostLogin = async (event, api) => {
  const {
    account_id: accountId,
    tenant_id: tenantId,
    role,
    clinics,
    patient_record_id: patientRecordId,
  } = membershipOf(event);
  if (!tenantId || !Object.hasOwn(policy.roles, role))
    return api.access.deny('Your account has no access here. Ask the administrator of your clinic.');
  if (isDue(event) && !hasFactor(event))
    return api.access.deny('Your role needs a second step. Sign in again and set one up.');
  if (!accountId)
    return api.access.deny('Your account is not set up yet. Ask the administrator of your clinic.');
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
  for (const [name, value] of Object.entries(claims))
    api.accessToken.setCustomClaim(policy.claimSpace + name, value);
};
