-- The engine's door takes a batch column by column, which costs the server half of what JSON does.

-- A batch is 22 array literals, separated by the character 30 (which no entry can hold), in this order: id, tenant_id,
-- clinic_id, actor_subject, actor_role, actor_session, initiator_type, action, resource_type, resource_id, data_class_ids
-- (joined by commas), patient_pseudonym, purpose, decision, reason_code, outcome, intent_id, request_id, client_address,
-- provider_id, purpose_id, record_count.
CREATE FUNCTION audit.insert_columns(parts text[], writer text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
  ids uuid[] := parts[1];
  inserted integer;
BEGIN
  IF cardinality(parts) <> 22 OR cardinality(ids) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'a batch has 22 columns and holds at most 1000 entries' USING ERRCODE = '22023';
  END IF;
  -- Until the end of the transaction: a function's own SET clause would end with the function, before the commit it is for.
  PERFORM set_config('synchronous_commit', 'on', true);
  INSERT INTO audit.audit_logs (id, at, tenant_id, clinic_id, actor_subject, actor_role, actor_session, initiator_type,
    action, resource_type, resource_id, data_class_ids, patient_pseudonym, purpose, decision, reason_code, outcome,
    intent_id, request_id, client_address, provider_id, purpose_id, record_count, written_by, salt)
  SELECT e.id, clock_timestamp(), e.tenant_id, e.clinic_id, e.actor_subject, e.actor_role, e.actor_session,
    e.initiator_type, e.action, e.resource_type, e.resource_id, string_to_array(e.data_class_ids, ','),
    e.patient_pseudonym, e.purpose, e.decision, e.reason_code, e.outcome, e.intent_id, e.request_id, e.client_address,
    e.provider_id, e.purpose_id, e.record_count, writer, pgcrypto.gen_random_bytes(32)
  FROM unnest(ids, parts[2]::uuid[], parts[3]::uuid[], parts[4]::uuid[], parts[5]::text[], parts[6]::uuid[],
      parts[7]::text[], parts[8]::text[], parts[9]::text[], parts[10]::uuid[], parts[11]::text[], parts[12]::uuid[],
      parts[13]::text[], parts[14]::text[], parts[15]::text[], parts[16]::text[], parts[17]::uuid[], parts[18]::text[],
      parts[19]::inet[], parts[20]::text[], parts[21]::text[], parts[22]::integer[])
    AS e (id, tenant_id, clinic_id, actor_subject, actor_role, actor_session, initiator_type, action, resource_type,
      resource_id, data_class_ids, patient_pseudonym, purpose, decision, reason_code, outcome, intent_id, request_id,
      client_address, provider_id, purpose_id, record_count)
  -- What was sent and perhaps committed is sent again: by the engine at once, by a relay that was killed between its append
  -- and its mark whenever it comes back. The former is looked for in the newest partitions, the latter by its leaf as well.
  WHERE (SELECT a.id FROM audit.audit_logs a WHERE a.id = e.id AND a.at > now() - interval '1 day' LIMIT 1) IS NULL
    AND (e.intent_id IS NULL OR (SELECT l.entry_id FROM audit.audit_leaves l WHERE l.entry_id = e.id) IS NULL);
  GET DIAGNOSTICS inserted = ROW_COUNT;
  -- An id that another writer took before must not swallow an entry, which its writer believes to be durable.
  IF inserted < cardinality(ids) AND EXISTS (
    SELECT FROM unnest(ids) AS e (id) JOIN audit.audit_logs a ON a.id = e.id WHERE a.written_by <> writer) THEN
    RAISE EXCEPTION 'an entry''s id was used by another writer' USING ERRCODE = '23505';
  END IF;
  RETURN inserted;
END
$$;
REVOKE ALL ON FUNCTION audit.insert_columns(text[], text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION audit.append_sealed_entries(batches text[], tags bytea[], seal_key_id text) RETURNS integer
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
  RETURN audit.insert_columns(string_to_array(batches[1], E'\x1e'), session_user);
END
$$;
