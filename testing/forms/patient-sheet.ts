import type { FormEntry } from './form-case.ts';

/** The practice's heading. */
export const english = {
  practice: 'Elmfield Lane Dental Practice',
  heading: 'New patient intake form',
} as const;

/** What a reader finds on a form that Amira filled in. */
export const amira = {
  fullName: 'Amira Holloway',
  dateOfBirth: '1984-03-17',
  address: '14 Larkspur Terrace, Northwold',
  postcode: 'WQ3 9TN',
  phone: '07700900123',
  email: 'amira.holloway@example.com',
  nhsNumber: '9990000018',
  emergencyContact: 'Tom Holloway, brother, 07700 900456',
  allergies: 'Penicillin, latex gloves',
  medication: 'Metformin 500 mg twice daily',
  medicalHistory: 'Type 2 diabetes since 2016. Knee replaced in 2019.',
  reasonForVisit: 'Pain in a lower left molar when chewing',
} as const;

const amiraEntries = {
  fullName: { label: 'Full name', written: ['Amira Holloway'] },
  dateOfBirth: { label: 'Date of birth', written: ['17/03/1984'] },
  address: { label: 'Address', written: ['14 Larkspur Terrace', 'Northwold'] },
  postcode: { label: 'Postcode', written: ['WQ3 9TN'] },
  phone: { label: 'Phone', written: ['07700 900123'] },
  email: { label: 'Email', written: ['amira.holloway@example.com'] },
  nhsNumber: { label: 'NHS number', written: ['999 000 0018'] },
  emergencyContact: { label: 'Emergency contact', written: ['Tom Holloway, brother, 07700 900456'] },
  allergies: { label: 'Allergies', written: ['Penicillin, latex gloves'] },
  medication: { label: 'Medication', written: ['Metformin 500 mg twice daily'] },
  medicalHistory: {
    label: 'Medical history',
    written: ['Type 2 diabetes since 2016.', 'Knee replaced in 2019.'],
  },
  reasonForVisit: { label: 'Reason for visit', written: ['Pain in a lower left molar when chewing'] },
} satisfies Record<keyof typeof amira, FormEntry>;

type EntryChanges = Partial<Record<keyof typeof amira, Partial<FormEntry>>>;

/** Her entries, some changed, more behind them. */
export const amiraSheet = (changes: EntryChanges = {}, extra: readonly FormEntry[] = []): FormEntry[] => [
  ...Object.entries(amiraEntries).map(([field, entry]) => ({
    ...entry,
    ...changes[field as keyof typeof amira],
  })),
  ...extra,
];

/** What a reader finds with some fields left out. */
export const without = <K extends keyof typeof amira>(...names: readonly K[]): Omit<typeof amira, K> =>
  Object.fromEntries(
    Object.entries(amira).filter(([name]) => !(names as readonly string[]).includes(name)),
  ) as Omit<typeof amira, K>;
