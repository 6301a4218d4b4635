import type { Transaction } from '@cordon/row-security';
import { placeColumn, type PagePlace } from '../../server/page-cursor.ts';
import { emergencyColumn } from '../../walk/find-grants.ts';
import type { PatientRow } from './profile.ts';

const columns = `id, clinic_id, id AS patient_id, version, created_at, ${placeColumn('created_at')} AS place,
  ${emergencyColumn('patientProfile', 'id')},
  full_name, date_of_birth, phone, email, address, nhs_number, emergency_contact`;

export async function findPatient(
  transaction: Transaction,
  tenantId: string,
  patientId: string,
): Promise<readonly PatientRow[]> {
  const { rows } = await transaction.query<PatientRow>(
    `SELECT ${columns} FROM clinical.patients WHERE tenant_id = $1 AND id = $2`,
    [tenantId, patientId],
  );
  return rows;
}

/** Newest first. Row security decides which clinics are seen; `clinicId` narrows further. */
export async function listPatients(
  transaction: Transaction,
  tenantId: string,
  page: {
    clinicId: string | undefined;
    ids: readonly string[] | undefined;
    after: PagePlace | null;
    limit: number;
  },
): Promise<readonly PatientRow[]> {
  const { rows } = await transaction.query<PatientRow>(
    `SELECT ${columns} FROM clinical.patients
     WHERE tenant_id = $1 AND ($2::uuid IS NULL OR clinic_id = $2)
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       AND ($6::uuid[] IS NULL OR id = ANY ($6))
     ORDER BY created_at DESC, id DESC LIMIT $5`,
    [
      tenantId,
      page.clinicId ?? null,
      page.after?.at ?? null,
      page.after?.id ?? null,
      page.limit + 1,
      page.ids ?? null,
    ],
  );
  return rows;
}
