-- What the AI gateway asks before each call: whether somebody stopped it, and what was used today.

-- A provider or a purpose for everybody, or one tenant. Names of the configuration and ids; no rows of tenants.
CREATE TABLE clinical.ai_stops (
  kind text NOT NULL CHECK (kind IN ('provider', 'purpose', 'tenant')),
  target text NOT NULL CHECK (target ~ '^[A-Za-z0-9.-]{1,80}$'),
  stopped_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, target)
);
SELECT cordon.classify_columns('clinical.ai_stops', 'portalAccount', '{kind,target,stopped_at}');
ALTER TABLE clinical.ai_stops ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.ai_stops FORCE ROW LEVEL SECURITY;
REVOKE ALL ON clinical.ai_stops FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON clinical.ai_stops TO engine_directory;
CREATE POLICY directory_only ON clinical.ai_stops FOR ALL TO engine_directory USING (true) WITH CHECK (true);

-- Counts of a day (UTC), for each purpose of a tenant. Costs are millionths of the currency of the prices.
CREATE TABLE clinical.ai_usage (
  tenant_id uuid NOT NULL REFERENCES clinical.tenants,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  purpose_id text NOT NULL CHECK (purpose_id ~ '^purpose\.[A-Za-z.]{2,70}$'),
  day date NOT NULL,
  calls bigint NOT NULL,
  tokens bigint NOT NULL,
  cost_millionths bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, day, purpose_id)
);
SELECT cordon.classify_columns('clinical.ai_usage', 'portalAccount',
  '{tenant_id,id,purpose_id,day,calls,tokens,cost_millionths}');
SELECT clinical.protect_for_jobs('clinical.ai_usage', may_delete => true);
