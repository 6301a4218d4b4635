import type { EntryRow } from './query-entries.ts';

const people: Readonly<Record<string, string>> = {
  'role.clinician': 'A clinician',
  'role.receptionist': 'A receptionist',
  'role.admin': 'An administrator of the clinic',
  'role.corporateAdmin': 'An administrator of the clinic group',
  'role.auditor': 'An auditor',
  'role.externalContractor': 'An external contractor',
  'role.patient': 'You',
};

const things: Readonly<Record<string, string>> = {
  patientProfile: 'your contact details',
  intakeForm: 'your intake form',
  clinicalRecord: 'your clinical record',
  urgencyAlert: 'an urgent message about you',
  appointmentBooking: 'your appointments',
  treatmentPlan: 'your treatment plan',
  imagingAsset: 'your images',
  billingRecord: 'your bills',
  chatTranscriptPHI: 'your conversations with the assistant',
  consentRecord: 'your decisions about consent',
  accessReport: 'this report',
  auditLogEntry: 'the log of who opened your record',
};

function deedOf(action: string): string {
  if (action.endsWith('.listed')) return 'saw, in a list,';
  if (action.endsWith('.created')) return 'wrote';
  if (action.endsWith('.changed')) return 'changed';
  if (action.endsWith('.searched')) return 'found, in a search,';
  if (action.startsWith('break-glass.opened')) return 'opened, in an emergency,';
  if (action.startsWith('break-glass.reviewed')) return 'reviewed an emergency access to';
  if (action.endsWith('.exported')) return 'took a copy of';
  return 'opened';
}

/** An entry as a sentence for the patient whom it is about. It names roles and kinds of data, never content. */
export function tellInWords(
  row: Pick<EntryRow, 'actor_role' | 'action' | 'data_class_ids' | 'decision' | 'reason_code' | 'outcome'>,
): string {
  const who = people[row.actor_role ?? ''] ?? 'The system';
  const what =
    row.data_class_ids.map((id) => things[id] ?? 'part of your record').join(' and ') || 'your record';
  if (row.action.startsWith('security.')) return `${who} met a safety check about ${what}.`;
  if (row.decision === 'deny') return `${who} tried to open ${what} and was refused.`;
  // Its intent, a line below, says who.
  if (row.outcome === 'failure') return `A change of ${what} did not succeed; nothing was changed.`;
  // No key was released: what was there stayed ciphertext.
  if (row.reason_code === 'granted-ciphertext-only')
    return `${who} saw that there is a record of you, and could not read ${what}.`;
  return `${who} ${deedOf(row.action)} ${what}.`;
}
