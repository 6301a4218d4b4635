-- What a record said before each change. A version row has the columns of its record, ciphertext sealed anew for the
-- row's own place, and is written by the change that replaces it.

ALTER TABLE clinical.patients ADD COLUMN updated_by uuid;
ALTER TABLE clinical.appointments ADD COLUMN updated_by uuid;
ALTER TABLE clinical.treatment_plans ADD COLUMN updated_by uuid;
ALTER TABLE clinical.billing_records ADD COLUMN updated_by uuid;
ALTER TABLE clinical.chat_transcripts ADD COLUMN updated_by uuid;
ALTER TABLE clinical.chat_transcripts ADD COLUMN version integer NOT NULL DEFAULT 1;

-- The interval's two ends, by which a day is listed.
DROP INDEX clinical.appointments_of_clinic;
ALTER TABLE clinical.appointments
  ADD COLUMN starts_at timestamptz GENERATED ALWAYS AS (lower(during)) STORED,
  ADD COLUMN ends_at timestamptz GENERATED ALWAYS AS (upper(during)) STORED;
CREATE INDEX appointments_of_clinic ON clinical.appointments (tenant_id, clinic_id, starts_at, id);
CREATE INDEX appointments_of_clinician ON clinical.appointments (tenant_id, clinician_account_id, starts_at, id);

-- Lists of a clinic, newest first, and of all clinics of a tenant.
CREATE INDEX patients_of_tenant ON clinical.patients (tenant_id, created_at DESC, id DESC);
CREATE INDEX treatment_plans_of_clinic ON clinical.treatment_plans (tenant_id, clinic_id, created_at DESC, id DESC);
CREATE INDEX clinical_records_of_clinic ON clinical.clinical_records (tenant_id, clinic_id, recorded_at DESC, id DESC);
CREATE INDEX chat_transcripts_of_clinic ON clinical.chat_transcripts (tenant_id, clinic_id, started_at DESC, id DESC);
CREATE INDEX billing_records_of_clinic ON clinical.billing_records (tenant_id, clinic_id, created_at DESC, id DESC);
CREATE INDEX consent_records_of_clinic ON clinical.consent_records (tenant_id, clinic_id, recorded_at DESC, id DESC);

CREATE FUNCTION clinical.keep_versions(target regclass, versions text, data_class text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  kept constant text := format('clinical.%I', versions);
BEGIN
  EXECUTE format('CREATE TABLE %s (LIKE %s)', kept, target);
  EXECUTE format('ALTER TABLE %s ADD COLUMN record_id uuid NOT NULL', kept);
  IF target = 'clinical.patients'::regclass THEN
    EXECUTE format('ALTER TABLE %s ADD COLUMN patient_id uuid NOT NULL, ADD CHECK (patient_id = record_id)', kept);
  END IF;
  EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (tenant_id, id), ADD UNIQUE (tenant_id, record_id, version),
    ADD FOREIGN KEY (tenant_id, record_id) REFERENCES %s (tenant_id, id),
    ADD FOREIGN KEY (tenant_id, patient_id, clinic_id)
      REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE', kept, target);
  EXECUTE format('CREATE INDEX ON %s (tenant_id, patient_id)', kept);
  PERFORM cordon.classify_columns(kept::regclass, data_class, ARRAY(
    SELECT attname::text FROM pg_attribute
    WHERE attrelid = kept::regclass AND attnum > 0 AND NOT attisdropped AND atttypid <> 'cordon.ciphertext'::regtype));
  PERFORM clinical.protect_patient_table(kept::regclass, data_class);
  PERFORM clinical.open_to_exceptions(kept::regclass, data_class);
  EXECUTE format('REVOKE UPDATE ON %s FROM engine_clinical, engine_jobs', kept);
END
$$;
REVOKE ALL ON FUNCTION clinical.keep_versions(regclass, text, text) FROM PUBLIC;

SELECT clinical.keep_versions('clinical.patients', 'patient_versions', 'patientProfile');
SELECT clinical.keep_versions('clinical.appointments', 'appointment_versions', 'appointmentBooking');
SELECT clinical.keep_versions('clinical.treatment_plans', 'treatment_plan_versions', 'treatmentPlan');
SELECT clinical.keep_versions('clinical.billing_records', 'billing_record_versions', 'billingRecord');
SELECT clinical.keep_versions('clinical.chat_transcripts', 'chat_transcript_versions', 'chatTranscriptPHI');
-- The two ends say it all.
ALTER TABLE clinical.appointment_versions DROP COLUMN during;
-- The items of a plan as they stood, in one cell.
ALTER TABLE clinical.treatment_plan_versions ADD COLUMN items cordon.ciphertext;
COMMENT ON COLUMN clinical.treatment_plan_versions.items IS 'class=treatmentPlan sensitivity=phi';

SELECT cordon.classify_columns('clinical.patients', 'patientProfile',
  '{tenant_id,id,clinic_id,key_id,version,created_at,updated_at,updated_by}');
SELECT cordon.classify_columns('clinical.appointments', 'appointmentBooking',
  '{tenant_id,id,clinic_id,patient_id,clinician_account_id,during,starts_at,ends_at,state,key_id,version,created_at,updated_at,updated_by}');
SELECT cordon.classify_columns('clinical.treatment_plans', 'treatmentPlan',
  '{tenant_id,id,clinic_id,patient_id,author_account_id,state,key_id,version,created_at,updated_at,updated_by}');
SELECT cordon.classify_columns('clinical.billing_records', 'billingRecord',
  '{tenant_id,id,clinic_id,patient_id,state,key_id,version,created_at,updated_at,updated_by}');
SELECT cordon.classify_columns('clinical.chat_transcripts', 'chatTranscriptPHI',
  '{tenant_id,id,clinic_id,patient_id,purpose_id,state,key_id,version,started_at,updated_at,updated_by}');
