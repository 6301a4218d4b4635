import type { Transaction } from '@cordon/row-security';
import type { RecordRow } from '../../walk/disclose-records.ts';

export interface IntakeFormRow extends RecordRow {
  readonly received_at: Date;
  readonly card_numbers_removed: number;
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
       medical_history, reason_for_visit
     FROM clinical.intake_forms WHERE tenant_id = $1 AND patient_id = $2
     ORDER BY received_at DESC, id DESC LIMIT ${mostForms}`,
    [tenantId, patientId],
  );
  return rows;
}
