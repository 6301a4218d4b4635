-- A patient's key can be replaced: the new one is current, the one before opens what is not yet written anew, and goes when
-- nothing is left under it.
ALTER TABLE vault.patient_keys ADD COLUMN superseded_at timestamptz;
CREATE UNIQUE INDEX patient_keys_current ON vault.patient_keys (tenant_id, patient_id) WHERE superseded_at IS NULL;
CREATE INDEX patient_keys_under ON vault.patient_keys (tenant_id, tenant_key_id);
CREATE INDEX tenant_keys_under ON vault.tenant_keys (tenant_id, root_key_id);

-- A destruction is a chain of steps over three stores: the vault remembers which of them are not finished.
ALTER TABLE vault.tombstones ADD COLUMN finished_at timestamptz;
GRANT DELETE ON vault.tenant_keys TO engine_vault;
GRANT UPDATE (finished_at) ON vault.tombstones TO engine_vault;

SELECT cordon.classify_columns('vault.patient_keys', 'patientProfile',
  '{tenant_id,id,patient_id,tenant_key_id,wrapped,created_at,confirmed_at,superseded_at}');
SELECT cordon.classify_columns('vault.tombstones', 'patientProfile',
  '{tenant_id,id,patient_id,intent_id,destroyed_at,finished_at}');
