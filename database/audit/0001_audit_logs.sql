-- The append-only audit log. Nobody but the functions below writes it, and nobody changes it.
CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO engine_audit, identity_audit, sequencer, audit_reader, audit_verifier;

CREATE TABLE audit.audit_logs (
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  tenant_id uuid,
  clinic_id uuid,
  actor_subject uuid,
  actor_role text CHECK (actor_role ~ '^[A-Za-z.-]{1,60}$'),
  actor_session uuid,
  initiator_type text NOT NULL CHECK (initiator_type IN ('user', 'patient', 'service', 'system', 'anonymous')),
  action text NOT NULL CHECK (action ~ '^[a-z-]+(\.[a-z-]+)+$' AND length(action) <= 80),
  resource_type text CHECK (resource_type ~ '^[A-Za-z]{2,40}$'),
  resource_id uuid,
  data_class_ids text[] NOT NULL DEFAULT '{}' CHECK (array_to_string(data_class_ids, ',', '?') ~ '^[A-Za-z0-9,]*$'),
  patient_pseudonym uuid,
  purpose text CHECK (purpose ~ '^[A-Za-z0-9.-]{1,80}$'),
  decision text NOT NULL CHECK (decision IN ('permit', 'deny')),
  reason_code text NOT NULL CHECK (reason_code ~ '^[a-z0-9-]{2,60}$'),
  outcome text NOT NULL CHECK (outcome IN ('intent', 'success', 'failure', 'none')),
  intent_id uuid,
  request_id text CHECK (request_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  client_address inet,
  provider_id text CHECK (provider_id ~ '^[A-Za-z0-9.-]{1,80}$'),
  purpose_id text CHECK (purpose_id ~ '^[A-Za-z0-9.-]{1,80}$'),
  record_count integer,
  written_by text NOT NULL,
  salt bytea NOT NULL CHECK (length(salt) = 32),
  -- Which transaction wrote the row: tells the sequencer which rows can still come before it. Not part of the commitment.
  appended_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_logs_of_tenant ON audit.audit_logs (tenant_id, at DESC, id DESC);
CREATE INDEX audit_logs_by_transaction ON audit.audit_logs (appended_in, id);
CREATE INDEX audit_logs_of_patient ON audit.audit_logs (tenant_id, patient_pseudonym, at DESC, id DESC) WHERE patient_pseudonym IS NOT NULL;
CREATE INDEX audit_logs_by_id ON audit.audit_logs (id);
CREATE INDEX audit_logs_by_intent ON audit.audit_logs (intent_id) WHERE intent_id IS NOT NULL;

-- Leaf order of the Merkle tree, written by the sequencer.
CREATE TABLE audit.audit_leaves (
  leaf_index bigint PRIMARY KEY CHECK (leaf_index >= 0),
  entry_id uuid NOT NULL UNIQUE,
  entry_at timestamptz NOT NULL,
  leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32)
);

-- Rules hide the privilege check, so the absence of the grant is asserted by test as well. ALWAYS, or a session in
-- replica mode would pass them by; on each partition, or naming one directly would.
CREATE FUNCTION audit.refuse_truncate() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'the audit log cannot be truncated' USING ERRCODE = '42501'; END $$;

CREATE FUNCTION audit.make_append_only(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', target);
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE RULE no_update AS ON UPDATE TO %s DO INSTEAD NOTHING', target);
  EXECUTE format('CREATE RULE no_delete AS ON DELETE TO %s DO INSTEAD NOTHING', target);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS RULE no_update', target);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS RULE no_delete', target);
  EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_truncate()', target);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER no_truncate', target);
END
$$;

-- The owner inserts through the functions below; forced row security asks for a policy that says so.
CREATE FUNCTION audit.open_policies(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('CREATE POLICY door_appends ON %s FOR INSERT TO audit_owner WITH CHECK (true)', target);
  EXECUTE format('CREATE POLICY door_sees_intents ON %s FOR SELECT TO audit_owner USING (true)', target);
  EXECUTE format('CREATE POLICY one_tenant ON %s FOR SELECT TO audit_reader
    USING (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.may_read(''auditLogEntry'')))', target);
  -- In this store the context's patient is the audit pseudonym: patients see who looked at their own record, and no more.
  EXECUTE format('CREATE POLICY own_report ON %s FOR SELECT TO audit_reader
    USING (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.may_read(''accessReport''))
      AND (SELECT cordon.role()) = ''role.patient'' AND patient_pseudonym = (SELECT cordon.patient_id()))', target);
END
$$;

SELECT audit.make_append_only('audit.audit_logs');
SELECT audit.open_policies('audit.audit_logs');
GRANT SELECT ON audit.audit_logs TO audit_reader;

-- One partition a month, made ahead; the engine asks at each start and once a day.
CREATE FUNCTION audit.ensure_partitions() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  first_day date;
  partition_name text;
BEGIN
  FOR months IN -1..3 LOOP
    first_day := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => months))::date;
    partition_name := format('audit_logs_%s', to_char(first_day, 'YYYY_MM'));
    CONTINUE WHEN to_regclass('audit.' || partition_name) IS NOT NULL;
    EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.audit_logs FOR VALUES FROM (%L) TO (%L)', partition_name,
      first_day::text || ' 00:00+00', (first_day + interval '1 month')::date::text || ' 00:00+00');
    PERFORM audit.make_append_only(format('audit.%I', partition_name)::regclass);
    PERFORM audit.open_policies(format('audit.%I', partition_name)::regclass);
  END LOOP;
END
$$;
SELECT audit.ensure_partitions();

SELECT cordon.classify_columns('audit.audit_logs', 'auditLogEntry',
  '{id,at,tenant_id,clinic_id,actor_subject,actor_role,actor_session,initiator_type,action,resource_type,resource_id,data_class_ids,patient_pseudonym,purpose,decision,reason_code,outcome,intent_id,request_id,client_address,provider_id,purpose_id,record_count,written_by,salt,appended_in}');
SELECT cordon.classify_columns('audit.audit_leaves', 'auditLogEntry', '{leaf_index,entry_id,entry_at,leaf_hash}');
