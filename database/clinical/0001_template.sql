-- The one template that every clinical table goes through. A table that did not is found by the catalog test.
CREATE SCHEMA clinical;
GRANT USAGE ON SCHEMA clinical TO engine_clinical, engine_jobs, engine_directory;

-- The background jobs' policy and grants; the same for every table.
CREATE FUNCTION clinical.protect_for_jobs(target regclass, may_delete boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO engine_jobs', target);
  IF may_delete THEN EXECUTE format('GRANT DELETE ON %s TO engine_jobs', target); END IF;
  EXECUTE format(
    'CREATE POLICY jobs_in_one_tenant ON %s FOR ALL TO engine_jobs
       USING (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.role()) = ''role.system'')
       WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.role()) = ''role.system'')', target);
END
$$;

-- A table of clinical rows: tenant_id, clinic_id and a column that names the patient.
--   staff    see and write the clinics of their current membership, for the data classes that their context allows
--   patients see their own rows
--   restricted records (UK GDPR article 18) are seen by role.admin alone, who acts on the restriction
-- p_corporate adds the rows of all clinics of the tenant for role.corporateAdmin (ciphertext; the engine gives no keys).
CREATE FUNCTION clinical.protect_patient_table(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant constant text := 'tenant_id = (SELECT cordon.tenant_id())';
  reads constant text := format('(SELECT cordon.may_read(%L))', data_class);
  writes constant text := format('(SELECT cordon.may_write(%L))', data_class);
  clinics constant text := 'clinic_id IN (SELECT c.clinic_id FROM clinical.my_clinics c)';
  unrestricted constant text := format(
    '((SELECT cordon.role()) = ''role.admin'' OR %I NOT IN (SELECT r.patient_id FROM clinical.restrictions r
        WHERE r.tenant_id = (SELECT cordon.tenant_id()) AND r.lifted_at IS NULL))', patient_column);
BEGIN
  PERFORM clinical.protect_for_jobs(target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO engine_clinical', target);
  EXECUTE format('CREATE POLICY staff_read ON %s FOR SELECT TO engine_clinical USING (%s AND %s AND %s AND %s)',
    target, tenant, reads, clinics, unrestricted);
  EXECUTE format('CREATE POLICY staff_create ON %s FOR INSERT TO engine_clinical WITH CHECK (%s AND %s AND %s)',
    target, tenant, writes, clinics);
  EXECUTE format('CREATE POLICY staff_change ON %s FOR UPDATE TO engine_clinical USING (%s AND %s AND %s AND %s)
      WITH CHECK (%s AND %s AND %s)',
    target, tenant, writes, clinics, unrestricted, tenant, writes, clinics);
  EXECUTE format('CREATE POLICY patient_read_own ON %s FOR SELECT TO engine_clinical USING (%s AND %s AND %I IN
      (SELECT p.patient_id FROM clinical.my_patient_record p))', target, tenant, reads, patient_column);
  IF corporate THEN
    EXECUTE format('CREATE POLICY corporate_read ON %s FOR SELECT TO engine_clinical USING (%s AND %s AND %s
      AND EXISTS (SELECT FROM clinical.my_corporate_membership))', target, tenant, reads, unrestricted);
  END IF;
END
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA clinical FROM PUBLIC;
