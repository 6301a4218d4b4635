import type { Transaction } from '@cordon/row-security';
import type { PatientKey } from '../../keys/patient-keys.ts';
import type { SearchKeys, TenantKey } from '../../keys/tenant-keys.ts';
import { sealFields } from '../../pipeline/change-record.ts';
import { patientTable } from './profile.ts';
import { searchTokens } from './search-tokens.ts';

export interface NewPatient {
  readonly tenantId: string;
  readonly id: string;
  readonly clinicId: string;
  /** The account that adds it; absent where no person does. */
  readonly createdBy?: string;
  readonly profile: {
    readonly fullName: string;
    readonly dateOfBirth: string;
    readonly phone?: string | undefined;
    readonly email?: string | undefined;
    readonly address?: string | undefined;
    readonly nhsNumber?: string | undefined;
    readonly emergencyContact?: string | undefined;
  };
}

/** Writes a patient's row, encrypted, and its blind search tokens, inside the caller's transaction. */
export async function insertPatient(
  transaction: Transaction,
  patient: NewPatient,
  key: PatientKey,
  search: SearchKeys,
): Promise<void> {
  const { tenantId, id, clinicId, profile } = patient;
  const cells = await sealFields(transaction, { tenantId, table: patientTable, rowId: id }, key, {
    full_name: profile.fullName,
    date_of_birth: profile.dateOfBirth,
    phone: profile.phone,
    email: profile.email,
    address: profile.address,
    nhs_number: profile.nhsNumber,
    emergency_contact: profile.emergencyContact,
  });
  await transaction.query(
    `INSERT INTO clinical.patients (tenant_id, id, clinic_id, key_id, full_name, date_of_birth, phone, email, address,
       nhs_number, emergency_contact, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      tenantId, id, clinicId, key.keyId, cells.full_name, cells.date_of_birth, cells.phone, cells.email, cells.address,
      cells.nhs_number, cells.emergency_contact, patient.createdBy ?? null,
    ],
  ); // prettier-ignore
  await indexPatient(transaction, patient, search.written);
}

/** Makes the patient findable by this profile, under each of the keys. Tokens that are there already stay. */
export async function indexPatient(
  transaction: Transaction,
  { tenantId, id, clinicId, profile }: Omit<NewPatient, 'createdBy'>,
  keys: readonly TenantKey[],
): Promise<void> {
  for (const search of keys)
    await transaction.query(
      `INSERT INTO clinical.patient_search_tokens (tenant_id, token, patient_id, clinic_id, token_key_id)
       SELECT DISTINCT $1::uuid, token, $2::uuid, $3::uuid, $4 FROM unnest($5::bytea[]) AS token
       ON CONFLICT DO NOTHING`,
      [tenantId, id, clinicId, search.id, searchTokens(search.key, profile)],
    );
}
