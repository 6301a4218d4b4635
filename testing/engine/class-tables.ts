import type { DataClassId } from '@cordon/access-policy';

/** A ciphertext that nobody opens, as an SQL expression. */
export const cell = `cordon.seal_cell('\\x00'::bytea, 'a key of the test')`;

/** The table of each class that the clinical store holds, with values for the columns that a row must have. */
export const tables: Partial<
  Record<DataClassId, { readonly table: string; readonly values: Record<string, string> }>
> = {
  patientProfile: { table: 'patients', values: { full_name: cell, date_of_birth: cell } },
  appointmentBooking: {
    table: 'appointments',
    values: { clinician_account_id: 'gen_random_uuid()', during: `tstzrange('2030-01-01', '2030-01-02')` },
  },
  treatmentPlan: {
    table: 'treatment_plans',
    values: { author_account_id: 'gen_random_uuid()', title: cell },
  },
  clinicalRecord: {
    table: 'clinical_records',
    values: { author_account_id: 'coalesce(cordon.subject(), gen_random_uuid())' },
  },
  imagingAsset: {
    table: 'imaging_assets',
    values: {
      object_id: 'gen_random_uuid()',
      media_type: `'image/png'`,
      byte_length: '1',
      uploaded_by: 'gen_random_uuid()',
      width: '1',
      height: '1',
      object_key: cell,
    },
  },
  intakeForm: {
    table: 'intake_forms',
    values: {
      submitted_by: 'gen_random_uuid()',
      page_count: '1',
      card_numbers_removed: '0',
      form_text: cell,
    },
  },
  urgencyAlert: {
    table: 'alerts',
    values: { urgency: `'urgent'`, created_by: 'gen_random_uuid()', message: cell },
  },
  chatTranscriptPHI: {
    table: 'chat_transcripts',
    values: { purpose_id: `'purpose.chat.triage'`, transcript: cell },
  },
  billingRecord: { table: 'billing_records', values: { amount: cell } },
  consentRecord: {
    table: 'consent_records',
    values: { consent_kind: `'photographs'`, wording_version: '1', state: `'given'` },
  },
};
