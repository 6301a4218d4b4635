import { sayId } from './action-words.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['unknown-role', 'the role is not known'],
  ['unknown-action', 'the action is not known'],
  ['unknown-data-class', 'the kind of data is not known'],
  ['role-restricted', 'the role is barred from it'],
  ['no-grant', 'the role has no such right'],
  ['other-tenant', 'it belongs to another clinic group'],
  ['not-own-record', 'it is not the person’s own record'],
  ['clinic-not-named', 'no clinic was named'],
  ['not-a-clinic-member', 'the person does not belong to that clinic'],
  ['patient-not-named', 'no patient was named'],
  ['record-restricted', 'the record is restricted'],
  ['legal-hold', 'the record is under a legal hold'],
  ['clinic-switch-required', 'a clinic must be switched into first'],
  ['purpose-required', 'no purpose was named'],
  ['unknown-purpose', 'the purpose is not known'],
  ['purpose-not-for-role', 'the purpose is not for that role'],
  ['purpose-not-for-data-class', 'the purpose does not cover that kind of data'],
  ['purpose-not-for-action', 'the purpose does not cover that action'],
  ['fresh-factor-required', 'a fresh sign-in code was needed'],
  ['field-not-permitted', 'a field was outside the role’s rights'],
  ['no-row-names-it', 'no record names it'],
  ['retention-ended', 'its retention has ended'],
  ['no-such-record', 'there is no such record in the person’s clinics'],
  ['intake-refused', 'the form was rejected'],
  ['not-acknowledged-in-time', 'nobody took it in time'],
  ['transaction-failed', 'it could not be stored'],
  ['process-ended', 'the program that began it ended before it was done'],
  ['damaged-or-misplaced', 'damaged or misplaced'],
  ['credentials-wrong', 'wrong email or password'],
  ['account-not-active', 'the account is not active'],
  ['account-unknown', 'there is no such active account'],
  ['code-wrong-or-used', 'wrong or used code'],
  ['passkey-not-accepted', 'the passkey was not accepted'],
  ['not-a-patient', 'the account is not a patient’s'],
  ['own-account', 'it is the person’s own account'],
  ['not-administered', 'the person does not administer that account'],
  ['administrator', 'by an administrator'],
  ['administrator-approval', 'with an administrator’s approval'],
  ['required', 'as was required'],
  ['recovered', 'on recovering the account'],
  ['link-sent', 'a link was sent'],
  ['password', 'with a password'],
  ['totp', 'with a code from an app'],
  ['webauthn', 'with a passkey'],
  ['confirmed-totp', 'confirmed with a code from an app'],
  ['confirmed-webauthn', 'confirmed with a passkey'],
  ['client-credentials', 'by its own credentials'],
  ['token-reuse', 'a token was presented twice'],
  ['token-malformed', 'it was no token'],
  ['token-expired', 'the token had expired'],
  ['token-claims-refused', 'the token was for somebody or something else'],
  ['token-signature-wrong', 'the token was not signed by the provider'],
  ['token-algorithm-refused', 'the token was signed in a way that is not taken'],
  ['token-key-unknown', 'the token named a key that the provider does not have'],
  ['session-revoked', 'the sign-in had been ended'],
  ['factor-missing', 'the role needs a second factor'],
  ['entitlement-lost', 'the person no longer works there in that role'],
  ['person-request', 'the person asked for it'],
  ['credentials-changed', 'the password or factor was changed'],
  ['client-gone', 'the person went away before the answer'],
  ['record-destroyed', 'the record was erased'],
  ['report-untrusted', 'it was not signed by the gate’s key, or was not of that day'],
  ['keys-unavailable', 'the key store did not answer'],
  ['records-unavailable', 'the record store did not answer'],
  ['ai-config-invalid', 'the AI configuration is not valid'],
  ['ai-purpose-unknown', 'no such AI purpose'],
  ['ai-purpose-not-allowed', 'the AI purpose is not for that role'],
  ['ai-data-class-not-allowed', 'the AI purpose does not cover that kind of data'],
  ['ai-model-unknown', 'no such model'],
  ['ai-request-invalid', 'the request had something that is not let through'],
  ['ai-picture-refused', 'pictures are not sent to a model'],
  ['ai-text-not-allowed', 'the purpose takes a record and no text'],
  ['ai-tools-not-allowed', 'the purpose lists no tools'],
  ['ai-system-text-not-allowed', 'the request brought its own instructions'],
  ['ai-patient-missing', 'no patient was named'],
  ['ai-consent-missing', 'the patient had not agreed to the assistant'],
  ['ai-input-too-long', 'the message was too long'],
  ['ai-input-empty', 'the message was empty'],
  ['ai-check-failed', 'a check did not run to its end'],
  ['ai-stopped', 'an administrator had stopped it'],
  ['ai-limit-reached', 'the limit was reached'],
  ['ai-provider-unavailable', 'no provider may serve it'],
  ['ai-provider-failed', 'the model provider failed'],
  ['ai-provider-slow', 'the model provider took too long'],
  ['ai-provider-resting', 'the model provider had failed too often'],
  ['ai-answer-refused', 'the answer held what does not belong there'],
  ['granted-own-record', 'own record'],
  ['granted-ciphertext-only', 'without patient details'],
  ['granted-break-glass', 'by emergency access'],
]);

/** Reasons that only repeat what the sentence says. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['granted', 'card-number-removed', 'chosen']);

const DATA_CLASSES: ReadonlyMap<string, string> = new Map([
  ['patientProfile', 'patient details'],
  ['intakeForm', 'intake form'],
  ['urgencyAlert', 'alert'],
  ['clinicalRecord', 'clinical record'],
  ['imagingAsset', 'imaging'],
  ['treatmentPlan', 'treatment plan'],
  ['billingRecord', 'billing'],
  ['appointmentBooking', 'appointments'],
  ['auditLogEntry', 'audit log'],
  ['accessReport', 'access report'],
  ['portalAccount', 'account'],
  ['consentRecord', 'consent'],
]);

export function sayDataClasses(ids: readonly string[]): string {
  return ids.map((id) => DATA_CLASSES.get(id) ?? sayId(id)).join(', ');
}

/** The reason in words, or null where it says no more than the decision does. */
export function sayReasonCode(code: string | null): string | null {
  if (code === null || code === '' || SAYS_NOTHING.has(code)) return null;
  return REASONS.get(code) ?? sayId(code);
}

/** Whether the code is known here, rather than only made readable. */
export function hasReasonWords(code: string): boolean {
  return REASONS.has(code) || SAYS_NOTHING.has(code);
}
