-- A record under restriction (UK GDPR article 18) is stored and seen by those who act on the restriction; nobody changes it.
-- Until here an administrator, who is shut out of reading none, could write to one as well.
CREATE FUNCTION clinical.restricted_from_change() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  RETURN ARRAY(SELECT r.patient_id FROM clinical.restrictions r
    WHERE r.tenant_id = (SELECT cordon.tenant_id()) AND r.lifted_at IS NULL);
END
$$;
REVOKE ALL ON FUNCTION clinical.restricted_from_change() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.restricted_from_change() TO engine_clinical;

-- The template for tables to come: as before, with that, and open to the exceptions.
CREATE OR REPLACE FUNCTION clinical.protect_patient_table(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant constant text := 'tenant_id = (SELECT cordon.tenant_id())';
  unrestricted constant text := format(
    '%I NOT IN (SELECT unnest(clinical.restricted_patients()))', patient_column);
  changeable constant text := format(
    '%I NOT IN (SELECT unnest(clinical.restricted_from_change()))', patient_column);
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
    target, tenant, staff_writes, changeable);
  EXECUTE format('CREATE POLICY staff_change ON %s FOR UPDATE TO engine_clinical USING (%s AND %s AND %s)
      WITH CHECK (%s AND %s AND %s)', target, tenant, staff_writes, changeable, tenant, staff_writes, changeable);
  PERFORM clinical.open_to_exceptions(target, data_class, patient_column);
END
$$;

-- The tables that are there already: the same expressions, with the other function.
DO $$
DECLARE
  policy record;
BEGIN
  FOR policy IN SELECT tablename, policyname, qual, with_check FROM pg_policies
    WHERE schemaname = 'clinical' AND policyname IN ('staff_create', 'staff_change') LOOP
    EXECUTE format('ALTER POLICY %I ON clinical.%I %s WITH CHECK (%s)', policy.policyname, policy.tablename,
      CASE WHEN policy.qual IS NULL THEN ''
        ELSE format('USING (%s)', replace(policy.qual, 'restricted_patients()', 'restricted_from_change()')) END,
      replace(policy.with_check, 'restricted_patients()', 'restricted_from_change()'));
  END LOOP;
END
$$;
