-- When a patient's key is replaced, every cell of theirs is written anew under the next one, also in tables whose rows nobody
-- may change. One function does that and can do nothing else: it takes keys, never a text, so what it leaves says what stood
-- there before. It runs as the owner, to whom each patient table opens one policy for it.

CREATE FUNCTION clinical.open_to_resealing(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format(
    'CREATE POLICY owner_reseals ON %s FOR ALL TO clinical_owner
       USING (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.role()) = ''role.system'')
       WITH CHECK (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.role()) = ''role.system'')', target);
END
$$;
REVOKE ALL ON FUNCTION clinical.open_to_resealing(regclass) FROM PUBLIC;

-- Tables that hold ciphertext of patients, each with its ciphertext columns and the column that names the patient.
CREATE FUNCTION clinical.sealed_tables() RETURNS TABLE (target regclass, patient_column name, cells name[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT c.oid::regclass,
    CASE WHEN c.oid = 'clinical.patients'::regclass THEN 'id'::name ELSE 'patient_id'::name END,
    array_agg(a.attname ORDER BY a.attnum)
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid = 'cordon.ciphertext'::regtype
  WHERE c.relnamespace = 'clinical'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'key_id' AND NOT k.attisdropped)
    AND (c.oid = 'clinical.patients'::regclass OR EXISTS (
      SELECT FROM pg_attribute p WHERE p.attrelid = c.oid AND p.attname = 'patient_id' AND NOT p.attisdropped))
  GROUP BY c.oid
$$;
REVOKE ALL ON FUNCTION clinical.sealed_tables() FROM PUBLIC;

-- Answers a row for each table: how many rows were written anew, and how many hold a cell that neither key opens.
CREATE FUNCTION clinical.reseal_patient(patient uuid, from_key text, to_key text, to_key_id text)
RETURNS TABLE (place text, resealed integer, unopened integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant constant uuid := cordon.tenant_id();
  sealed record;
  missing text;
BEGIN
  IF tenant IS NULL OR cordon.role() IS DISTINCT FROM 'role.system' THEN
    RAISE EXCEPTION 'cells are resealed by the system of one tenant alone' USING ERRCODE = '42501';
  END IF;
  FOR sealed IN SELECT * FROM clinical.sealed_tables() LOOP
    -- Without the policy its rows would be passed over in silence, and lost with the key that is replaced.
    IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = sealed.target AND polname = 'owner_reseals') THEN
      RAISE EXCEPTION '% is not open to resealing: SELECT clinical.open_to_resealing(''%'')', sealed.target, sealed.target;
    END IF;
    SELECT string_agg(format('(%1$I IS NOT NULL AND cordon.try_open_cell(%1$I, $2) IS NULL)', cell), ' OR ')
      INTO missing FROM unnest(sealed.cells) AS cell;
    EXECUTE format('UPDATE %s SET %s WHERE tenant_id = $4 AND %I = $5 AND (%s)', sealed.target,
      (SELECT string_agg(format('%1$I = cordon.reseal_cell(%1$I, $1, $2)', cell), ', ') FROM unnest(sealed.cells) AS cell),
      sealed.patient_column, missing)
      USING from_key, to_key, to_key_id, tenant, patient;
    GET DIAGNOSTICS resealed = ROW_COUNT;
    EXECUTE format('UPDATE %s SET key_id = $1 WHERE tenant_id = $3 AND %I = $4 AND key_id <> $1 AND NOT (%s)',
      sealed.target, sealed.patient_column, missing)
      USING to_key_id, to_key, tenant, patient;
    EXECUTE format('SELECT count(*)::integer FROM %s WHERE tenant_id = $1 AND %I = $3 AND (%s)',
      sealed.target, sealed.patient_column, missing)
      INTO unopened USING tenant, to_key, patient;
    place := sealed.target::text;
    RETURN NEXT;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION clinical.reseal_patient(uuid, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.reseal_patient(uuid, text, text, text) TO engine_jobs;
GRANT EXECUTE ON FUNCTION cordon.tenant_id(), cordon.role() TO clinical_owner;

-- Rows of a destroyed patient that are still there, and can be opened by nobody: what the proof of a destruction counts.
CREATE FUNCTION clinical.count_sealed_rows(patient uuid) RETURNS TABLE (place text, sealed_rows integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  sealed record;
BEGIN
  FOR sealed IN SELECT * FROM clinical.sealed_tables() LOOP
    EXECUTE format('SELECT count(*)::integer FROM %s WHERE tenant_id = $1 AND %I = $2', sealed.target, sealed.patient_column)
      INTO sealed_rows USING cordon.tenant_id(), patient;
    place := sealed.target::text;
    RETURN NEXT;
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION clinical.count_sealed_rows(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.count_sealed_rows(uuid), clinical.sealed_tables() TO engine_jobs;

DO $$
DECLARE
  existing record;
BEGIN
  FOR existing IN SELECT target FROM clinical.sealed_tables() LOOP
    PERFORM clinical.open_to_resealing(existing.target);
  END LOOP;
END
$$;

-- Tables made from here on are open to resealing from the start; the rest is the template as it was.
CREATE OR REPLACE FUNCTION clinical.protect_patient_table(
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
  PERFORM clinical.open_to_resealing(target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO engine_clinical', target);
  EXECUTE format('CREATE POLICY caller_reads ON %s FOR SELECT TO engine_clinical USING (%s AND (%s OR %s%s))',
    target, tenant, staff_reads, patient_reads, corporate_reads);
  EXECUTE format('CREATE POLICY staff_create ON %s FOR INSERT TO engine_clinical WITH CHECK (%s AND %s AND %s)',
    target, tenant, staff_writes, unrestricted);
  EXECUTE format('CREATE POLICY staff_change ON %s FOR UPDATE TO engine_clinical USING (%s AND %s AND %s)
      WITH CHECK (%s AND %s AND %s)', target, tenant, staff_writes, unrestricted, tenant, staff_writes, unrestricted);
END
$$;
