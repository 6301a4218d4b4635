import { z } from 'zod';
import type { DisclosedRow } from '../../pipeline/disclose-records.ts';
import type { ListedPatientRow } from './profile.ts';

/** Lists decrypt these two alone. */
export const listColumns = { fullName: 'full_name', dateOfBirth: 'date_of_birth' } as const;

export const listedPatient = z.object({
  id: z.uuid(),
  clinicId: z.uuid(),
  /** Null where the role sees rows without keys, and where the record was erased or damaged. */
  fullName: z.string().nullable(),
  dateOfBirth: z.string().nullable(),
  state: z.enum(['open', 'ciphertext', 'destroyed', 'damaged']),
  createdAt: z.iso.datetime(),
});

export function showListed({ row, fields, state }: DisclosedRow<ListedPatientRow, keyof typeof listColumns>) {
  return {
    id: row.id,
    clinicId: row.clinic_id,
    fullName: fields?.fullName ?? null,
    dateOfBirth: fields?.dateOfBirth ?? null,
    state,
    createdAt: row.created_at.toISOString(),
  };
}
