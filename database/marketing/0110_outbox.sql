-- Outcomes of changes of this store, written in the change's own transaction and carried to the audit log from here: the same
-- as the clinical store's outbox, so that a process that dies after its commit leaves no change untold.
CREATE TABLE marketing.outbox (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  topic text NOT NULL CHECK (topic ~ '^[a-z-]+(\.[a-z-]+)+$'),
  intent_id uuid NOT NULL,
  request_id text CHECK (request_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz,
  delivered_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, intent_id, topic)
);
CREATE INDEX outbox_waiting ON marketing.outbox (tenant_id, created_at) WHERE delivered_at IS NULL;
CREATE INDEX outbox_served ON marketing.outbox (tenant_id, delivered_at) WHERE delivered_at IS NOT NULL;
SELECT cordon.classify_columns('marketing.outbox', 'auditLogEntry',
  '{tenant_id,id,topic,intent_id,request_id,created_at,leased_until,delivered_at,attempts}');
SELECT marketing.protect_table('marketing.outbox');
-- The site adds what visitors send and announces it elsewhere; outcomes are the engine's.
REVOKE INSERT ON marketing.outbox FROM web_marketing;
DROP POLICY web_adds ON marketing.outbox;
