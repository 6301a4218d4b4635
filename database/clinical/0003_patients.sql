-- Patients, what is known of them at the desk, and what stands in the way of a row's ordinary life.

CREATE TABLE clinical.patients (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  key_id text NOT NULL,
  full_name cordon.ciphertext NOT NULL,
  date_of_birth cordon.ciphertext NOT NULL,
  phone cordon.ciphertext,
  email cordon.ciphertext,
  address cordon.ciphertext,
  nhs_number cordon.ciphertext,
  emergency_contact cordon.ciphertext,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  -- Rows that hang on a patient carry the clinic too; this key ties the two together.
  UNIQUE (tenant_id, id, clinic_id),
  FOREIGN KEY (tenant_id, clinic_id) REFERENCES clinical.clinics (tenant_id, id)
);
CREATE INDEX patients_of_clinic ON clinical.patients (tenant_id, clinic_id, created_at DESC, id DESC);
ALTER TABLE clinical.memberships ADD FOREIGN KEY (tenant_id, patient_id)
  REFERENCES clinical.patients (tenant_id, id);

CREATE TABLE clinical.restrictions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  key_id text NOT NULL,
  reason cordon.ciphertext NOT NULL,
  placed_by uuid NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now(),
  lifted_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX restrictions_in_force ON clinical.restrictions (tenant_id, patient_id) WHERE lifted_at IS NULL;

CREATE TABLE clinical.legal_holds (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  key_id text NOT NULL,
  reason cordon.ciphertext NOT NULL,
  placed_by uuid NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now(),
  lifted_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX legal_holds_in_force ON clinical.legal_holds (tenant_id, patient_id) WHERE lifted_at IS NULL;

-- Blind search tokens: HMACs under a key per tenant and column. Equality is all they tell.
CREATE TABLE clinical.patient_search_tokens (
  tenant_id uuid NOT NULL,
  token bytea NOT NULL CHECK (length(token) = 32),
  patient_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  token_key_id text NOT NULL,
  PRIMARY KEY (tenant_id, token, patient_id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE
);
CREATE INDEX patient_search_tokens_of_patient ON clinical.patient_search_tokens (tenant_id, patient_id);

SELECT cordon.classify_columns('clinical.patients', 'patientProfile',
  '{tenant_id,id,clinic_id,key_id,version,created_at,updated_at}');
SELECT cordon.classify_columns('clinical.restrictions', 'patientProfile',
  '{tenant_id,id,clinic_id,patient_id,key_id,placed_by,placed_at,lifted_at}');
SELECT cordon.classify_columns('clinical.legal_holds', 'patientProfile',
  '{tenant_id,id,clinic_id,patient_id,key_id,placed_by,placed_at,lifted_at}');
SELECT cordon.classify_columns('clinical.patient_search_tokens', 'patientProfile',
  '{tenant_id,token,patient_id,clinic_id,token_key_id}');

-- Patients whose records are closed to the caller; an administrator, who acts on restrictions, is shut out of none.
CREATE FUNCTION clinical.restricted_patients() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF cordon.role() = 'role.admin' THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(SELECT r.patient_id FROM clinical.restrictions r
    WHERE r.tenant_id = (SELECT cordon.tenant_id()) AND r.lifted_at IS NULL);
END
$$;
REVOKE ALL ON FUNCTION clinical.restricted_patients() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.restricted_patients() TO engine_clinical;

SELECT clinical.protect_patient_table('clinical.patients', 'patientProfile', 'id', corporate => true);
SELECT clinical.protect_patient_table('clinical.legal_holds', 'patientProfile');
SELECT clinical.protect_patient_table('clinical.patient_search_tokens', 'patientProfile');
GRANT DELETE ON clinical.patient_search_tokens TO engine_jobs;

-- Every policy above asks this table, so its own asks for no more than where the caller works: there, and for those who
-- administer the tenant, its ids are visible. Patients, contractors and auditors see none.
SELECT clinical.protect_for_jobs('clinical.restrictions');
GRANT SELECT (tenant_id, id, clinic_id, patient_id, placed_at, lifted_at), INSERT, UPDATE
  ON clinical.restrictions TO engine_clinical;
CREATE POLICY staff_read ON clinical.restrictions FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND (clinic_id = ANY ((SELECT clinical.member_clinics())::uuid[])
      OR (SELECT clinical.sees_all_clinics('patientProfile'))));
CREATE POLICY admin_create ON clinical.restrictions FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.role()) = 'role.admin'
    AND clinic_id = ANY ((SELECT clinical.member_clinics())::uuid[]));
CREATE POLICY admin_lift ON clinical.restrictions FOR UPDATE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.role()) = 'role.admin'
    AND clinic_id = ANY ((SELECT clinical.member_clinics())::uuid[]));
