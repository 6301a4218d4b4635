-- A month is announced before it is dropped: the entry that says so is an intent, and has its leaf under a kept checkpoint
-- before the rows go. So nobody who verifies meanwhile finds rows gone that no leaf of the signed tree accounts for; the
-- outcome follows in the transaction of the drop. An announcement that comes to nothing leaves a failure.
CREATE TABLE audit.announced_months (
  intent_id uuid PRIMARY KEY,
  starts_at timestamptz NOT NULL,
  entries bigint NOT NULL,
  announced_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT cordon.classify_columns('audit.announced_months', 'auditLogEntry', '{intent_id,starts_at,entries,announced_at}');
SELECT audit.make_append_only('audit.announced_months');
CREATE POLICY retention_works ON audit.announced_months FOR ALL TO audit_owner USING (true) WITH CHECK (true);

CREATE FUNCTION audit.partition_of(month timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
BEGIN ATOMIC
  SELECT format('audit_logs_%s', to_char(month, 'YYYY_MM'));
END;

-- Raises when the month must stay. Answers the number of its entries and the kept checkpoint that covers them.
CREATE FUNCTION audit.assert_droppable(month timestamptz, keep interval, OUT entries bigint, OUT tree_size bigint, OUT note text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  month_end timestamptz := month + interval '1 month';
  last_leaf bigint;
  all_sequenced boolean;
BEGIN
  IF date_trunc('month', month) <> month OR to_regclass('audit.' || quote_ident(audit.partition_of(month))) IS NULL THEN
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
  SELECT count(*), max(l.leaf_index), coalesce(bool_and(l.leaf_index IS NOT NULL), true)
    INTO entries, last_leaf, all_sequenced
    FROM audit.audit_logs a LEFT JOIN audit.audit_leaves l ON l.entry_id = a.id AND l.entry_at = a.at
    WHERE a.at >= month AND a.at < month_end;
  IF NOT all_sequenced THEN
    RAISE EXCEPTION 'an entry of the month has no leaf' USING ERRCODE = '55000';
  END IF;
  SELECT c.tree_size, c.note INTO tree_size, note FROM audit.checkpoints c
    WHERE c.tree_size > coalesce(last_leaf, 0) ORDER BY c.tree_size LIMIT 1;
  IF tree_size IS NULL THEN
    RAISE EXCEPTION 'no kept checkpoint covers the month' USING ERRCODE = '55000';
  END IF;
END
$$;

CREATE FUNCTION audit.record_retention(entry uuid, intent uuid, month timestamptz, entries bigint, result text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
BEGIN ATOMIC
  SELECT audit.insert_entries(json_build_array(json_build_object('id', entry, 'intent_id', intent, 'initiator_type', 'system',
    'action', 'retention.month-dropped', 'data_class_ids', json_build_array('auditLogEntry'), 'decision', 'permit',
    'purpose', 'month.' || to_char(month, 'YYYY-MM'), 'reason_code', 'expired', 'outcome', result,
    'record_count', least(entries, 2147483647))), session_user::text);
END;

-- Says that the month is about to be dropped. Answers the intent's id.
CREATE FUNCTION audit.announce_expired_month(month timestamptz, keep interval) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  intent uuid := gen_random_uuid();
  covering record;
BEGIN
  SELECT * INTO covering FROM audit.assert_droppable(month, keep);
  INSERT INTO audit.announced_months (intent_id, starts_at, entries) VALUES (intent, month, covering.entries);
  PERFORM audit.record_retention(intent, NULL, month, covering.entries, 'intent');
  RETURN intent;
END
$$;

CREATE FUNCTION audit.has_outcome(intent uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT EXISTS (SELECT FROM audit.audit_logs a WHERE a.intent_id = intent);
END;

-- Drops the month that the intent announced. Answers the number of entries; raises when one condition is not met.
-- A reader of the month is not waited for: who writes the log would have to wait behind this one.
DROP FUNCTION audit.drop_expired_month(timestamptz, interval);
CREATE FUNCTION audit.drop_expired_month(month timestamptz, keep interval, intent uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '500ms'
AS $$
DECLARE
  announced bigint;
  covering record;
BEGIN
  -- A hold that is being recorded comes before the drop, or after it, and is not passed by.
  LOCK TABLE audit.legal_holds IN SHARE MODE;
  SELECT m.entries INTO announced FROM audit.announced_months m WHERE m.intent_id = intent AND m.starts_at = month;
  IF announced IS NULL OR audit.has_outcome(intent) THEN
    RAISE EXCEPTION 'the month was not announced' USING ERRCODE = '55000';
  END IF;
  IF NOT EXISTS (SELECT FROM audit.audit_leaves l WHERE l.entry_id = intent
    AND l.leaf_index < (SELECT max(c.tree_size) FROM audit.checkpoints c)) THEN
    RAISE EXCEPTION 'no kept checkpoint covers the announcement' USING ERRCODE = '55000';
  END IF;
  IF to_regclass('audit.' || quote_ident(audit.partition_of(month))) IS NOT NULL THEN
    -- Against writers, while it is counted; readers, and with them the door, go on until the drop itself.
    EXECUTE format('LOCK TABLE audit.%I IN SHARE MODE', audit.partition_of(month));
  END IF;
  SELECT * INTO covering FROM audit.assert_droppable(month, keep);
  IF covering.entries <> announced THEN
    RAISE EXCEPTION 'the month has other entries than were announced' USING ERRCODE = '55000';
  END IF;
  INSERT INTO audit.dropped_months (starts_at, ends_at, entries, tree_size, note)
    VALUES (month, month + interval '1 month', covering.entries, covering.tree_size, covering.note);
  PERFORM audit.record_retention(gen_random_uuid(), intent, month, covering.entries, 'success');
  EXECUTE format('DROP TABLE audit.%I', audit.partition_of(month));
  RETURN covering.entries;
END
$$;

-- Ends the announcements that nothing came of: refused ones, and those of a sequencer that was killed. Answers how many.
CREATE FUNCTION audit.withdraw_announcements() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  withdrawn integer := 0;
  open record;
BEGIN
  FOR open IN SELECT m.intent_id, m.starts_at, m.entries FROM audit.announced_months m
    WHERE NOT audit.has_outcome(m.intent_id) LOOP
    PERFORM audit.record_retention(gen_random_uuid(), open.intent_id, open.starts_at, open.entries, 'failure');
    withdrawn := withdrawn + 1;
  END LOOP;
  RETURN withdrawn;
END
$$;

REVOKE ALL ON FUNCTION audit.partition_of(timestamptz), audit.assert_droppable(timestamptz, interval),
  audit.record_retention(uuid, uuid, timestamptz, bigint, text), audit.has_outcome(uuid),
  audit.announce_expired_month(timestamptz, interval), audit.drop_expired_month(timestamptz, interval, uuid),
  audit.withdraw_announcements() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.announce_expired_month(timestamptz, interval),
  audit.drop_expired_month(timestamptz, interval, uuid), audit.withdraw_announcements() TO sequencer;
