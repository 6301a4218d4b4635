/**
 * Where a person may go, the first being where they arrive. The engine decides anew at every request; this only keeps dead ends out
 * of sight. A test compares all that is said of roles here with the shipped policy.
 */
export type Section =
  | 'today'
  | 'intake'
  | 'patients'
  | 'alerts'
  | 'enquiries'
  | 'emergency'
  | 'clinics'
  | 'reviews'
  | 'audit'
  | 'controls'
  | 'settings';

const SECTIONS_OF_ROLE: ReadonlyMap<string, readonly Section[]> = new Map([
  ['role.receptionist', ['intake', 'today', 'patients', 'alerts', 'enquiries']],
  ['role.clinician', ['patients', 'today', 'alerts', 'intake', 'emergency']],
  ['role.admin', ['audit', 'reviews', 'controls', 'settings']],
  ['role.auditor', ['audit', 'controls']],
  ['role.corporateAdmin', ['clinics', 'patients', 'alerts']],
] satisfies [string, Section[]][]);

const ROLE_NAMES: ReadonlyMap<string, string> = new Map([
  ['role.receptionist', 'Receptionist'],
  ['role.clinician', 'Clinician'],
  ['role.admin', 'Administrator'],
  ['role.auditor', 'Auditor'],
  ['role.corporateAdmin', 'Corporate administrator'],
  ['role.externalContractor', 'External contractor'],
  ['role.patient', 'Patient'],
]);

export function sectionsOf(role: string): readonly Section[] {
  return SECTIONS_OF_ROLE.get(role) ?? [];
}

/** A role's name as people say it; an unknown id is made readable. */
export function nameOfRole(role: string): string {
  const known = ROLE_NAMES.get(role);
  if (known !== undefined) return known;
  const words = role
    .replace(/^role\./, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words === '' ? 'Unknown role' : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Corporate administrators see that records and alerts exist, not whose they are or what they say. */
export function seesPatientNames(role: string): boolean {
  return role !== 'role.corporateAdmin';
}

/** Reads and writes the clinical record, and has a diary of their own. */
export function treatsPatients(role: string): boolean {
  return role === 'role.clinician';
}

/** Gives a clinician's time to patients. */
export function booksAppointments(role: string): boolean {
  return role === 'role.clinician' || role === 'role.receptionist' || role === 'role.admin';
}

/** Alerts are for clinicians to take upon themselves. */
export function mayTakeAlerts(role: string): boolean {
  return role === 'role.clinician';
}

export function mayRaiseAlerts(role: string): boolean {
  return role === 'role.receptionist' || role === 'role.clinician';
}
