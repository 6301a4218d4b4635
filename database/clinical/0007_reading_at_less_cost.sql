-- Who reads what stays as it was; how it is asked changes. A prepared statement keeps its plan, so the look-up that nearly every
-- read needs (where the caller works, and whether a record there is restricted) is written out in the policy, where it costs
-- two index scans. What few statements reach stays behind functions, which cost a statement without a kept plan little.

-- Called as it is, not as (SELECT …): equal to the condition of the look-up below, so it is evaluated once.
ALTER POLICY staff_read ON clinical.restrictions
  USING (tenant_id = cordon.tenant_id()
    AND (clinic_id = ANY ((SELECT clinical.member_clinics())::uuid[])
      OR (SELECT clinical.sees_all_clinics('patientProfile'))));

-- Whether the caller reads every row of the tenant: it administers the whole, and no record is restricted.
CREATE FUNCTION clinical.sees_whole_tenant(data_class text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  RETURN cordon.role() = 'role.corporateAdmin' AND clinical.sees_all_clinics(data_class)
    AND NOT EXISTS (SELECT FROM clinical.restrictions r
      WHERE r.tenant_id = (SELECT cordon.tenant_id()) AND r.lifted_at IS NULL);
END
$$;
-- Clinics whose rows the caller reads unless their patient is restricted.
CREATE FUNCTION clinical.guarded_clinics(data_class text, corporate boolean) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF corporate AND cordon.role() = 'role.corporateAdmin' AND clinical.sees_all_clinics(data_class) THEN
    RETURN ARRAY(SELECT c.id FROM clinical.clinics c WHERE c.tenant_id = (SELECT cordon.tenant_id()));
  END IF;
  RETURN clinical.staff_clinics(data_class, false);
END
$$;
REVOKE ALL ON FUNCTION clinical.sees_whole_tenant(text), clinical.guarded_clinics(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.sees_whole_tenant(text), clinical.guarded_clinics(text, boolean) TO engine_clinical;

-- The policy for reading a table of clinical rows; replaces the one that stands there.
CREATE FUNCTION clinical.let_callers_read(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- Staff, in the clinics of their current membership. Empty while a record that the caller sees is restricted.
  -- Word 8 of the context: the clinics that the caller's token names.
  open_clinics constant text := format(
    'clinic_id = ANY (ARRAY(SELECT m.clinic_id FROM clinical.memberships m
       WHERE m.tenant_id = (SELECT cordon.tenant_id()) AND m.account_id = (SELECT cordon.subject())
         AND m.role = (SELECT cordon.role()) AND m.ended_at IS NULL AND m.patient_id IS NULL
         AND m.clinic_id = ANY ((SELECT string_to_array(
           nullif(split_part(current_setting(''backtrace_functions''), '' '', 8), ''0''), '',''))::uuid[])
         AND cordon.may_read(%L)
         AND (cordon.role() = ''role.admin'' OR NOT EXISTS (SELECT FROM clinical.restrictions r
           WHERE r.tenant_id = cordon.tenant_id() AND r.lifted_at IS NULL))))', data_class);
  whole_tenant constant text := CASE WHEN corporate
    THEN format('OR (SELECT clinical.sees_whole_tenant(%L))', data_class) ELSE '' END;
  own constant text := format('%I = (SELECT clinical.own_record(%L))', patient_column, data_class);
  guarded constant text := format(
    'clinic_id = ANY ((SELECT clinical.guarded_clinics(%L, %L))::uuid[])
       AND %I NOT IN (SELECT unnest(clinical.restricted_patients()))', data_class, corporate, patient_column);
BEGIN
  EXECUTE format('DROP POLICY IF EXISTS caller_reads ON %s', target);
  -- The tenant as an array of one: compared by =, the planner would take it and the statement's own tenant for one value, and
  -- check the two once in a node of its own, through which then every row goes.
  EXECUTE format('CREATE POLICY caller_reads ON %s FOR SELECT TO engine_clinical
      USING (tenant_id = ANY (ARRAY[(SELECT cordon.tenant_id())]) AND (%s %s OR %s OR %s))',
    target, open_clinics, whole_tenant, own, guarded);
END
$$;
REVOKE ALL ON FUNCTION clinical.let_callers_read(regclass, text, text, boolean) FROM PUBLIC;

-- The template of 0001, with the reading part above.
CREATE OR REPLACE FUNCTION clinical.protect_patient_table(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant constant text := 'tenant_id = (SELECT cordon.tenant_id())';
  unrestricted constant text := format(
    '%I NOT IN (SELECT unnest(clinical.restricted_patients()))', patient_column);
  staff_writes constant text := format('clinic_id = ANY ((SELECT clinical.staff_clinics(%L, true))::uuid[])', data_class);
BEGIN
  PERFORM clinical.protect_for_jobs(target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO engine_clinical', target);
  PERFORM clinical.let_callers_read(target, data_class, patient_column, corporate);
  EXECUTE format('CREATE POLICY staff_create ON %s FOR INSERT TO engine_clinical WITH CHECK (%s AND %s AND %s)',
    target, tenant, staff_writes, unrestricted);
  EXECUTE format('CREATE POLICY staff_change ON %s FOR UPDATE TO engine_clinical USING (%s AND %s AND %s)
      WITH CHECK (%s AND %s AND %s)', target, tenant, staff_writes, unrestricted, tenant, staff_writes, unrestricted);
END
$$;

SELECT clinical.let_callers_read('clinical.patients', 'patientProfile', 'id', corporate => true);
SELECT clinical.let_callers_read('clinical.legal_holds', 'patientProfile');
SELECT clinical.let_callers_read('clinical.patient_search_tokens', 'patientProfile');
SELECT clinical.let_callers_read('clinical.appointments', 'appointmentBooking');
SELECT clinical.let_callers_read('clinical.treatment_plans', 'treatmentPlan');
SELECT clinical.let_callers_read('clinical.treatment_plan_items', 'treatmentPlan');
SELECT clinical.let_callers_read('clinical.clinical_records', 'clinicalRecord');
SELECT clinical.let_callers_read('clinical.imaging_assets', 'imagingAsset');
SELECT clinical.let_callers_read('clinical.intake_forms', 'intakeForm');
SELECT clinical.let_callers_read('clinical.intake_pictures', 'intakeForm');
SELECT clinical.let_callers_read('clinical.alerts', 'urgencyAlert', corporate => true);
SELECT clinical.let_callers_read('clinical.chat_transcripts', 'chatTranscriptPHI');
SELECT clinical.let_callers_read('clinical.billing_records', 'billingRecord');
SELECT clinical.let_callers_read('clinical.consent_records', 'consentRecord');
