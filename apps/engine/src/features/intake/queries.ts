import type { Transaction } from '@cordon/row-security';
import type { RecordRow } from '../../pipeline/disclose-records.ts';

export interface IntakeFormRow extends RecordRow {
  readonly received_at: Date;
  readonly card_numbers_removed: number;
  /** Pages of which a blacked-out picture is kept. */
  readonly pictures: number;
  readonly form_text: Buffer;
  readonly allergies: Buffer | null;
  readonly medication: Buffer | null;
  readonly medical_history: Buffer | null;
  readonly reason_for_visit: Buffer | null;
}

export const intakeColumns = {
  formText: 'form_text',
  allergies: 'allergies',
  medication: 'medication',
  medicalHistory: 'medical_history',
  reasonForVisit: 'reason_for_visit',
} as const satisfies Record<string, keyof IntakeFormRow>;

/** Far more than a patient fills in; a bound all the same. */
const mostForms = 100;

export async function listIntakeForms(
  transaction: Transaction,
  tenantId: string,
  patientId: string,
): Promise<readonly IntakeFormRow[]> {
  const { rows } = await transaction.query<IntakeFormRow>(
    `SELECT id, clinic_id, patient_id, received_at, card_numbers_removed, form_text, allergies, medication,
       medical_history, reason_for_visit,
       (SELECT count(*)::int FROM clinical.intake_pictures p
        WHERE p.tenant_id = f.tenant_id AND p.intake_form_id = f.id AND p.size = 'page') AS pictures
     FROM clinical.intake_forms f WHERE tenant_id = $1 AND patient_id = $2
     ORDER BY received_at DESC, id DESC LIMIT ${mostForms}`,
    [tenantId, patientId],
  );
  return rows;
}

export interface PictureRow extends RecordRow {
  readonly byte_length: number;
  readonly object_key: Buffer;
}

export async function findPicture(
  transaction: Transaction,
  tenantId: string,
  wanted: { intakeFormId: string; page: number; size: 'page' | 'thumbnail' },
): Promise<readonly PictureRow[]> {
  const { rows } = await transaction.query<PictureRow>(
    `SELECT id, clinic_id, patient_id, byte_length, object_key FROM clinical.intake_pictures
     WHERE tenant_id = $1 AND intake_form_id = $2 AND page = $3 AND size = $4`,
    [tenantId, wanted.intakeFormId, wanted.page, wanted.size],
  );
  return rows;
}

/** The clinic's choice. A clinic that is not seen keeps nothing. */
export async function keepsPictures(
  transaction: Transaction,
  tenantId: string,
  clinicId: string,
): Promise<boolean> {
  const { rows } = await transaction.query<{ keeps: boolean }>(
    'SELECT keeps_form_pictures AS keeps FROM clinical.clinics WHERE tenant_id = $1 AND id = $2',
    [tenantId, clinicId],
  );
  return rows[0]?.keeps ?? false;
}
