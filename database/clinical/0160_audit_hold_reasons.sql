-- Why a legal hold was placed on the audit log, and why it was lifted. The hold itself is in the audit store, which holds no
-- text of people: its entries point here by the hold's id. Sealed under a key of the tenant, for a hold is on no one patient.
CREATE TABLE clinical.audit_hold_reasons (
  tenant_id uuid NOT NULL REFERENCES clinical.tenants,
  id uuid NOT NULL,
  hold_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('placed', 'released')),
  key_id text NOT NULL,
  reason cordon.ciphertext NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, hold_id, kind)
);
SELECT cordon.classify_columns('clinical.audit_hold_reasons', 'auditLogEntry', '{tenant_id,id,hold_id,kind,key_id,recorded_at}');
SELECT clinical.protect_for_jobs('clinical.audit_hold_reasons');
