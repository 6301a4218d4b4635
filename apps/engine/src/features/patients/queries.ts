import type { Transaction } from '@cordon/row-security';
import { placeColumn, type PagePlace } from '../../server/page-cursor.ts';
import { composeStatement } from '../../stores/compose-statement.ts';
import { emergencyColumn } from '../../pipeline/find-grants.ts';
import type { ListedPatientRow, PatientRow } from './profile.ts';

const listed = `id, clinic_id, id AS patient_id, version, created_at, ${placeColumn('created_at')} AS place,
  ${emergencyColumn('patientProfile', 'id')}, full_name, date_of_birth`;
const columns = `${listed}, phone, email, address, nhs_number, emergency_contact`;

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

/** As above, with the names of clinic and tenant as far as the caller sees them, and whether the record is restricted. */
export interface PlacedPatientRow extends PatientRow {
  readonly clinic_slug: string | null;
  readonly tenant_slug: string | null;
  readonly restricted: boolean;
}

export async function findPatientAndPlace(
  transaction: Transaction,
  tenantId: string,
  patientId: string,
): Promise<PlacedPatientRow | undefined> {
  const { rows } = await transaction.query<PlacedPatientRow>(
    `SELECT ${columns},
       (SELECT c.slug FROM clinical.clinics c WHERE c.tenant_id = p.tenant_id AND c.id = p.clinic_id) AS clinic_slug,
       (SELECT t.slug FROM clinical.tenants t WHERE t.tenant_id = p.tenant_id) AS tenant_slug,
       EXISTS (SELECT FROM clinical.restrictions r
         WHERE r.tenant_id = p.tenant_id AND r.patient_id = p.id AND r.lifted_at IS NULL) AS restricted
     FROM clinical.patients p WHERE p.tenant_id = $1 AND p.id = $2`,
    [tenantId, patientId],
  );
  return rows[0];
}

/** Newest first. Row security decides which clinics are seen; `clinicId` narrows further. */
export async function listPatients(
  transaction: Transaction,
  tenantId: string,
  page: {
    clinicId: string | undefined;
    ids: readonly string[] | undefined;
    /** The caller's own record, for patients. */
    ownId: string | undefined;
    after: PagePlace | null;
    limit: number;
  },
): Promise<readonly ListedPatientRow[]> {
  const { clinicId, ids, ownId, after, limit } = page;
  const list = composeStatement([
    [`SELECT ${listed} FROM clinical.patients WHERE tenant_id = ?`, tenantId],
    clinicId !== undefined && ['AND clinic_id = ?', clinicId],
    after !== null && ['AND (created_at, id) < (?::timestamptz, ?::uuid)', after.at, after.id],
    ids !== undefined && ['AND id = ANY (?::uuid[])', ids],
    ownId !== undefined && ['AND id = ?', ownId],
    ['ORDER BY created_at DESC, id DESC LIMIT ?', limit + 1],
  ]);
  const { rows } = await transaction.query<ListedPatientRow>(list.text, list.values);
  return rows;
}
