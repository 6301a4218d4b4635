import { z } from 'zod';
import type { RecordRow } from '../../pipeline/disclose-records.ts';

export const profileSchema = z.object({
  fullName: z.string().nullable(),
  dateOfBirth: z.string().nullable(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  address: z.string().nullable(),
  nhsNumber: z.string().nullable(),
  emergencyContact: z.string().nullable(),
});

export interface PatientRow extends RecordRow {
  readonly created_at: Date;
  readonly version: number;
  /** The row's place in its list, with microseconds. */
  readonly place: string;
  readonly full_name: Buffer;
  readonly date_of_birth: Buffer;
  readonly phone: Buffer | null;
  readonly email: Buffer | null;
  readonly address: Buffer | null;
  readonly nhs_number: Buffer | null;
  readonly emergency_contact: Buffer | null;
}

/** What lists fetch: bytes that nobody opens are not sent. */
export type ListedPatientRow = Omit<
  PatientRow,
  'phone' | 'email' | 'address' | 'nhs_number' | 'emergency_contact'
>;

export const profileColumns = {
  fullName: 'full_name',
  dateOfBirth: 'date_of_birth',
  phone: 'phone',
  email: 'email',
  address: 'address',
  nhsNumber: 'nhs_number',
  emergencyContact: 'emergency_contact',
} as const satisfies Record<keyof z.infer<typeof profileSchema>, keyof PatientRow>;

export const patientTable = 'clinical.patients';
