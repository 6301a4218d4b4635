-- The entry that a dropped month leaves names the month, so that `cordon audit verify` can hold the gap against a leaf of the
-- signed tree: a row in dropped_months alone, which a superuser can write, is not believed.
-- Drops the month that begins at `month`. Answers the number of entries; raises when one condition is not met.
CREATE OR REPLACE FUNCTION audit.drop_expired_month(month timestamptz, keep interval) RETURNS bigint
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
    'purpose', 'month.' || to_char(month, 'YYYY-MM'),
    'reason_code', 'expired', 'outcome', 'success', 'record_count', least(count_of_entries, 2147483647))), session_user);
  EXECUTE format('DROP TABLE audit.%I', partition_name);
  RETURN count_of_entries;
END
$$;
