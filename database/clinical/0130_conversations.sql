-- Conversations with the assistant. The gateway keeps what was said, without who it was, as a job of the tenant; their patient sees
-- them and withdraws them: the words go, the row stays as the mark that there was a conversation.
CREATE POLICY patient_withdraws ON clinical.chat_transcripts FOR UPDATE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND patient_id = (SELECT clinical.own_record_to_change('chatTranscriptPHI'))
    AND patient_id NOT IN (SELECT unnest(clinical.restricted_from_change())))
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id())
    AND patient_id = (SELECT clinical.own_record_to_change('chatTranscriptPHI')));

-- What stood there before must go with it, and a change of the state keeps what stood there before.
GRANT DELETE ON clinical.chat_transcript_versions TO engine_clinical;
CREATE POLICY patient_forgets ON clinical.chat_transcript_versions FOR DELETE TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND patient_id = (SELECT clinical.own_record_to_change('chatTranscriptPHI'))
    AND patient_id NOT IN (SELECT unnest(clinical.restricted_from_change())));
CREATE POLICY patient_keeps ON clinical.chat_transcript_versions FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id())
    AND patient_id = (SELECT clinical.own_record_to_change('chatTranscriptPHI')));

-- A patient who asks for a person is an alert of its own kind.
ALTER TABLE clinical.alerts DROP CONSTRAINT alerts_source_check;
ALTER TABLE clinical.alerts ADD CONSTRAINT alerts_source_check CHECK (source IN ('reception', 'intake', 'chat'));
