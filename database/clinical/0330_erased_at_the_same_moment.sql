-- Erasures and what comes at the same moment. Each pair below takes one lock, so that one of the two is first, and the other sees it.

-- A hold (or a restriction) that is being placed, and an erasure of the same patient's records.
CREATE FUNCTION clinical.erasure_lock(tenant uuid, patient uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT hashtextextended('erasure ' || tenant || ' ' || patient, 0) $$;
REVOKE ALL ON FUNCTION clinical.erasure_lock(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.erasure_lock(uuid, uuid) TO engine_clinical, engine_jobs;

CREATE FUNCTION clinical.wait_for_erasure() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(clinical.erasure_lock(NEW.tenant_id, NEW.patient_id));
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION clinical.wait_for_erasure() FROM PUBLIC;
CREATE TRIGGER wait_for_erasure BEFORE INSERT OR UPDATE ON clinical.legal_holds
  FOR EACH ROW EXECUTE FUNCTION clinical.wait_for_erasure();
CREATE TRIGGER wait_for_erasure BEFORE INSERT OR UPDATE ON clinical.restrictions
  FOR EACH ROW EXECUTE FUNCTION clinical.wait_for_erasure();

-- A conversation that its patient erases before anything of it is kept: an answer that was stopped may be on its way to the store,
-- and must find that it is not wanted. The name is the page's; whose it is stands beside it.
CREATE TABLE clinical.chat_withdrawals (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  patient_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  withdrawn_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, patient_id, conversation_id),
  FOREIGN KEY (tenant_id, patient_id) REFERENCES clinical.patients (tenant_id, id)
);
SELECT cordon.classify_columns('clinical.chat_withdrawals', 'chatTranscriptPHI',
  '{tenant_id,id,patient_id,conversation_id,withdrawn_at}');
SELECT clinical.protect_for_jobs('clinical.chat_withdrawals', may_delete => true);

CREATE FUNCTION clinical.conversation_lock(tenant uuid, conversation uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT hashtextextended('conversation ' || tenant || ' ' || conversation, 0) $$;
REVOKE ALL ON FUNCTION clinical.conversation_lock(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.conversation_lock(uuid, uuid) TO engine_jobs;

-- Answers false where the patient's conversation is kept by now, and is to be erased like any other. Marks outlive every call by
-- far; those of an earlier day go.
CREATE FUNCTION clinical.withdraw_unkept(patient uuid, conversation uuid) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant constant uuid := cordon.tenant_id();
BEGIN
  PERFORM pg_advisory_xact_lock(clinical.conversation_lock(tenant, conversation));
  IF EXISTS (SELECT FROM clinical.chat_transcripts c
      WHERE c.tenant_id = tenant AND c.id = conversation AND c.patient_id = patient) THEN RETURN false; END IF;
  DELETE FROM clinical.chat_withdrawals w
    WHERE w.tenant_id = tenant AND w.patient_id = patient AND w.withdrawn_at < now() - interval '1 day';
  INSERT INTO clinical.chat_withdrawals (tenant_id, patient_id, conversation_id) VALUES (tenant, patient, conversation)
    ON CONFLICT DO NOTHING;
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION clinical.withdraw_unkept(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.withdraw_unkept(uuid, uuid) TO engine_jobs;

-- As in 0220, and refuses a conversation that was erased before anything of it was kept.
CREATE OR REPLACE FUNCTION clinical.open_ai_call(
  purpose text, provider text, patient uuid, conversation uuid, consent text, more_tokens bigint, more_cost bigint, most bigint[])
RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant constant uuid := cordon.tenant_id();
  today constant date := (now() AT TIME ZONE 'UTC')::date;
  used record;
BEGIN
  IF tenant IS NULL THEN RAISE EXCEPTION 'a call is counted for a tenant' USING ERRCODE = '42501'; END IF;
  IF EXISTS (SELECT FROM clinical.ai_stops s WHERE (s.kind, s.target) IN
      (('tenant', tenant::text), ('purpose', purpose), ('provider', provider))) THEN
    RETURN 'stopped';
  END IF;
  IF consent IS NOT NULL AND (SELECT r.state FROM clinical.consent_records r
      WHERE r.tenant_id = tenant AND r.patient_id = patient AND r.consent_kind = consent
      ORDER BY r.recorded_at DESC, r.id DESC LIMIT 1) IS DISTINCT FROM 'given' THEN
    RETURN 'consent';
  END IF;
  IF patient IS NOT NULL AND EXISTS (SELECT FROM clinical.chat_transcripts c
      WHERE c.tenant_id = tenant AND c.id = conversation
        AND (c.patient_id <> patient OR c.purpose_id <> purpose OR c.state = 'closed'))
      OR EXISTS (SELECT FROM clinical.chat_withdrawals w
        WHERE w.tenant_id = tenant AND w.patient_id = patient AND w.conversation_id = conversation) THEN
    RETURN 'conversation';
  END IF;
  -- Of many at once each counts before the next is let through. Counts need not outlive a crash by the last half second.
  PERFORM pg_advisory_xact_lock(hashtextextended('ai-usage ' || tenant, 0)), set_config('synchronous_commit', 'off', true);
  SELECT 1 + coalesce(sum(u.calls), 0) AS calls, more_tokens + coalesce(sum(u.tokens), 0) AS tokens,
      more_cost + coalesce(sum(u.cost_millionths), 0) AS cost,
      1 + coalesce(sum(u.calls) FILTER (WHERE u.purpose_id = purpose), 0) AS own_calls,
      more_tokens + coalesce(sum(u.tokens) FILTER (WHERE u.purpose_id = purpose), 0) AS own_tokens,
      more_cost + coalesce(sum(u.cost_millionths) FILTER (WHERE u.purpose_id = purpose), 0) AS own_cost
    INTO used FROM clinical.ai_usage u WHERE u.tenant_id = tenant AND u.day = today;
  IF used.calls > most[1] OR used.tokens > most[2] OR used.cost > most[3] THEN RETURN 'tenant-limit'; END IF;
  IF used.own_calls > most[4] OR used.own_tokens > most[5] OR used.own_cost > most[6] THEN RETURN 'purpose-limit'; END IF;
  INSERT INTO clinical.ai_usage AS u (tenant_id, purpose_id, day, calls, tokens, cost_millionths)
    VALUES (tenant, purpose, today, 1, more_tokens, more_cost)
    ON CONFLICT (tenant_id, day, purpose_id) DO UPDATE SET calls = u.calls + 1, tokens = u.tokens + excluded.tokens,
      cost_millionths = u.cost_millionths + excluded.cost_millionths;
  RETURN 'open';
END
$$;

-- As in 0220. A conversation that was erased, and one whose consent was withdrawn, since the call began is not kept.
--   consent   what the purpose stands on; NULL where it stands on none
DROP FUNCTION clinical.close_ai_call(text, bigint[], uuid, uuid, uuid, text, text[], bytea, text, uuid);
CREATE FUNCTION clinical.close_ai_call(
  purpose text, change bigint[], conversation uuid, clinic uuid, patient uuid, current_key_id text, keys text[], place bytea,
  turns text, subject uuid, consent text)
RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant constant uuid := cordon.tenant_id();
  longest constant integer := 40000;
  kept bytea;
  state text;
  body bytea;
  said text;
  keeps boolean := conversation IS NOT NULL;
BEGIN
  -- Withdrawn while the model was asked (UK GDPR, article 7(3)): what was said is not kept any more.
  IF keeps AND consent IS NOT NULL THEN
    keeps := (SELECT r.state FROM clinical.consent_records r
      WHERE r.tenant_id = tenant AND r.patient_id = patient AND r.consent_kind = consent
      ORDER BY r.recorded_at DESC, r.id DESC LIMIT 1) IS NOT DISTINCT FROM 'given';
  END IF;
  WHILE keeps LOOP
    SELECT c.transcript, c.state INTO kept, state FROM clinical.chat_transcripts c
      WHERE c.tenant_id = tenant AND c.id = conversation AND c.patient_id = patient AND c.purpose_id = purpose FOR UPDATE;
    IF NOT FOUND THEN
      PERFORM pg_advisory_xact_lock(clinical.conversation_lock(tenant, conversation));
      EXIT WHEN EXISTS (SELECT FROM clinical.chat_withdrawals w
        WHERE w.tenant_id = tenant AND w.patient_id = patient AND w.conversation_id = conversation);
      INSERT INTO clinical.chat_transcripts (tenant_id, id, clinic_id, patient_id, purpose_id, key_id, transcript, updated_by)
        VALUES (tenant, conversation, clinic, patient, purpose, current_key_id,
          cordon.seal_cell(place || convert_to(turns, 'UTF8'), keys[1]), subject)
        ON CONFLICT (tenant_id, id) DO NOTHING;
      EXIT WHEN FOUND;
      -- Begun by another request since it was looked for. Where it is another patient's, there is nothing to add to.
      IF EXISTS (SELECT FROM clinical.chat_transcripts c WHERE c.tenant_id = tenant AND c.id = conversation
          AND (c.patient_id <> patient OR c.purpose_id <> purpose)) THEN RETURN false; END IF;
      CONTINUE;
    END IF;
    -- Withdrawn while the model was asked: then nothing of it is kept.
    EXIT WHEN state = 'closed';
    SELECT o.opened INTO body FROM unnest(keys) WITH ORDINALITY AS k (key, n),
      LATERAL (SELECT cordon.try_open_cell(kept, k.key) AS opened) AS o
      WHERE o.opened IS NOT NULL ORDER BY k.n LIMIT 1;
    IF body IS NULL OR substring(body FOR 16) <> place THEN RETURN false; END IF;
    said := concat_ws(E'\n', nullif(convert_from(substring(body FROM 17), 'UTF8'), ''), turns);
    -- The oldest turns go, whole: each begins a line, and what goes on in further lines is set in.
    IF length(said) > longest THEN
      said := regexp_replace(right(said, longest), '^(?:[^\n]|\n(?!\[))*\n(?=\[)', '');
    END IF;
    UPDATE clinical.chat_transcripts c SET key_id = current_key_id, updated_by = subject, updated_at = now(),
        version = version + 1, transcript = cordon.seal_cell(place || convert_to(said, 'UTF8'), keys[1])
      WHERE c.tenant_id = tenant AND c.id = conversation;
    EXIT;
  END LOOP;
  UPDATE clinical.ai_usage u SET calls = greatest(0, u.calls + change[1]), tokens = greatest(0, u.tokens + change[2]),
      cost_millionths = greatest(0, u.cost_millionths + change[3])
    WHERE change <> '{0,0,0}' AND u.tenant_id = tenant AND u.purpose_id = purpose AND u.day = (now() AT TIME ZONE 'UTC')::date;
  RETURN true;
END
$$;

REVOKE ALL ON FUNCTION clinical.close_ai_call(text, bigint[], uuid, uuid, uuid, text, text[], bytea, text, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.close_ai_call(text, bigint[], uuid, uuid, uuid, text, text[], bytea, text, uuid, text) TO engine_jobs;
