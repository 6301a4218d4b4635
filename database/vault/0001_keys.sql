-- Wrapped keys, audit pseudonyms and tombstones. Nothing here opens anything without the root key, which lives elsewhere;
-- and nothing elsewhere opens a record without the wrapped key that lives here. Destroying a row here is the erasure.
CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO engine_vault;

-- One key per tenant and purpose, wrapped by the root key: "data" wraps the patients' keys, "search" makes blind tokens.
CREATE TABLE vault.tenant_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('data', 'search')),
  wrapped bytea NOT NULL CHECK (length(wrapped) BETWEEN 32 AND 4096),
  root_key_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX tenant_keys_current ON vault.tenant_keys (tenant_id, purpose) WHERE retired_at IS NULL;

CREATE TABLE vault.patient_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  patient_id uuid NOT NULL,
  tenant_key_id uuid NOT NULL,
  wrapped bytea NOT NULL CHECK (length(wrapped) BETWEEN 32 AND 4096),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Set once the row that needs the key is known to exist; keys never confirmed are swept.
  confirmed_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, patient_id, id),
  FOREIGN KEY (tenant_id, tenant_key_id) REFERENCES vault.tenant_keys (tenant_id, id)
);
CREATE INDEX patient_keys_unconfirmed ON vault.patient_keys (tenant_id, created_at) WHERE confirmed_at IS NULL;

-- The audit log names patients by these alone; the map dies with the patient's key.
CREATE TABLE vault.audit_pseudonyms (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  patient_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, patient_id)
);

CREATE TABLE vault.tombstones (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  patient_id uuid NOT NULL,
  intent_id uuid NOT NULL,
  destroyed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, patient_id)
);

SELECT cordon.classify_columns('vault.tenant_keys', 'patientProfile',
  '{tenant_id,id,purpose,wrapped,root_key_id,created_at,retired_at}');
SELECT cordon.classify_columns('vault.patient_keys', 'patientProfile',
  '{tenant_id,id,patient_id,tenant_key_id,wrapped,created_at,confirmed_at}');
SELECT cordon.classify_columns('vault.audit_pseudonyms', 'auditLogEntry', '{tenant_id,id,patient_id,created_at}');
SELECT cordon.classify_columns('vault.tombstones', 'patientProfile',
  '{tenant_id,id,patient_id,intent_id,destroyed_at}');

CREATE FUNCTION vault.protect_table(target regclass, commands text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', target);
  EXECUTE format('GRANT %s ON %s TO engine_vault', commands, target);
  EXECUTE format('CREATE POLICY one_tenant ON %s FOR ALL TO engine_vault
    USING (tenant_id = (SELECT cordon.tenant_id())) WITH CHECK (tenant_id = (SELECT cordon.tenant_id()))', target);
END
$$;
REVOKE ALL ON FUNCTION vault.protect_table(regclass, text) FROM PUBLIC;
SELECT vault.protect_table('vault.tenant_keys', 'SELECT, INSERT, UPDATE');
SELECT vault.protect_table('vault.patient_keys', 'SELECT, INSERT, UPDATE, DELETE');
SELECT vault.protect_table('vault.audit_pseudonyms', 'SELECT, INSERT, DELETE');
SELECT vault.protect_table('vault.tombstones', 'SELECT, INSERT');
