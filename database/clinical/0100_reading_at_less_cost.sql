-- Who reads what stays as it was; how it is asked changes again, by what a statement with a kept plan spends on each part:
--   the look-up of the caller's clinics is answered by an index alone, and its conditions are those of the table's own policy
--   word for word, so the planner keeps one of each;
--   what few reach is asked by three look-ups behind functions instead of five, and arrays stand where hashed sub-plans stood,
--   which a statement sets up even if no row comes to them.

CREATE INDEX memberships_of_staff ON clinical.memberships (tenant_id, account_id, role, clinic_id)
  WHERE ended_at IS NULL AND patient_id IS NULL;
ALTER POLICY own_membership ON clinical.memberships
  USING (tenant_id = cordon.tenant_id() AND account_id = cordon.subject());

-- Two policies of one command are two alternatives with a tenant each.
DROP POLICY own_restriction ON clinical.restrictions;
ALTER POLICY staff_read ON clinical.restrictions
  USING (tenant_id = cordon.tenant_id()
    AND (clinic_id = ANY ((SELECT clinical.member_clinics())::uuid[])
      OR (SELECT clinical.sees_all_clinics('patientProfile'))
      OR patient_id = (SELECT clinical.own_record('patientProfile'))));
ALTER POLICY staff_read ON clinical.restrictions RENAME TO callers_read;

-- Patients whose rows the caller reads for a reason of their own: the patient itself, and who broke glass for one.
CREATE FUNCTION clinical.opened_patients(data_class text, emergencies boolean) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF cordon.role() = 'role.patient' THEN
    RETURN ARRAY[clinical.own_record(data_class)];
  END IF;
  RETURN CASE WHEN emergencies THEN clinical.emergency_patients(data_class) ELSE '{}' END;
END
$$;
REVOKE ALL ON FUNCTION clinical.opened_patients(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.opened_patients(text, boolean) TO engine_clinical;

-- As before; who has another role is told so without a query.
CREATE OR REPLACE FUNCTION clinical.sees_whole_tenant(data_class text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF cordon.role() IS DISTINCT FROM 'role.corporateAdmin' THEN
    RETURN false;
  END IF;
  RETURN clinical.sees_all_clinics(data_class) AND NOT EXISTS (SELECT FROM clinical.restrictions r
    WHERE r.tenant_id = (SELECT cordon.tenant_id()) AND r.lifted_at IS NULL);
END
$$;

-- The policy for reading a table of clinical rows; replaces the one that stands there.
CREATE OR REPLACE FUNCTION clinical.let_callers_read(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false,
  switched boolean DEFAULT false, emergencies boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- Staff, in the clinics of their current membership that their token names. Empty while a record that the caller sees is
  -- restricted. IS TRUE keeps the planner from making this an index scan of its own: it would read a tenant's rows to sort
  -- fifty of them.
  open_clinics constant text := format(
    '(clinic_id = ANY (ARRAY(SELECT m.clinic_id FROM clinical.memberships m
       WHERE m.tenant_id = cordon.tenant_id() AND m.account_id = cordon.subject() AND m.role = cordon.role()
         AND m.ended_at IS NULL AND m.patient_id IS NULL AND cordon.clinic_in_context(m.clinic_id) AND cordon.may_read(%L)
         AND (cordon.role() = ''role.admin'' OR NOT EXISTS (SELECT FROM clinical.restrictions r
           WHERE r.tenant_id = cordon.tenant_id() AND r.lifted_at IS NULL))))) IS TRUE', data_class);
  whole_tenant constant text := CASE WHEN corporate
    THEN format('(SELECT clinical.sees_whole_tenant(%L)) OR ', data_class) ELSE '' END;
  opened constant text := format(' OR %I = ANY ((SELECT clinical.opened_patients(%L, %L))::uuid[])',
    patient_column, data_class, emergencies);
  guarded constant text := format(
    ' OR clinic_id = ANY ((SELECT clinical.guarded_clinics(%L, %L, %L))::uuid[])
       AND %I <> ALL ((SELECT clinical.restricted_patients())::uuid[])', data_class, corporate, switched, patient_column);
BEGIN
  EXECUTE format('DROP POLICY IF EXISTS caller_reads ON %s', target);
  EXECUTE format('CREATE POLICY caller_reads ON %s FOR SELECT TO engine_clinical
      USING (tenant_id = (SELECT cordon.tenant_id()) AND (%s))',
    target, whole_tenant || open_clinics || opened || guarded);
END
$$;

-- Every table that has the policy, with what it said.
DO $$
DECLARE
  each record;
BEGIN
  FOR each IN
    SELECT p.polrelid::regclass AS target, pg_get_expr(p.polqual, p.polrelid) AS says
    FROM pg_policy p WHERE p.polname = 'caller_reads'
  LOOP
    PERFORM clinical.let_callers_read(each.target,
      substring(each.says FROM $re$clinical\.own_record\('(\w+)'$re$),
      substring(each.says FROM $re$\((\w+) = \( SELECT clinical\.own_record$re$),
      each.says LIKE '%sees_whole_tenant%',
      (substring(each.says FROM $re$guarded_clinics\('\w+'::text, \w+, (\w+)\)$re$))::boolean,
      each.says LIKE '%emergency_patients%');
  END LOOP;
END
$$;

-- The template for tables to come. What 0007, 0010 and 0013 had made of it was lost when 0040 wrote it anew, in which no table
-- was made: the exceptions, and that nobody changes a record under restriction.
CREATE OR REPLACE FUNCTION clinical.protect_patient_table(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  changeable constant text := format(
    'tenant_id = (SELECT cordon.tenant_id()) AND clinic_id = ANY ((SELECT clinical.staff_clinics(%L, true))::uuid[])
      AND %I NOT IN (SELECT unnest(clinical.restricted_from_change()))', data_class, patient_column);
BEGIN
  PERFORM clinical.protect_for_jobs(target);
  PERFORM clinical.open_to_resealing(target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO engine_clinical', target);
  PERFORM clinical.let_callers_read(target, data_class, patient_column, corporate, switched => true, emergencies => true);
  EXECUTE format('CREATE POLICY staff_create ON %s FOR INSERT TO engine_clinical WITH CHECK (%s)', target, changeable);
  EXECUTE format('CREATE POLICY staff_change ON %s FOR UPDATE TO engine_clinical USING (%s) WITH CHECK (%s)',
    target, changeable, changeable);
END
$$;
