-- Leads, analytics and public chat. Never PHI; what names a person is ciphertext all the same.
CREATE SCHEMA marketing;
GRANT USAGE ON SCHEMA marketing TO web_marketing, engine_marketing;

CREATE TABLE marketing.leads (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  clinic_id uuid,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'contacted', 'closed', 'withdrawn')),
  consent_to_contact boolean NOT NULL,
  consent_wording_version integer NOT NULL CHECK (consent_wording_version > 0),
  key_id text NOT NULL,
  full_name cordon.ciphertext NOT NULL,
  contact cordon.ciphertext NOT NULL,
  message cordon.ciphertext,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE marketing.analytics_events (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  event text NOT NULL CHECK (event ~ '^[a-z-]{2,40}$'),
  page text NOT NULL CHECK (page ~ '^/[a-z0-9/-]{0,120}$'),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE marketing.public_chats (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'handed-over', 'closed')),
  key_id text NOT NULL,
  transcript cordon.ciphertext NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);

SELECT cordon.classify_columns('marketing.leads', 'marketingLead',
  '{tenant_id,id,clinic_id,state,consent_to_contact,consent_wording_version,key_id,created_at}');
SELECT cordon.classify_columns('marketing.analytics_events', 'websiteAnalyticsEvent', '{tenant_id,id,event,page,at}');
SELECT cordon.classify_columns('marketing.public_chats', 'chatTranscriptNonPHI',
  '{tenant_id,id,state,key_id,started_at}');

CREATE FUNCTION marketing.protect_table(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', target);
  EXECUTE format('GRANT INSERT ON %s TO web_marketing', target);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO engine_marketing', target);
  EXECUTE format('CREATE POLICY one_tenant ON %s FOR ALL TO engine_marketing
    USING (tenant_id = (SELECT cordon.tenant_id())) WITH CHECK (tenant_id = (SELECT cordon.tenant_id()))', target);
  EXECUTE format('CREATE POLICY web_adds ON %s FOR INSERT TO web_marketing
    WITH CHECK (tenant_id = (SELECT cordon.tenant_id()))', target);
END
$$;
REVOKE ALL ON FUNCTION marketing.protect_table(regclass) FROM PUBLIC;
SELECT marketing.protect_table('marketing.leads');
SELECT marketing.protect_table('marketing.analytics_events');
SELECT marketing.protect_table('marketing.public_chats');
