-- What patients change themselves, what clinicians alone write, and what a change takes away.

-- The caller's own record, for patients whose role writes this class; NULL for everybody else.
CREATE FUNCTION clinical.own_record_to_change(data_class text) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF cordon.role() IS DISTINCT FROM 'role.patient' OR NOT cordon.may_write(data_class) THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT m.patient_id FROM clinical.my_memberships m WHERE m.patient_id = cordon.patient_id() LIMIT 1);
END
$$;
REVOKE ALL ON FUNCTION clinical.own_record_to_change(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.own_record_to_change(text) TO engine_clinical;

-- Patients keep up how to reach them. A record under restriction (UK GDPR article 18) is stored and read, not changed,
-- so its patient sees that it is restricted.
CREATE POLICY own_restriction ON clinical.restrictions FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND patient_id = (SELECT clinical.own_record('patientProfile')));
CREATE POLICY patient_changes ON clinical.patients FOR UPDATE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND id = (SELECT clinical.own_record_to_change('patientProfile'))
    AND id NOT IN (SELECT unnest(clinical.restricted_patients())))
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND id = (SELECT clinical.own_record_to_change('patientProfile')));
CREATE POLICY patient_keeps ON clinical.patient_versions FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id())
    AND patient_id = (SELECT clinical.own_record_to_change('patientProfile')));

-- Row security knows rows, not columns: what a patient may not rewrite is held here.
CREATE FUNCTION clinical.hold_identity() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF cordon.role() = 'role.patient' AND (NEW.tenant_id, NEW.id, NEW.clinic_id, NEW.key_id, NEW.created_at,
      NEW.full_name::bytea, NEW.date_of_birth::bytea, NEW.nhs_number::bytea)
    IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.clinic_id, OLD.key_id, OLD.created_at,
      OLD.full_name::bytea, OLD.date_of_birth::bytea, OLD.nhs_number::bytea) THEN
    RAISE EXCEPTION 'a patient does not change these columns' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION clinical.hold_identity() FROM PUBLIC;
CREATE TRIGGER hold_identity BEFORE UPDATE ON clinical.patients
  FOR EACH ROW EXECUTE FUNCTION clinical.hold_identity();

-- Consents are decided by patients, each decision a new row.
CREATE POLICY patient_decides ON clinical.consent_records FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id())
    AND patient_id = (SELECT clinical.own_record_to_change('consentRecord')));

-- A changed name or number must not be found under the old one.
GRANT DELETE ON clinical.patient_search_tokens TO engine_clinical;
CREATE POLICY staff_retire ON clinical.patient_search_tokens FOR DELETE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('patientProfile', true))::uuid[])
    AND patient_id NOT IN (SELECT unnest(clinical.restricted_patients())));
CREATE POLICY patient_retires ON clinical.patient_search_tokens FOR DELETE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND patient_id = (SELECT clinical.own_record_to_change('patientProfile'))
    AND patient_id NOT IN (SELECT unnest(clinical.restricted_patients())));
CREATE POLICY patient_indexes ON clinical.patient_search_tokens FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id())
    AND patient_id = (SELECT clinical.own_record_to_change('patientProfile')));

-- The items of a plan are replaced as a whole; how they stood before is in the plan's versions.
GRANT DELETE ON clinical.treatment_plan_items TO engine_clinical;
CREATE POLICY staff_remove ON clinical.treatment_plan_items FOR DELETE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('treatmentPlan', true))::uuid[])
    AND patient_id NOT IN (SELECT unnest(clinical.restricted_patients())));

-- The clinician's workflow: an entry is appended by a clinician in their own name, whatever else would permit it.
CREATE POLICY author_writes ON clinical.clinical_records AS RESTRICTIVE FOR INSERT TO engine_clinical
  WITH CHECK (author_account_id = (SELECT cordon.subject()) AND (SELECT cordon.role()) = 'role.clinician'
    AND tenant_id = (SELECT cordon.tenant_id()));

-- A create sent twice under one key is one row. Key and body are blind tokens: neither can be read here.
CREATE TABLE clinical.idempotency_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  key_token bytea NOT NULL CHECK (length(key_token) = 32),
  body_token bytea NOT NULL CHECK (length(body_token) = 32),
  record_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, account_id, key_token)
);
CREATE INDEX idempotency_keys_by_age ON clinical.idempotency_keys (tenant_id, created_at);
SELECT cordon.classify_columns('clinical.idempotency_keys', 'portalAccount',
  '{tenant_id,id,account_id,key_token,body_token,record_id,created_at}');
SELECT clinical.protect_for_jobs('clinical.idempotency_keys', may_delete => true);
GRANT SELECT, INSERT (tenant_id, id, account_id, key_token, body_token, record_id)
  ON clinical.idempotency_keys TO engine_clinical;
CREATE POLICY own_keys ON clinical.idempotency_keys FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject()));
CREATE POLICY own_keys_added ON clinical.idempotency_keys FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject()));
