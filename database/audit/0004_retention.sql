-- Retention drops whole months, and nothing else does. What stays: the leaves, the signed checkpoint over them, the record of
-- the drop, and an entry about it.

-- Placed and released by a row each: holds cannot be changed either.
CREATE TABLE audit.legal_holds (
  -- Whose hold it is. A month holds the entries of all tenants, so one tenant's hold keeps the whole month.
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  hold_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('placed', 'released')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, hold_id, kind)
);
CREATE TABLE audit.dropped_months (
  starts_at timestamptz PRIMARY KEY,
  ends_at timestamptz NOT NULL,
  entries bigint NOT NULL,
  -- The kept checkpoint that covers every leaf of the month.
  tree_size bigint NOT NULL,
  note text NOT NULL,
  dropped_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT cordon.classify_columns('audit.legal_holds', 'auditLogEntry',
  '{tenant_id,id,hold_id,kind,starts_at,ends_at,recorded_at}');
SELECT cordon.classify_columns('audit.dropped_months', 'auditLogEntry',
  '{starts_at,ends_at,entries,tree_size,note,dropped_at}');
SELECT audit.make_append_only('audit.legal_holds');
SELECT audit.make_append_only('audit.dropped_months');

CREATE POLICY retention_works ON audit.legal_holds FOR ALL TO audit_owner USING (true) WITH CHECK (true);
CREATE POLICY retention_works ON audit.dropped_months FOR ALL TO audit_owner USING (true) WITH CHECK (true);
CREATE POLICY retention_reads ON audit.audit_leaves FOR SELECT TO audit_owner USING (true);
CREATE POLICY retention_reads ON audit.checkpoints FOR SELECT TO audit_owner USING (true);
CREATE POLICY verifier_reads ON audit.legal_holds FOR SELECT TO audit_verifier USING (true);
CREATE POLICY verifier_reads ON audit.dropped_months FOR SELECT TO audit_verifier USING (true);
GRANT SELECT ON audit.legal_holds, audit.dropped_months TO audit_verifier;

-- A second release, or a second hold of that id, is refused by its key.
CREATE FUNCTION audit.record_hold(tenant uuid, hold uuid, what text, starts timestamptz, ends timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- Within a sealed context of the tenant alone: SQL without the engine's key can neither place nor lift a hold.
  IF tenant IS DISTINCT FROM cordon.tenant_id() THEN
    RAISE EXCEPTION 'a hold is recorded within a sealed context of its tenant' USING ERRCODE = '42501';
  END IF;
  INSERT INTO audit.legal_holds (tenant_id, id, hold_id, kind, starts_at, ends_at)
  VALUES (tenant, gen_random_uuid(), hold, what, starts, ends);
END
$$;

-- Drops the month that begins at `month`. Answers the number of entries; raises when one condition is not met.
CREATE FUNCTION audit.drop_expired_month(month timestamptz, keep interval) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  month_end timestamptz := month + interval '1 month';
  partition_name text := format('audit_logs_%s', to_char(month, 'YYYY_MM'));
  count_of_entries bigint;
  last_leaf bigint;
  covering record;
BEGIN
  IF date_trunc('month', month) <> month OR to_regclass('audit.' || quote_ident(partition_name)) IS NULL THEN
    RAISE EXCEPTION 'there is no partition of that month' USING ERRCODE = '22023';
  END IF;
  -- Shorter than any retention of audit entries that a policy may set: a mistyped setting must not empty the log.
  IF keep < interval '1 year' OR month_end + keep > now() THEN
    RAISE EXCEPTION 'the month has not expired' USING ERRCODE = '22023';
  END IF;
  IF EXISTS (SELECT FROM audit.legal_holds h WHERE h.kind = 'placed' AND h.starts_at < month_end AND h.ends_at > month
    AND NOT EXISTS (SELECT FROM audit.legal_holds r WHERE r.tenant_id = h.tenant_id AND r.hold_id = h.hold_id AND r.kind = 'released')) THEN
    RAISE EXCEPTION 'a legal hold covers the month' USING ERRCODE = '42501';
  END IF;
  EXECUTE format('LOCK TABLE audit.%I IN ACCESS EXCLUSIVE MODE', partition_name);
  SELECT count(*), max(l.leaf_index), bool_and(l.leaf_index IS NOT NULL) AS sequenced
    INTO covering
    FROM audit.audit_logs a LEFT JOIN audit.audit_leaves l ON l.entry_id = a.id AND l.entry_at = a.at
    WHERE a.at >= month AND a.at < month_end;
  count_of_entries := covering.count;
  last_leaf := covering.max;
  IF count_of_entries > 0 AND NOT covering.sequenced THEN
    RAISE EXCEPTION 'an entry of the month has no leaf' USING ERRCODE = '55000';
  END IF;
  SELECT c.tree_size, c.note INTO covering FROM audit.checkpoints c
    WHERE c.tree_size > coalesce(last_leaf, 0) ORDER BY c.tree_size LIMIT 1;
  IF covering.tree_size IS NULL THEN
    RAISE EXCEPTION 'no kept checkpoint covers the month' USING ERRCODE = '55000';
  END IF;
  INSERT INTO audit.dropped_months (starts_at, ends_at, entries, tree_size, note)
    VALUES (month, month_end, count_of_entries, covering.tree_size, covering.note);
  PERFORM audit.insert_entries(json_build_array(json_build_object('id', gen_random_uuid(), 'initiator_type', 'system',
    'action', 'retention.month-dropped', 'data_class_ids', json_build_array('auditLogEntry'), 'decision', 'permit',
    'reason_code', 'expired', 'outcome', 'success', 'record_count', least(count_of_entries, 2147483647))), session_user);
  EXECUTE format('DROP TABLE audit.%I', partition_name);
  RETURN count_of_entries;
END
$$;

-- Months that may be dropped, as far as their age says.
CREATE FUNCTION audit.expired_months(keep interval) RETURNS SETOF timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
BEGIN ATOMIC
  SELECT month FROM (
    SELECT to_timestamp(substring(c.relname FROM '\d{4}_\d{2}$') || '_01', 'YYYY_MM_DD') AS month
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit.audit_logs'::regclass) partitions
  WHERE month + interval '1 month' + keep <= now() ORDER BY month;
END;

REVOKE ALL ON FUNCTION audit.record_hold(uuid, uuid, text, timestamptz, timestamptz),
  audit.drop_expired_month(timestamptz, interval), audit.expired_months(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.record_hold(uuid, uuid, text, timestamptz, timestamptz) TO engine_audit;
GRANT EXECUTE ON FUNCTION audit.drop_expired_month(timestamptz, interval), audit.expired_months(interval) TO sequencer;
