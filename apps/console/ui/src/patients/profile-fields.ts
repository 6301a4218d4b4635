import type { PatientProfile } from '../api/types.ts';

/** Roles that are shown a part of a profile, and which: the policy's field views. A test compares this with the shipped policy. */
const LIMITED_VIEWS: ReadonlyMap<string, readonly (keyof PatientProfile)[]> = new Map<
  string,
  readonly (keyof PatientProfile)[]
>([['role.receptionist', ['fullName', 'dateOfBirth', 'phone', 'email']]]);

/** Whether the role is shown the field at all. The engine decides; this only finds the words for a value that is not there. */
export function isShownTo(role: string, field: keyof PatientProfile): boolean {
  return LIMITED_VIEWS.get(role)?.includes(field) ?? true;
}

/** Why a field is empty: nobody gave it, or it is kept from the role, which must not be read as "there is none". */
export function sayMissing(role: string, field: keyof PatientProfile): string {
  return isShownTo(role, field) ? 'Not given' : 'Not shown to your role';
}
