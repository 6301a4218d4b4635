-- Conversations go when the retention of their purpose ends. The job is told by the configuration which those are; what no
-- configuration can tell it to delete stands here: what was said within the last day, and anything of a patient whose records
-- are held, or restricted (UK GDPR, article 18(2): stored, and no more).
CREATE FUNCTION clinical.transcript_may_go(tenant uuid, patient uuid, last_change timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT last_change < now() - interval '1 day'
    AND NOT EXISTS (SELECT FROM clinical.legal_holds h
      WHERE h.tenant_id = tenant AND h.patient_id = patient AND h.lifted_at IS NULL)
    AND NOT EXISTS (SELECT FROM clinical.restrictions r
      WHERE r.tenant_id = tenant AND r.patient_id = patient AND r.lifted_at IS NULL)
$$;
REVOKE ALL ON FUNCTION clinical.transcript_may_go(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.transcript_may_go(uuid, uuid, timestamptz) TO engine_jobs;

GRANT DELETE ON clinical.chat_transcripts, clinical.chat_transcript_versions TO engine_jobs;
CREATE POLICY jobs_delete_old_alone ON clinical.chat_transcripts AS RESTRICTIVE FOR DELETE TO engine_jobs
  USING (tenant_id = (SELECT cordon.tenant_id()) AND clinical.transcript_may_go(tenant_id, patient_id, updated_at));
-- What stood there before goes with its conversation, however old it is.
CREATE POLICY jobs_delete_old_alone ON clinical.chat_transcript_versions AS RESTRICTIVE FOR DELETE TO engine_jobs
  USING (tenant_id = (SELECT cordon.tenant_id()) AND EXISTS (SELECT FROM clinical.chat_transcripts c
    WHERE c.tenant_id = chat_transcript_versions.tenant_id AND c.id = chat_transcript_versions.record_id
      AND clinical.transcript_may_go(c.tenant_id, c.patient_id, c.updated_at)));

-- The beginning never changes, so that adding to a conversation touches no index; none ends before it has begun.
CREATE INDEX chat_transcripts_begun ON clinical.chat_transcripts (tenant_id, started_at);
