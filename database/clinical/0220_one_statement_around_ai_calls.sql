-- What the AI gateway asks and writes around a call, in one statement before it and one after it: each round trip costs more than
-- all that is looked up in it. Both run as who calls them, the tenant's own job, under its row security.

-- Stops are looked at in the same statement. A tenant's job sees those of providers and purposes, and its own tenant's.
GRANT SELECT ON clinical.ai_stops TO engine_jobs;
CREATE POLICY jobs_look ON clinical.ai_stops FOR SELECT TO engine_jobs
  USING (kind <> 'tenant' OR target = (SELECT cordon.tenant_id())::text);

-- Whether a call may go on, and counts it if so; answers 'open', or the first reason against it.
--   patient, conversation, consent   NULL where the purpose is not about a patient, and where it does not stand on consent
--   most   of a day: calls, tokens and cost of the tenant, then of the purpose
CREATE FUNCTION clinical.open_ai_call(
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
        AND (c.patient_id <> patient OR c.purpose_id <> purpose OR c.state = 'closed')) THEN
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

-- What was used, in the place of what was taken for it; and what was said, at the end of its conversation, which begins where there
-- is none. Answers false, and has then written nothing, where the conversation's words open under none of the keys.
--   change   of calls, tokens and cost
--   keys     the patient's, the current one first; place: what the words begin with (packages/field-encryption)
CREATE FUNCTION clinical.close_ai_call(
  purpose text, change bigint[], conversation uuid, clinic uuid, patient uuid, current_key_id text, keys text[], place bytea,
  turns text, subject uuid)
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
BEGIN
  WHILE conversation IS NOT NULL LOOP
    SELECT c.transcript, c.state INTO kept, state FROM clinical.chat_transcripts c
      WHERE c.tenant_id = tenant AND c.id = conversation AND c.patient_id = patient AND c.purpose_id = purpose FOR UPDATE;
    IF NOT FOUND THEN
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

REVOKE ALL ON FUNCTION clinical.open_ai_call(text, text, uuid, uuid, text, bigint, bigint, bigint[]),
  clinical.close_ai_call(text, bigint[], uuid, uuid, uuid, text, text[], bytea, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.open_ai_call(text, text, uuid, uuid, text, bigint, bigint, bigint[]),
  clinical.close_ai_call(text, bigint[], uuid, uuid, uuid, text, text[], bytea, text, uuid) TO engine_jobs;
