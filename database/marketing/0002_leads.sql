-- Leads are worked on: each change keeps who made which of it and when, and a creation sent twice is one row.
ALTER TABLE marketing.leads
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN updated_by uuid,
  -- A blind token of the body that made the row, where its sender named a key.
  ADD COLUMN body_token bytea CHECK (length(body_token) = 32);
CREATE INDEX leads_of_tenant ON marketing.leads (tenant_id, created_at DESC, id DESC);

CREATE TABLE marketing.lead_versions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  lead_id uuid NOT NULL,
  version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('new', 'contacted', 'closed', 'withdrawn')),
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, lead_id, version),
  FOREIGN KEY (tenant_id, lead_id) REFERENCES marketing.leads (tenant_id, id) ON DELETE CASCADE
);

SELECT cordon.classify_columns('marketing.leads', 'marketingLead',
  '{tenant_id,id,clinic_id,state,consent_to_contact,consent_wording_version,key_id,created_at,version,updated_at,updated_by,body_token}');
SELECT cordon.classify_columns('marketing.lead_versions', 'marketingLead',
  '{tenant_id,id,lead_id,version,state,updated_at,updated_by}');
SELECT marketing.protect_table('marketing.lead_versions');
REVOKE INSERT ON marketing.lead_versions FROM web_marketing;
DROP POLICY web_adds ON marketing.lead_versions;
