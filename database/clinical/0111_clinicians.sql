-- With whom appointments are booked. Who works where is said by memberships, of which a caller sees its own alone; this table says
-- of each clinic who its clinicians are, kept in step by the store itself, and holds what the clinic calls them.
CREATE TABLE clinical.clinicians (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  clinic_id uuid NOT NULL,
  account_id uuid NOT NULL,
  ended_at timestamptz,
  -- Under a key of the tenant; absent until somebody has said a name.
  key_id text,
  full_name cordon.ciphertext,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, clinic_id, account_id),
  FOREIGN KEY (tenant_id, clinic_id) REFERENCES clinical.clinics (tenant_id, id),
  CHECK ((key_id IS NULL) = (full_name IS NULL))
);
CREATE INDEX clinicians_under ON clinical.clinicians (tenant_id, key_id);
SELECT cordon.classify_columns('clinical.clinicians', 'portalAccount',
  '{tenant_id,id,clinic_id,account_id,ended_at,key_id}');
SELECT clinical.protect_for_jobs('clinical.clinicians');
-- Who books in a clinic sees with whom.
GRANT SELECT ON clinical.clinicians TO engine_clinical;
CREATE POLICY staff_read ON clinical.clinicians FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id())
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('portalAccount', false))::uuid[])
    AND clinic_id = ANY ((SELECT clinical.staff_clinics('appointmentBooking', true))::uuid[]));

-- Memberships are written by jobs; the rows follow in the same transaction.
CREATE FUNCTION clinical.follow_membership() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF NEW.ended_at IS NULL THEN
    INSERT INTO clinical.clinicians AS c (tenant_id, clinic_id, account_id) VALUES (NEW.tenant_id, NEW.clinic_id, NEW.account_id)
    ON CONFLICT (tenant_id, clinic_id, account_id) DO UPDATE SET ended_at = NULL WHERE c.ended_at IS NOT NULL;
  ELSE
    UPDATE clinical.clinicians SET ended_at = NEW.ended_at
    WHERE tenant_id = NEW.tenant_id AND clinic_id = NEW.clinic_id AND account_id = NEW.account_id
      AND NOT EXISTS (SELECT FROM clinical.memberships m
        WHERE m.tenant_id = NEW.tenant_id AND m.clinic_id = NEW.clinic_id AND m.account_id = NEW.account_id
          AND m.role = 'role.clinician' AND m.ended_at IS NULL);
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION clinical.follow_membership() FROM PUBLIC;
CREATE TRIGGER follow_membership AFTER INSERT OR UPDATE ON clinical.memberships
  FOR EACH ROW WHEN (NEW.role = 'role.clinician') EXECUTE FUNCTION clinical.follow_membership();

-- Those who work somewhere already. The owner sees rows while row security is not forced on it, which ends with this file.
ALTER TABLE clinical.memberships NO FORCE ROW LEVEL SECURITY;
ALTER TABLE clinical.clinicians NO FORCE ROW LEVEL SECURITY;
INSERT INTO clinical.clinicians (tenant_id, clinic_id, account_id)
  SELECT tenant_id, clinic_id, account_id FROM clinical.memberships WHERE role = 'role.clinician' AND ended_at IS NULL;
ALTER TABLE clinical.memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE clinical.clinicians FORCE ROW LEVEL SECURITY;
