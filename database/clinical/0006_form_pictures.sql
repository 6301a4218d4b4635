-- Blacked-out pictures of intake forms. A clinic chooses to keep them; the default is to keep none.
ALTER TABLE clinical.clinics ADD COLUMN keeps_form_pictures boolean NOT NULL DEFAULT false;
SELECT cordon.classify_columns('clinical.clinics', 'portalAccount',
  '{tenant_id,id,slug,state,alert_timeout,created_at,keeps_form_pictures}');

-- A picture hangs on the form of the same patient, and on no other.
ALTER TABLE clinical.intake_forms ADD UNIQUE (tenant_id, id, patient_id, clinic_id);

-- One row for each stored object. The object's own key is ciphertext under the patient's data key: when that key is
-- destroyed, no copy of the object opens again, wherever it lies.
CREATE TABLE clinical.intake_pictures (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  intake_form_id uuid NOT NULL,
  page integer NOT NULL CHECK (page BETWEEN 1 AND 100),
  size text NOT NULL CHECK (size IN ('page', 'thumbnail')),
  byte_length integer NOT NULL CHECK (byte_length > 0),
  key_id text NOT NULL,
  object_key cordon.ciphertext NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, intake_form_id, page, size),
  FOREIGN KEY (tenant_id, intake_form_id, patient_id, clinic_id)
    REFERENCES clinical.intake_forms (tenant_id, id, patient_id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX intake_pictures_of_patient ON clinical.intake_pictures (tenant_id, patient_id);

SELECT cordon.classify_columns('clinical.intake_pictures', 'intakeForm',
  '{tenant_id,id,clinic_id,patient_id,intake_form_id,page,size,byte_length,key_id,created_at}');
SELECT clinical.protect_patient_table('clinical.intake_pictures', 'intakeForm');
-- Written once, like the form it belongs to.
REVOKE UPDATE ON clinical.intake_pictures FROM engine_clinical, engine_jobs;
