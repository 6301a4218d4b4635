import type { Transaction } from '@cordon/row-security';
import type { PatientKey } from '../../keys/patient-keys.ts';
import { sealFields } from '../../walk/change-record.ts';
import { patientTable } from './profile.ts';
import { searchTokens } from './search-tokens.ts';

export interface NewPatient {
  readonly tenantId: string;
  readonly id: string;
  readonly clinicId: string;
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
  search: { readonly id: string; readonly key: Buffer },
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
       nhs_number, emergency_contact)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tenantId, id, clinicId, key.keyId, cells.full_name, cells.date_of_birth, cells.phone, cells.email, cells.address,
      cells.nhs_number, cells.emergency_contact,
    ],
  ); // prettier-ignore
  await transaction.query(
    `INSERT INTO clinical.patient_search_tokens (tenant_id, token, patient_id, clinic_id, token_key_id)
     SELECT $1, token, $2, $3, $4 FROM unnest($5::bytea[]) AS token`,
    [tenantId, id, clinicId, search.id, searchTokens(search.key, profile)],
  );
}
