/* global exports */
// Generated from sign-in-policy.json. Change that file, not this one.
const policy = {
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

/** A refresh rests on the sign-in before it, whose session says how it was proven. */
function hasFactor(event) {
  const methods = event.authentication?.methods ?? event.session?.authentication_methods ?? [];
  return methods.some(({ name }) => name === 'mfa');
}

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

/** No token without tenant and role, and none without the factor that they need: refused here, whatever came before. */
exports.onExecutePostLogin = async (event, api) => {
  const { tenant_id: tenantId, role, patient_record_id: patientRecordId } = membershipOf(event);
  if (!tenantId || !Object.hasOwn(policy.roles, role))
    return api.access.deny('Your account has no access here. Ask the administrator of your clinic.');
  if (isDue(event) && !hasFactor(event))
    return api.access.deny('Your role needs a second step. Sign in again and set one up.');
  const claims = {
    tenant_id: tenantId,
    role,
    acr: hasFactor(event) ? 'urn:cordon:acr:mfa' : 'urn:cordon:acr:password',
    sid: event.session?.id ?? event.refresh_token?.session_id,
    ...(patientRecordId ? { patient_record_id: patientRecordId } : {}),
  };
  for (const [name, value] of Object.entries(claims)) api.accessToken.setCustomClaim(name, value);
};
