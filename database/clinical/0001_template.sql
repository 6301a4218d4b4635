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
--   staff          see and write the clinics of their current membership, for the data classes that their context allows
--   patients       see their own rows
--   corporate      adds the rows of all clinics of the tenant for role.corporateAdmin (ciphertext; the engine gives no keys)
--   restricted     records (UK GDPR article 18) are closed to all staff but role.admin, who acts on the restriction
-- One expression a command, and each look-up behind a function whose plan the session keeps: written out as sub-queries
-- the same rules cost 2 ms of planning at every statement. The functions stand in 0002 and 0003.
CREATE FUNCTION clinical.protect_patient_table(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant constant text := 'tenant_id = (SELECT cordon.tenant_id())';
  unrestricted constant text := format(
    '%I NOT IN (SELECT unnest(clinical.restricted_patients()))', patient_column);
  staff_reads constant text := format(
    'clinic_id = ANY ((SELECT clinical.staff_clinics(%L, false))::uuid[]) AND %s', data_class, unrestricted);
  staff_writes constant text := format('clinic_id = ANY ((SELECT clinical.staff_clinics(%L, true))::uuid[])', data_class);
  patient_reads constant text := format('%I = (SELECT clinical.own_record(%L))', patient_column, data_class);
  corporate_reads constant text := CASE WHEN corporate
    THEN format(' OR (SELECT clinical.sees_all_clinics(%L)) AND %s', data_class, unrestricted) ELSE '' END;
BEGIN
  PERFORM clinical.protect_for_jobs(target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO engine_clinical', target);
  EXECUTE format('CREATE POLICY caller_reads ON %s FOR SELECT TO engine_clinical USING (%s AND (%s OR %s%s))',
    target, tenant, staff_reads, patient_reads, corporate_reads);
  EXECUTE format('CREATE POLICY staff_create ON %s FOR INSERT TO engine_clinical WITH CHECK (%s AND %s AND %s)',
    target, tenant, staff_writes, unrestricted);
  EXECUTE format('CREATE POLICY staff_change ON %s FOR UPDATE TO engine_clinical USING (%s AND %s AND %s)
      WITH CHECK (%s AND %s AND %s)', target, tenant, staff_writes, unrestricted, tenant, staff_writes, unrestricted);
END
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA clinical FROM PUBLIC;
