-- Visitors' conversations go when the retention of their purpose ends: which it was, and when the last was said.
-- Those kept so far have neither: theirs ended within a visit, hours after they began.
ALTER TABLE marketing.public_chats
  ADD COLUMN purpose_id text CHECK (purpose_id ~ '^purpose\.[A-Za-z.]{2,60}$'),
  ADD COLUMN updated_at timestamptz;
ALTER TABLE marketing.public_chats ALTER COLUMN updated_at SET DEFAULT now();
SELECT cordon.classify_columns('marketing.public_chats', 'chatTranscriptNonPHI',
  '{tenant_id,id,state,key_id,started_at,purpose_id,updated_at}');

-- No request deletes one, and no configuration makes the job delete what was said within the last day.
CREATE POLICY jobs_delete_old_alone ON marketing.public_chats AS RESTRICTIVE FOR DELETE TO engine_marketing
  USING (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.role()) = 'role.system'
    AND coalesce(updated_at, started_at) < now() - interval '1 day');

CREATE INDEX public_chats_begun ON marketing.public_chats (tenant_id, started_at);
