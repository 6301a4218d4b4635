import type { AuditEntry } from '../api/types.ts';
import { nameOfRole } from '../parts/roles.ts';
import type { Tone } from '../parts/tag.tsx';

interface ActionWords {
  /** "opened {one}": the noun is filled in from the resource. */
  readonly did: string;
  /** "open {one}" */
  readonly to: string;
}

/** Actions a person may look for, in the order in which the filter offers them. */
export const KNOWN_ACTIONS: ReadonlyMap<string, ActionWords> = new Map([
  ['record.opened', { did: 'opened {one}', to: 'open {one}' }],
  ['record.listed', { did: 'listed {many}', to: 'list {many}' }],
  ['record.created', { did: 'created {one}', to: 'create {one}' }],
  ['record.changed', { did: 'changed {one}', to: 'change {one}' }],
  ['audit-log.read', { did: 'read the audit log', to: 'read the audit log' }],
  ['security.pan-detected', { did: 'sent in a card number, which was removed', to: 'send in a card number' }],
  [
    'security.cell-refused',
    { did: 'met a value that was damaged or out of place', to: 'read a damaged value' },
  ],
  ['key.created', { did: 'had an encryption key made', to: 'have an encryption key made' }],
  ['identity.signed-in', { did: 'signed in', to: 'sign in' }],
  ['identity.sign-in-refused', { did: 'tried to sign in', to: 'sign in' }],
  ['identity.factor-enrolled', { did: 'set up a second factor', to: 'set up a second factor' }],
  ['identity.tokens-refreshed', { did: 'stayed signed in', to: 'stay signed in' }],
  ['identity.family-revoked', { did: 'was signed out everywhere', to: 'sign out everywhere' }],
]);

const NOUNS: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ['Patient', ['a patient record', 'patients']],
  ['IntakeForm', ['an intake form', 'intake forms']],
  ['Alert', ['an alert', 'alerts']],
] satisfies [string, [string, string]][]);

function fillIn(words: string, resourceType: string | null): string {
  const [one, many] = NOUNS.get(resourceType ?? '') ?? ['a record', 'records'];
  return words.replace('{one}', one).replace('{many}', many);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['unknown-role', 'the role is not known'],
  ['role-restricted', 'the role is barred from it'],
  ['no-grant', 'the role has no such right'],
  ['other-tenant', 'it belongs to another clinic group'],
  ['not-own-record', 'it is not the person’s own record'],
  ['clinic-not-named', 'no clinic was named'],
  ['not-a-clinic-member', 'the person does not belong to that clinic'],
  ['record-restricted', 'the record is restricted'],
  ['legal-hold', 'the record is under a legal hold'],
  ['clinic-switch-required', 'a clinic must be switched into first'],
  ['fresh-factor-required', 'a fresh sign-in code was needed'],
  ['field-not-permitted', 'a field was outside the role’s rights'],
  ['no-such-record', 'there is no such record in the person’s clinics'],
  ['intake-refused', 'the form was rejected'],
  ['transaction-failed', 'it could not be stored'],
  ['damaged-or-misplaced', 'damaged or misplaced'],
  ['credentials-wrong', 'wrong email or password'],
  ['account-not-active', 'the account is not active'],
  ['code-wrong-or-used', 'wrong or used code'],
  ['granted-own-record', 'own record'],
  ['granted-ciphertext-only', 'without patient details'],
  ['granted-break-glass', 'by emergency access'],
]);

/** Reasons that only repeat what the sentence says. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['granted', 'card-number-removed']);

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
  ['portalAccount', 'account'],
  ['consentRecord', 'consent'],
]);

function sayId(id: string): string {
  return id
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_.]+/g, ' ')
    .trim()
    .toLowerCase();
}

/** An action's own words, for the filter and for sentences; unknown actions are made readable. */
export function nameOfAction(action: string): string {
  const words = fillIn(KNOWN_ACTIONS.get(action)?.to ?? sayId(action), null);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function sayDataClasses(ids: readonly string[]): string {
  return ids.map((id) => DATA_CLASSES.get(id) ?? sayId(id)).join(', ');
}

/** The reason in words, or null where it says no more than the decision does. */
export function sayReasonCode(code: string | null): string | null {
  if (code === null || code === '' || SAYS_NOTHING.has(code)) return null;
  return REASONS.get(code) ?? sayId(code);
}

export function sayActor(entry: Pick<AuditEntry, 'actorRole' | 'actorSubject'>): string {
  if (entry.actorRole !== null && entry.actorRole !== '') return nameOfRole(entry.actorRole);
  return entry.actorSubject === null ? 'Someone not signed in' : 'Someone without a role';
}

export function isRefusal(entry: Pick<AuditEntry, 'decision'>): boolean {
  return entry.decision !== 'permit';
}

/** One entry as a sentence: "Receptionist opened a record", "Clinician was not allowed to open a record". */
export function describeEntry(entry: AuditEntry): string {
  const words = KNOWN_ACTIONS.get(entry.action);
  const actor = sayActor(entry);
  const lead = isRefusal(entry) ? `${actor} was not allowed to` : actor;
  if (words !== undefined)
    return `${lead} ${fillIn(isRefusal(entry) ? words.to : words.did, entry.resourceType)}`;
  return isRefusal(entry) ? `${lead} do: ${sayId(entry.action)}` : `${lead}: ${sayId(entry.action)}`;
}

/** What became of it. An intent without an outcome yet is said as such. */
export function sayOutcome(entry: AuditEntry): { readonly label: string; readonly tone: Tone } {
  if (isRefusal(entry)) return { label: 'Refused', tone: 'danger' };
  switch (entry.outcome) {
    case 'intent':
      return { label: 'Begun', tone: 'warning' };
    case 'failure':
    case 'failed':
    case 'refused':
      return { label: 'Failed', tone: 'danger' };
    default:
      return { label: 'Allowed', tone: 'good' };
  }
}
