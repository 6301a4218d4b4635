import { REDACTION } from '@cordon/pan-scrubber';

/** The fields an intake form may hold, in the order in which people are shown them. */
export const intakeFieldNames = [
  'fullName',
  'dateOfBirth',
  'address',
  'postcode',
  'phone',
  'email',
  'nhsNumber',
  'emergencyContact',
  'allergies',
  'medication',
  'medicalHistory',
  'reasonForVisit',
  'notes',
] as const;
export type IntakeFieldName = (typeof intakeFieldNames)[number];

/** What stands in the place of a removed number. */
export const redactionMark = REDACTION;
