-- One policy for reading, with the two exceptions in it. As policies of their own they cost every statement: PostgreSQL asks
-- those first whose names sort last, so who may break glass and who has switched were looked up for each read by anybody; and
-- conditions on the tenant in three alternatives are three scans.

-- Clinics whose rows the caller reads unless their patient is restricted; `switched` adds the one switched into.
DROP FUNCTION clinical.let_callers_read(regclass, text, text, boolean);
CREATE FUNCTION clinical.guarded_clinics(data_class text, corporate boolean, switched boolean) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF cordon.role() = 'role.corporateAdmin' THEN
    IF corporate AND clinical.sees_all_clinics(data_class) THEN
      RETURN ARRAY(SELECT c.id FROM clinical.clinics c WHERE c.tenant_id = (SELECT cordon.tenant_id()));
    END IF;
    IF switched THEN
      RETURN clinical.staff_clinics(data_class, false) || array_remove(ARRAY[clinical.switched_clinic(data_class)], NULL);
    END IF;
  END IF;
  RETURN clinical.staff_clinics(data_class, false);
END
$$;
REVOKE ALL ON FUNCTION clinical.guarded_clinics(text, boolean, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.guarded_clinics(text, boolean, boolean) TO engine_clinical;

-- The policy for reading a table of clinical rows; replaces the one that stands there. What most statements need is written
-- out, where it costs two index scans; what few reach stays behind functions.
CREATE FUNCTION clinical.let_callers_read(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false,
  switched boolean DEFAULT false, emergencies boolean DEFAULT false)
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
    THEN format(' OR (SELECT clinical.sees_whole_tenant(%L))', data_class) ELSE '' END;
  own constant text := format(' OR %I = (SELECT clinical.own_record(%L))', patient_column, data_class);
  guarded constant text := format(
    ' OR clinic_id = ANY ((SELECT clinical.guarded_clinics(%L, %L, %L))::uuid[])
       AND %I NOT IN (SELECT unnest(clinical.restricted_patients()))', data_class, corporate, switched, patient_column);
  emergency constant text := CASE WHEN emergencies
    THEN format(' OR %I = ANY ((SELECT clinical.emergency_patients(%L))::uuid[])', patient_column, data_class) ELSE '' END;
BEGIN
  EXECUTE format('DROP POLICY IF EXISTS caller_reads ON %s', target);
  -- The tenant as an array of one: compared by =, the planner would take it and the statement's own tenant for one value, and
  -- check the two once in a node of its own, through which then every row goes.
  EXECUTE format('CREATE POLICY caller_reads ON %s FOR SELECT TO engine_clinical
      USING (tenant_id = ANY (ARRAY[(SELECT cordon.tenant_id())]) AND (%s))',
    target, open_clinics || whole_tenant || own || guarded || emergency);
END
$$;
REVOKE ALL ON FUNCTION clinical.let_callers_read(regclass, text, text, boolean, boolean, boolean) FROM PUBLIC;

-- Opens a protected table to both exceptions.
CREATE OR REPLACE FUNCTION clinical.open_to_exceptions(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', emergencies boolean DEFAULT true)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM clinical.let_callers_read(target, data_class, patient_column, switched => true, emergencies => emergencies,
    corporate => (SELECT pg_get_expr(p.polqual, p.polrelid) LIKE '%sees_whole_tenant%' FROM pg_policy p
      WHERE p.polrelid = target AND p.polname = 'caller_reads'));
END
$$;

-- Every table that has the policy, with what its three policies said.
DO $$
DECLARE
  each record;
BEGIN
  FOR each IN
    SELECT p.polrelid::regclass AS target, pg_get_expr(p.polqual, p.polrelid) AS says,
      EXISTS (SELECT FROM pg_policy e WHERE e.polrelid = p.polrelid AND e.polname = 'switched_reads') AS switched,
      EXISTS (SELECT FROM pg_policy e WHERE e.polrelid = p.polrelid AND e.polname = 'emergency_reads') AS emergencies
    FROM pg_policy p WHERE p.polname = 'caller_reads'
  LOOP
    PERFORM clinical.let_callers_read(each.target,
      substring(each.says FROM $re$clinical\.own_record\('(\w+)'$re$),
      substring(each.says FROM $re$\((\w+) = \( SELECT clinical\.own_record$re$),
      each.says LIKE '%sees_whole_tenant%', each.switched, each.emergencies);
    EXECUTE format('DROP POLICY IF EXISTS switched_reads ON %s', each.target);
    EXECUTE format('DROP POLICY IF EXISTS emergency_reads ON %s', each.target);
  END LOOP;
END
$$;
DROP FUNCTION clinical.guarded_clinics(text, boolean);
