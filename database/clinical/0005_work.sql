-- Work that outlives a request: the outbox written with each change, and the jobs. Ids only, never content.

CREATE TABLE clinical.outbox (
  tenant_id uuid NOT NULL REFERENCES clinical.tenants,
  id uuid NOT NULL,
  topic text NOT NULL CHECK (topic ~ '^[a-z-]+(\.[a-z-]+)+$'),
  intent_id uuid NOT NULL,
  request_id text CHECK (request_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- A relay takes rows for a while, so that two of them never carry the same one.
  leased_until timestamptz,
  delivered_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, intent_id, topic)
);
CREATE INDEX outbox_waiting ON clinical.outbox (tenant_id, created_at) WHERE delivered_at IS NULL;

CREATE TABLE clinical.jobs (
  tenant_id uuid NOT NULL REFERENCES clinical.tenants,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind ~ '^[a-z-]{2,40}$'),
  clinic_id uuid,
  resource_id uuid,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  run_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, clinic_id) REFERENCES clinical.clinics (tenant_id, id)
);
CREATE INDEX jobs_waiting ON clinical.jobs (tenant_id, run_at) WHERE state = 'waiting';

SELECT cordon.classify_columns('clinical.outbox', 'auditLogEntry',
  '{tenant_id,id,topic,intent_id,request_id,created_at,leased_until,delivered_at,attempts}');
SELECT cordon.classify_columns('clinical.jobs', 'clinicalRecord',
  '{tenant_id,id,kind,clinic_id,resource_id,state,attempts,run_at,finished_at}');

SELECT clinical.protect_for_jobs('clinical.outbox', may_delete => true);
SELECT clinical.protect_for_jobs('clinical.jobs', may_delete => true);
-- Callers write outcomes; jobs are made by jobs, from the outbox.
GRANT INSERT ON clinical.outbox TO engine_clinical;
CREATE POLICY enqueue ON clinical.outbox FOR INSERT TO engine_clinical
  WITH CHECK (tenant_id = (SELECT cordon.tenant_id()));
