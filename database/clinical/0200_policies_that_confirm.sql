-- Who reads what stays as it was; how it is asked is simpler and costs less. One look-up says where the caller works now, one which
-- records there are restricted, and the few who read for a reason of their own are asked for when those two let a row down.
--
-- What a statement looks for, the statement says; the policy only confirms it. The planner cannot know that: it takes the
-- policy for one that lets a few rows in a hundred through, and a list of the newest fifty for one that it had better sort. "is not
-- null" it takes for true of nearly every row, so a list keeps to the index of its own order.

-- Asked of the few tables that a corporate admin reads whole; its policy tells everybody else by the context alone.
CREATE OR REPLACE FUNCTION clinical.sees_whole_tenant(data_class text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  RETURN clinical.sees_all_clinics(data_class) AND NOT EXISTS (SELECT FROM clinical.restrictions r
    WHERE r.tenant_id = (SELECT cordon.tenant_id()) AND r.lifted_at IS NULL);
END
$$;

CREATE OR REPLACE FUNCTION clinical.let_callers_read(
  target regclass, data_class text, patient_column text DEFAULT 'patient_id', corporate boolean DEFAULT false,
  switched boolean DEFAULT false, emergencies boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- Clinics of the current membership that the caller's token names. The membership of a corporate admin names no clinic, and
  -- stands for the one switched into.
  works constant text := format(
    'clinic_id = ANY (ARRAY(SELECT %s FROM clinical.memberships m
       WHERE m.tenant_id = cordon.tenant_id() AND m.account_id = cordon.subject() AND m.role = cordon.role()
         AND m.ended_at IS NULL AND m.patient_id IS NULL AND (%s cordon.clinic_in_context(m.clinic_id))
         AND cordon.may_read(%L)))',
    CASE WHEN switched AND NOT corporate
      THEN format('CASE WHEN m.clinic_id IS NULL THEN clinical.switched_clinic(%L) ELSE m.clinic_id END', data_class)
      ELSE 'm.clinic_id' END,
    CASE WHEN switched AND NOT corporate
      THEN 'm.clinic_id IS NULL AND m.role = ''role.corporateAdmin'' OR' ELSE '' END,
    data_class);
  -- Who administers the tenant reads all of it. While nobody is restricted one word answers for each of a thousand rows; the role
  -- is looked for in the text of the context, which costs others less than asking.
  whole_tenant constant text := CASE WHEN corporate THEN format(
    '(SELECT strpos(current_setting(''backtrace_functions''), '' corporateAdmin '') > 0 AND clinical.sees_whole_tenant(%L)) OR ',
    data_class) ELSE '' END;
  all_clinics constant text := CASE WHEN corporate
    THEN format(' OR (SELECT clinical.sees_all_clinics(%L))', data_class) ELSE '' END;
  -- Nobody who is restricted (UK GDPR, article 18), but for the administrator, who acts on the restriction.
  unrestricted constant text := format(
    '%I <> ALL (ARRAY(SELECT r.patient_id FROM clinical.restrictions r
       WHERE r.tenant_id = cordon.tenant_id() AND r.lifted_at IS NULL AND cordon.role() <> ''role.admin''))',
    patient_column);
  opened constant text := format('%I = ANY ((SELECT clinical.opened_patients(%L, %L))::uuid[])',
    patient_column, data_class, emergencies);
BEGIN
  EXECUTE format('DROP POLICY IF EXISTS caller_reads ON %s', target);
  EXECUTE format('CREATE POLICY caller_reads ON %s FOR SELECT TO engine_clinical
      USING (tenant_id = (SELECT cordon.tenant_id()) AND (%s CASE WHEN (%s) AND %s OR %s THEN true END IS NOT NULL))',
    target, whole_tenant, works || all_clinics, unrestricted, opened);
END
$$;

-- Every table that has the policy, with what it said.
DO $$
DECLARE
  each record;
BEGIN
  FOR each IN
    SELECT p.polrelid::regclass AS target,
      regexp_match(pg_get_expr(p.polqual, p.polrelid),
        '\((\w+) = ANY \(\( SELECT clinical\.opened_patients\(''(\w+)''::text, (\w+)\)') AS opened,
      regexp_match(pg_get_expr(p.polqual, p.polrelid),
        'clinical\.guarded_clinics\(''\w+''::text, (\w+), (\w+)\)') AS guarded
    FROM pg_policy p WHERE p.polname = 'caller_reads'
  LOOP
    PERFORM clinical.let_callers_read(each.target, each.opened[2], each.opened[1],
      corporate => each.guarded[1]::boolean, switched => each.guarded[2]::boolean, emergencies => each.opened[3]::boolean);
  END LOOP;
END
$$;
DROP FUNCTION clinical.guarded_clinics(text, boolean, boolean);
