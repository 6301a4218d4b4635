-- Work that a change leaves behind, besides its outcome: a row of the outbox, written in the change's own transaction under
-- row security, from which the dispatcher makes a job. A row is one of the two.
ALTER TABLE clinical.outbox
  ALTER COLUMN intent_id DROP NOT NULL,
  ADD COLUMN task text CHECK (task ~ '^[a-z-]{2,40}$'),
  ADD COLUMN resource_id uuid,
  -- When the job is due; at once where it is not said.
  ADD COLUMN run_at timestamptz,
  ADD CONSTRAINT outcome_or_job CHECK (
    (task IS NULL AND intent_id IS NOT NULL AND resource_id IS NULL AND run_at IS NULL)
    OR (task IS NOT NULL AND intent_id IS NULL AND resource_id IS NOT NULL));
CREATE INDEX outbox_jobs_waiting ON clinical.outbox (tenant_id, created_at) WHERE delivered_at IS NULL AND task IS NOT NULL;
SELECT cordon.classify_columns('clinical.outbox', 'auditLogEntry',
  '{tenant_id,id,topic,intent_id,request_id,created_at,leased_until,delivered_at,attempts,task,resource_id,run_at}');
