-- The one door. It fixes the time, the writer and the durability of every entry; none of them can be given.

-- Rows as the door takes them: JSON text in the names of the columns.
CREATE FUNCTION audit.insert_entries(entries json, writer text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
  inserted integer;
BEGIN
  -- Until the end of the transaction: a function's own SET clause would end with the function, before the commit it is for.
  PERFORM set_config('synchronous_commit', 'on', true);
  INSERT INTO audit.audit_logs (id, at, tenant_id, clinic_id, actor_subject, actor_role, actor_session, initiator_type,
    action, resource_type, resource_id, data_class_ids, patient_pseudonym, purpose, decision, reason_code, outcome,
    intent_id, request_id, client_address, provider_id, purpose_id, record_count, written_by, salt)
  SELECT e.id, clock_timestamp(), e.tenant_id, e.clinic_id, e.actor_subject, e.actor_role, e.actor_session,
    e.initiator_type, e.action, e.resource_type, e.resource_id, coalesce(e.data_class_ids, '{}'), e.patient_pseudonym,
    e.purpose, e.decision, e.reason_code, e.outcome, e.intent_id, e.request_id, e.client_address, e.provider_id,
    e.purpose_id, e.record_count, writer, pgcrypto.gen_random_bytes(32)
  FROM json_to_recordset(entries) AS e (id uuid, tenant_id uuid, clinic_id uuid, actor_subject uuid, actor_role text,
    actor_session uuid, initiator_type text, action text, resource_type text, resource_id uuid, data_class_ids text[],
    patient_pseudonym uuid, purpose text, decision text, reason_code text, outcome text, intent_id uuid,
    request_id text, client_address inet, provider_id text, purpose_id text, record_count integer)
  -- A relay that was killed between its append and its mark sends the same entry again.
  -- By the index, entry by entry: a plan made while the log was small would read all of it later.
  WHERE (SELECT a.id FROM audit.audit_logs a WHERE a.id = e.id LIMIT 1) IS NULL;
  GET DIAGNOSTICS inserted = ROW_COUNT;
  -- An id that another writer took before must not swallow an entry, which its writer believes to be durable.
  IF inserted < json_array_length(entries) AND EXISTS (
    SELECT FROM json_to_recordset(entries) AS e (id uuid) JOIN audit.audit_logs a ON a.id = e.id
    WHERE a.written_by <> writer) THEN
    RAISE EXCEPTION 'an entry''s id was used by another writer' USING ERRCODE = '23505';
  END IF;
  IF inserted > 1000 THEN
    RAISE EXCEPTION 'a batch holds at most 1000 entries' USING ERRCODE = '22023';
  END IF;
  RETURN inserted;
END
$$;
REVOKE ALL ON FUNCTION audit.insert_entries(json, text) FROM PUBLIC;

-- The engine's entries, in batches that are JSON arrays. Each batch carries a tag over its text, so SQL on this connection,
-- without the engine's key, cannot write in the name of any tenant. One call is one commit.
CREATE FUNCTION audit.append_sealed_entries(batches text[], tags bytea[], seal_key_id text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- 8 KiB an entry, a thousand entries.
  IF coalesce(array_length(batches, 1), 0) <> 1 OR array_length(tags, 1) IS DISTINCT FROM 1
    OR length(batches[1]) > 8192000 THEN
    RAISE EXCEPTION 'a call takes one batch and its tag' USING ERRCODE = '22023';
  END IF;
  IF NOT coalesce(cordon.seal_verifies(batches[1], seal_key_id, tags[1]), false) THEN
    RAISE EXCEPTION 'the tag of the batch does not verify' USING ERRCODE = 'CX001';
  END IF;
  RETURN audit.insert_entries(batches[1]::json, session_user);
END
$$;

-- Identity's entries: sign-in and token events, which it must be able to record for every tenant and for none.
CREATE FUNCTION audit.append_entries(entries jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF jsonb_typeof(entries) <> 'array' THEN
    RAISE EXCEPTION 'a batch is an array' USING ERRCODE = '22023';
  END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(entries) e
    WHERE coalesce(e ->> 'action', '') !~ '^(sign-in|token|factor|session|account)\.') THEN
    RAISE EXCEPTION 'this writer records sign-in, token, factor, session and account events only' USING ERRCODE = '42501';
  END IF;
  RETURN audit.insert_entries(entries::json, session_user);
END
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.append_sealed_entries(text[], bytea[], text) TO engine_audit;
GRANT EXECUTE ON FUNCTION audit.append_entries(jsonb) TO identity_audit;
GRANT EXECUTE ON FUNCTION audit.ensure_partitions() TO engine_audit;
GRANT SELECT, INSERT ON audit.audit_leaves TO sequencer;
ALTER TABLE audit.audit_leaves ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.audit_leaves FORCE ROW LEVEL SECURITY;
CREATE POLICY sequencer_only ON audit.audit_leaves FOR ALL TO sequencer USING (true) WITH CHECK (true);
CREATE POLICY sequencer_reads ON audit.audit_logs FOR SELECT TO sequencer USING (true);
GRANT SELECT ON audit.audit_logs TO sequencer;
CREATE RULE no_update AS ON UPDATE TO audit.audit_leaves DO INSTEAD NOTHING;
CREATE RULE no_delete AS ON DELETE TO audit.audit_leaves DO INSTEAD NOTHING;
ALTER TABLE audit.audit_leaves ENABLE ALWAYS RULE no_update;
ALTER TABLE audit.audit_leaves ENABLE ALWAYS RULE no_delete;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit.audit_leaves
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_truncate();
ALTER TABLE audit.audit_leaves ENABLE ALWAYS TRIGGER no_truncate;
