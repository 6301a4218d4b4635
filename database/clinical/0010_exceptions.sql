-- Two exceptions to "staff see the clinics they work in", each a live row that every statement reads again.

-- Break-glass: one clinician, one patient, an hour. The reason is ciphertext under the patient's key; the audit entry
-- names this row. Times are the database's own: the columns for them are not the caller's to write.
CREATE TABLE clinical.break_glass_grants (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  account_id uuid NOT NULL,
  key_id text NOT NULL,
  reason cordon.ciphertext NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '60 minutes',
  reviewed_by uuid,
  reviewed_at timestamptz,
  review text CHECK (review IN ('justified', 'not-justified')),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, patient_id, clinic_id)
    REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE,
  CHECK (expires_at > granted_at AND expires_at <= granted_at + interval '60 minutes'),
  CHECK ((reviewed_at IS NULL) = (review IS NULL) AND (reviewed_at IS NULL) = (reviewed_by IS NULL)),
  -- Nobody reviews themselves.
  CHECK (reviewed_by <> account_id)
);
CREATE INDEX break_glass_grants_of_account ON clinical.break_glass_grants (tenant_id, account_id, expires_at);
CREATE INDEX break_glass_grants_of_clinic ON clinical.break_glass_grants (tenant_id, clinic_id, granted_at DESC, id DESC);
CREATE INDEX break_glass_grants_of_patient ON clinical.break_glass_grants (tenant_id, patient_id);

-- A corporate admin's step into one clinic; the newest that has not ended counts.
CREATE TABLE clinical.clinic_switches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  session_id text NOT NULL CHECK (session_id ~ '^[A-Za-z0-9_-]{8,128}$'),
  clinic_id uuid NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '60 minutes',
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, clinic_id) REFERENCES clinical.clinics (tenant_id, id),
  CHECK (expires_at > started_at AND expires_at <= started_at + interval '60 minutes')
);
CREATE UNIQUE INDEX clinic_switches_one ON clinical.clinic_switches (tenant_id, account_id) WHERE ended_at IS NULL;

SELECT cordon.classify_columns('clinical.break_glass_grants', 'auditLogEntry',
  '{tenant_id,id,clinic_id,patient_id,account_id,key_id,granted_at,expires_at,reviewed_by,reviewed_at,review}');
SELECT cordon.classify_columns('clinical.clinic_switches', 'auditLogEntry',
  '{tenant_id,id,account_id,session_id,clinic_id,started_at,expires_at,ended_at}');

-- Patients that the caller has broken glass for. A clinician whose last membership ended opens nothing any more.
CREATE FUNCTION clinical.emergency_patients(data_class text) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF cordon.role() IS DISTINCT FROM 'role.clinician' OR NOT cordon.may_read(data_class) THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(SELECT g.patient_id FROM clinical.break_glass_grants g
    WHERE g.tenant_id = (SELECT cordon.tenant_id()) AND g.account_id = (SELECT cordon.subject())
      AND g.expires_at > now() AND EXISTS (SELECT FROM clinical.my_memberships));
END
$$;
-- The clinic that a corporate admin has switched into; NULL for everybody else.
CREATE FUNCTION clinical.switched_clinic(data_class text) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF cordon.role() IS DISTINCT FROM 'role.corporateAdmin' OR NOT cordon.may_read(data_class) THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT s.clinic_id FROM clinical.clinic_switches s
    WHERE s.tenant_id = (SELECT cordon.tenant_id()) AND s.account_id = (SELECT cordon.subject())
      AND s.ended_at IS NULL AND s.expires_at > now()
      AND EXISTS (SELECT FROM clinical.my_memberships m WHERE m.clinic_id IS NULL) LIMIT 1);
END
$$;
REVOKE ALL ON FUNCTION clinical.emergency_patients(text), clinical.switched_clinic(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.emergency_patients(text), clinical.switched_clinic(text) TO engine_clinical;

SELECT clinical.protect_for_jobs('clinical.break_glass_grants');
SELECT clinical.protect_for_jobs('clinical.clinic_switches');

GRANT SELECT, INSERT (tenant_id, id, clinic_id, patient_id, account_id, key_id, reason),
  UPDATE (reviewed_by, reviewed_at, review) ON clinical.break_glass_grants TO engine_clinical;
CREATE POLICY own_grants ON clinical.break_glass_grants FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject())
    AND (SELECT cordon.role()) = 'role.clinician');
CREATE POLICY reviewer_reads ON clinical.break_glass_grants FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('auditLogEntry', false))::uuid[]));
CREATE POLICY clinician_opens ON clinical.break_glass_grants FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject())
    AND (SELECT cordon.role()) = 'role.clinician' AND EXISTS (SELECT FROM clinical.my_memberships));
CREATE POLICY reviewer_closes ON clinical.break_glass_grants FOR UPDATE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('auditLogEntry', true))::uuid[]))
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND reviewed_by = (SELECT cordon.subject())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('auditLogEntry', true))::uuid[]));

GRANT SELECT, INSERT (tenant_id, id, account_id, session_id, clinic_id), UPDATE (ended_at)
  ON clinical.clinic_switches TO engine_clinical;
CREATE POLICY own_switches ON clinical.clinic_switches FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject())
    AND (SELECT cordon.role()) = 'role.corporateAdmin');
CREATE POLICY admin_switches ON clinical.clinic_switches FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject())
    AND (SELECT clinical.sees_all_clinics('patientProfile')));
CREATE POLICY admin_leaves ON clinical.clinic_switches FOR UPDATE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject())
    AND (SELECT cordon.role()) = 'role.corporateAdmin')
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject()));

-- Adds the two exceptions to a table: policies of one command are alternatives to each other.
CREATE FUNCTION clinical.open_to_exceptions(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', emergencies boolean DEFAULT true)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF emergencies THEN
    EXECUTE format('CREATE POLICY emergency_reads ON %s FOR SELECT TO engine_clinical
      USING (tenant_id = (SELECT cordon.tenant_id()) AND %I = ANY ((SELECT clinical.emergency_patients(%L))::uuid[]))',
      target, patient_column, data_class);
  END IF;
  EXECUTE format('CREATE POLICY switched_reads ON %s FOR SELECT TO engine_clinical
    USING (tenant_id = (SELECT cordon.tenant_id()) AND clinic_id = (SELECT clinical.switched_clinic(%L))
      AND %I NOT IN (SELECT unnest(clinical.restricted_patients())))', target, data_class, patient_column);
END
$$;
REVOKE ALL ON FUNCTION clinical.open_to_exceptions(regclass, text, text, boolean) FROM PUBLIC;

SELECT clinical.open_to_exceptions('clinical.patients', 'patientProfile', 'id');
SELECT clinical.open_to_exceptions('clinical.patient_search_tokens', 'patientProfile', emergencies => false);
SELECT clinical.open_to_exceptions('clinical.appointments', 'appointmentBooking');
SELECT clinical.open_to_exceptions('clinical.treatment_plans', 'treatmentPlan');
SELECT clinical.open_to_exceptions('clinical.treatment_plan_items', 'treatmentPlan');
SELECT clinical.open_to_exceptions('clinical.clinical_records', 'clinicalRecord');
SELECT clinical.open_to_exceptions('clinical.imaging_assets', 'imagingAsset');
SELECT clinical.open_to_exceptions('clinical.intake_forms', 'intakeForm');
SELECT clinical.open_to_exceptions('clinical.intake_pictures', 'intakeForm');
SELECT clinical.open_to_exceptions('clinical.alerts', 'urgencyAlert');
SELECT clinical.open_to_exceptions('clinical.chat_transcripts', 'chatTranscriptPHI');
SELECT clinical.open_to_exceptions('clinical.billing_records', 'billingRecord');
SELECT clinical.open_to_exceptions('clinical.consent_records', 'consentRecord');
