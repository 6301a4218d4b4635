import type { AuditEntry } from '../api/types.ts';
import { nameOfRole } from '../parts/roles.ts';
import type { Tone } from '../parts/tag.tsx';

interface ActionWords {
  /** "opened a patient record" */
  readonly did: string;
  /** "open a patient record" */
  readonly to: string;
}

/** Actions a person may look for, in the order in which the filter offers them. */
export const KNOWN_ACTIONS: ReadonlyMap<string, ActionWords> = new Map([
  ['record.listed', { did: 'listed records', to: 'list records' }],
  ['record.opened', { did: 'opened a record', to: 'open a record' }],
  ['record.created', { did: 'created a record', to: 'create a record' }],
  ['record.changed', { did: 'changed a record', to: 'change a record' }],
  ['intake.submitted', { did: 'sent in an intake form', to: 'send in an intake form' }],
  ['intake.rejected', { did: 'sent in an intake form that was rejected', to: 'send in an intake form' }],
  ['alert.created', { did: 'raised an alert', to: 'raise an alert' }],
  ['alert.acknowledged', { did: 'acknowledged an alert', to: 'acknowledge an alert' }],
  ['audit.read', { did: 'read the audit log', to: 'read the audit log' }],
  ['identity.signed-in', { did: 'signed in', to: 'sign in' }],
  ['identity.sign-in-refused', { did: 'tried to sign in', to: 'sign in' }],
  ['identity.factor-enrolled', { did: 'set up a second factor', to: 'set up a second factor' }],
  ['identity.tokens-refreshed', { did: 'stayed signed in', to: 'stay signed in' }],
  ['identity.family-revoked', { did: 'was signed out everywhere', to: 'sign out everywhere' }],
]);

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
  ['granted-own-record', 'own record'],
  ['granted-ciphertext-only', 'without patient details'],
  ['granted-break-glass', 'by emergency access'],
]);

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
  const words = KNOWN_ACTIONS.get(action)?.to ?? sayId(action);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function sayDataClasses(ids: readonly string[]): string {
  return ids.map((id) => DATA_CLASSES.get(id) ?? sayId(id)).join(', ');
}

/** The reason in words, or null where it says no more than the decision does. */
export function sayReasonCode(code: string | null): string | null {
  if (code === null || code === '' || code === 'granted') return null;
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
  if (words !== undefined) return `${lead} ${isRefusal(entry) ? words.to : words.did}`;
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
      return { label: 'Failed', tone: 'danger' };
    default:
      return { label: 'Allowed', tone: 'good' };
  }
}
