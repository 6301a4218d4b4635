-- What hangs on a patient. Each table: key (tenant_id, id), tied to its patient and clinic by one foreign key.

CREATE TABLE clinical.appointments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  clinician_account_id uuid NOT NULL,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND lower(during) IS NOT NULL AND upper(during) IS NOT NULL),
  state text NOT NULL DEFAULT 'booked' CHECK (state IN ('booked', 'arrived', 'completed', 'cancelled', 'missed')),
  key_id text NOT NULL,
  reason cordon.ciphertext,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE,
  CONSTRAINT no_double_booking EXCLUDE USING gist
    (tenant_id WITH =, clinician_account_id WITH =, during WITH &&) WHERE (state IN ('booked', 'arrived'))
);
CREATE INDEX appointments_of_clinic ON clinical.appointments (tenant_id, clinic_id, lower(during));
CREATE INDEX appointments_of_patient ON clinical.appointments (tenant_id, patient_id);

CREATE TABLE clinical.treatment_plans (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  author_account_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'proposed', 'accepted', 'completed', 'withdrawn')),
  key_id text NOT NULL,
  title cordon.ciphertext NOT NULL,
  total_visits cordon.ciphertext,
  estimated_duration cordon.ciphertext,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, id, patient_id, clinic_id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX treatment_plans_of_patient ON clinical.treatment_plans (tenant_id, patient_id, created_at DESC);

CREATE TABLE clinical.treatment_plan_items (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  treatment_plan_id uuid NOT NULL,
  position integer NOT NULL CHECK (position BETWEEN 1 AND 500),
  state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'done', 'dropped')),
  key_id text NOT NULL,
  summary_text cordon.ciphertext NOT NULL,
  cost cordon.ciphertext,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, treatment_plan_id, position),
  FOREIGN KEY (tenant_id, treatment_plan_id, patient_id, clinic_id)
    REFERENCES clinical.treatment_plans (tenant_id, id, patient_id, clinic_id) ON UPDATE CASCADE
);

-- Append and amend: an amendment is a new row that names the one it supersedes.
CREATE TABLE clinical.clinical_records (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  author_account_id uuid NOT NULL,
  supersedes_id uuid,
  key_id text NOT NULL,
  problem_list cordon.ciphertext,
  relevant_history cordon.ciphertext,
  treatment_summary cordon.ciphertext,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, id, patient_id),
  UNIQUE (tenant_id, supersedes_id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE,
  FOREIGN KEY (tenant_id, supersedes_id, patient_id) REFERENCES clinical.clinical_records (tenant_id, id, patient_id)
);
CREATE INDEX clinical_records_of_patient ON clinical.clinical_records (tenant_id, patient_id, recorded_at DESC);

CREATE TABLE clinical.imaging_assets (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  object_id uuid NOT NULL,
  media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
  byte_length bigint NOT NULL CHECK (byte_length > 0),
  state text NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'withdrawn')),
  key_id text NOT NULL,
  caption cordon.ciphertext,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX imaging_assets_of_patient ON clinical.imaging_assets (tenant_id, patient_id, created_at DESC);

CREATE TABLE clinical.intake_forms (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  submitted_by uuid NOT NULL,
  page_count integer NOT NULL CHECK (page_count BETWEEN 1 AND 100),
  card_numbers_removed integer NOT NULL CHECK (card_numbers_removed >= 0),
  key_id text NOT NULL,
  form_text cordon.ciphertext NOT NULL,
  allergies cordon.ciphertext,
  medication cordon.ciphertext,
  medical_history cordon.ciphertext,
  reason_for_visit cordon.ciphertext,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX intake_forms_of_patient ON clinical.intake_forms (tenant_id, patient_id, received_at DESC);

CREATE TABLE clinical.alerts (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'DELIVERED', 'ACKNOWLEDGED', 'ESCALATED')),
  urgency text NOT NULL CHECK (urgency IN ('routine', 'urgent', 'emergency')),
  created_by uuid NOT NULL,
  acknowledged_by uuid,
  key_id text NOT NULL,
  message cordon.ciphertext NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  acknowledged_at timestamptz,
  escalated_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX alerts_of_clinic ON clinical.alerts (tenant_id, clinic_id, created_at DESC, id DESC);
CREATE INDEX alerts_of_patient ON clinical.alerts (tenant_id, patient_id);

CREATE TABLE clinical.chat_transcripts (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  purpose_id text NOT NULL CHECK (purpose_id ~ '^purpose\.[A-Za-z.]{2,60}$'),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'handed-over', 'closed')),
  key_id text NOT NULL,
  transcript cordon.ciphertext NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX chat_transcripts_of_patient ON clinical.chat_transcripts (tenant_id, patient_id, started_at DESC);

CREATE TABLE clinical.billing_records (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'void')),
  key_id text NOT NULL,
  amount cordon.ciphertext NOT NULL,
  description cordon.ciphertext,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX billing_records_of_patient ON clinical.billing_records (tenant_id, patient_id, created_at DESC);

CREATE TABLE clinical.consent_records (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  consent_kind text NOT NULL CHECK (consent_kind ~ '^[a-z-]{2,40}$'),
  wording_version integer NOT NULL CHECK (wording_version > 0),
  state text NOT NULL CHECK (state IN ('given', 'refused', 'withdrawn')),
  key_id text NOT NULL,
  note cordon.ciphertext,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX consent_records_of_patient ON clinical.consent_records (tenant_id, patient_id, recorded_at DESC);

SELECT cordon.classify_columns('clinical.appointments', 'appointmentBooking',
  '{tenant_id,id,clinic_id,patient_id,clinician_account_id,during,state,key_id,version,created_at,updated_at}');
SELECT cordon.classify_columns('clinical.treatment_plans', 'treatmentPlan',
  '{tenant_id,id,clinic_id,patient_id,author_account_id,state,key_id,version,created_at,updated_at}');
SELECT cordon.classify_columns('clinical.treatment_plan_items', 'treatmentPlan',
  '{tenant_id,id,clinic_id,patient_id,treatment_plan_id,position,state,key_id}');
SELECT cordon.classify_columns('clinical.clinical_records', 'clinicalRecord',
  '{tenant_id,id,clinic_id,patient_id,author_account_id,supersedes_id,key_id,recorded_at}');
SELECT cordon.classify_columns('clinical.imaging_assets', 'imagingAsset',
  '{tenant_id,id,clinic_id,patient_id,object_id,media_type,byte_length,state,key_id,created_at}');
SELECT cordon.classify_columns('clinical.intake_forms', 'intakeForm',
  '{tenant_id,id,clinic_id,patient_id,submitted_by,page_count,card_numbers_removed,key_id,received_at}');
SELECT cordon.classify_columns('clinical.alerts', 'urgencyAlert',
  '{tenant_id,id,clinic_id,patient_id,state,urgency,created_by,acknowledged_by,key_id,created_at,delivered_at,acknowledged_at,escalated_at}');
SELECT cordon.classify_columns('clinical.chat_transcripts', 'chatTranscriptPHI',
  '{tenant_id,id,clinic_id,patient_id,purpose_id,state,key_id,started_at,updated_at}');
SELECT cordon.classify_columns('clinical.billing_records', 'billingRecord',
  '{tenant_id,id,clinic_id,patient_id,state,key_id,version,created_at,updated_at}');
SELECT cordon.classify_columns('clinical.consent_records', 'consentRecord',
  '{tenant_id,id,clinic_id,patient_id,consent_kind,wording_version,state,key_id,recorded_at}');

SELECT clinical.protect_patient_table('clinical.appointments', 'appointmentBooking');
SELECT clinical.protect_patient_table('clinical.treatment_plans', 'treatmentPlan');
SELECT clinical.protect_patient_table('clinical.treatment_plan_items', 'treatmentPlan');
SELECT clinical.protect_patient_table('clinical.clinical_records', 'clinicalRecord');
SELECT clinical.protect_patient_table('clinical.imaging_assets', 'imagingAsset');
SELECT clinical.protect_patient_table('clinical.intake_forms', 'intakeForm');
SELECT clinical.protect_patient_table('clinical.alerts', 'urgencyAlert', corporate => true);
SELECT clinical.protect_patient_table('clinical.chat_transcripts', 'chatTranscriptPHI');
SELECT clinical.protect_patient_table('clinical.billing_records', 'billingRecord');
SELECT clinical.protect_patient_table('clinical.consent_records', 'consentRecord');
-- Append and amend only: what was written stays.
REVOKE UPDATE ON clinical.clinical_records, clinical.intake_forms, clinical.consent_records
  FROM engine_clinical, engine_jobs;
