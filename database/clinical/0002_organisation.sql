-- Tenants, clinics, who works where, and which sign-in factors a tenant asks for.

CREATE TABLE clinical.tenants (
  tenant_id uuid PRIMARY KEY,
  -- A code such as "northgate", not a free name: names are never structural.
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9-]{2,40}$'),
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'closing', 'closed')),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE clinical.clinics (
  tenant_id uuid NOT NULL REFERENCES clinical.tenants,
  id uuid NOT NULL,
  slug text NOT NULL CHECK (slug ~ '^[a-z0-9-]{2,40}$'),
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'closed')),
  alert_timeout interval NOT NULL DEFAULT '10 minutes' CHECK (alert_timeout BETWEEN '1 minute' AND '24 hours'),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, slug)
);

-- One row for each account, role and clinic. Tenant-wide roles (corporate admin, auditor, contractor) name no clinic; a
-- patient's names the patient record.
CREATE TABLE clinical.memberships (
  tenant_id uuid NOT NULL REFERENCES clinical.tenants,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL,
  role text NOT NULL CHECK (role ~ '^role\.[A-Za-z]{2,30}$'),
  clinic_id uuid,
  patient_id uuid,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, clinic_id) REFERENCES clinical.clinics (tenant_id, id),
  CHECK ((role = 'role.patient') = (patient_id IS NOT NULL)),
  CHECK (clinic_id IS NOT NULL OR role IN ('role.corporateAdmin', 'role.auditor', 'role.externalContractor'))
);
CREATE UNIQUE INDEX memberships_once ON clinical.memberships
  (tenant_id, account_id, role, clinic_id, patient_id) NULLS NOT DISTINCT WHERE ended_at IS NULL;
-- The directory asks for one account over all tenants at each sign-in.
CREATE INDEX memberships_by_account ON clinical.memberships (account_id) WHERE ended_at IS NULL;

CREATE TABLE clinical.factor_policies (
  tenant_id uuid NOT NULL REFERENCES clinical.tenants,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  role text NOT NULL CHECK (role ~ '^role\.[A-Za-z]{2,30}$'),
  factor_required boolean NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, role),
  -- A tenant may make the second factor optional for clinicians, never for those who administer or audit.
  CHECK (factor_required OR role NOT IN ('role.admin', 'role.corporateAdmin', 'role.auditor'))
);

-- Sessions whose token family was revoked; access tokens with this sid are refused until they have expired.
CREATE TABLE clinical.revoked_sessions (
  sid_hash bytea PRIMARY KEY CHECK (length(sid_hash) = 32),
  until timestamptz NOT NULL
);

SELECT cordon.classify_columns('clinical.tenants', 'portalAccount', '{tenant_id,slug,state,created_at}');
SELECT cordon.classify_columns('clinical.clinics', 'portalAccount',
  '{tenant_id,id,slug,state,alert_timeout,created_at}');
SELECT cordon.classify_columns('clinical.memberships', 'portalAccount',
  '{tenant_id,id,account_id,role,clinic_id,patient_id,started_at,ended_at}');
SELECT cordon.classify_columns('clinical.factor_policies', 'portalAccount',
  '{tenant_id,id,role,factor_required,changed_at}');
SELECT cordon.classify_columns('clinical.revoked_sessions', 'portalAccount', '{sid_hash,until}');

-- What the caller may stand on, read again at each statement: an ended membership bites at once. The functions are
-- STABLE and run as the caller, so they see what the statement sees, under row security.
CREATE VIEW clinical.my_memberships WITH (security_invoker = true) AS
  SELECT m.clinic_id, m.patient_id FROM clinical.memberships m
  WHERE m.tenant_id = (SELECT cordon.tenant_id()) AND m.account_id = (SELECT cordon.subject())
    AND m.role = (SELECT cordon.role()) AND m.ended_at IS NULL;
GRANT SELECT ON clinical.my_memberships TO engine_clinical;

-- Clinics whose rows of this class a member of staff may read, or write.
CREATE FUNCTION clinical.staff_clinics(data_class text, writing boolean) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF NOT (writing AND cordon.may_write(data_class) OR NOT writing AND cordon.may_read(data_class)) THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(SELECT m.clinic_id FROM clinical.my_memberships m
    WHERE m.clinic_id IS NOT NULL AND m.patient_id IS NULL AND cordon.clinic_in_context(m.clinic_id));
END
$$;
-- Clinics in which the caller works at all, whatever the data class.
CREATE FUNCTION clinical.member_clinics() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  RETURN ARRAY(SELECT m.clinic_id FROM clinical.my_memberships m
    WHERE m.clinic_id IS NOT NULL AND m.patient_id IS NULL AND cordon.clinic_in_context(m.clinic_id));
END
$$;
-- The caller's own record, for patients; NULL for everybody else.
CREATE FUNCTION clinical.own_record(data_class text) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF cordon.role() IS DISTINCT FROM 'role.patient' OR NOT cordon.may_read(data_class) THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT m.patient_id FROM clinical.my_memberships m WHERE m.patient_id = cordon.patient_id() LIMIT 1);
END
$$;
-- Whether the caller administers the whole tenant.
CREATE FUNCTION clinical.sees_all_clinics(data_class text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  RETURN cordon.role() = 'role.corporateAdmin' AND cordon.may_read(data_class)
    AND EXISTS (SELECT FROM clinical.my_memberships m WHERE m.clinic_id IS NULL);
END
$$;

SELECT clinical.protect_for_jobs('clinical.tenants');
SELECT clinical.protect_for_jobs('clinical.clinics');
SELECT clinical.protect_for_jobs('clinical.memberships');
SELECT clinical.protect_for_jobs('clinical.factor_policies');

GRANT SELECT ON clinical.tenants, clinical.clinics, clinical.memberships, clinical.factor_policies TO engine_clinical;
CREATE POLICY own_tenant ON clinical.tenants FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND EXISTS (SELECT FROM clinical.my_memberships));
CREATE POLICY own_tenant ON clinical.clinics FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND EXISTS (SELECT FROM clinical.my_memberships));
CREATE POLICY own_membership ON clinical.memberships FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND account_id = (SELECT cordon.subject()));
CREATE POLICY own_tenant ON clinical.factor_policies FOR SELECT TO engine_clinical
  USING (tenant_id = (SELECT cordon.tenant_id()) AND EXISTS (SELECT FROM clinical.my_memberships));

-- The job runner starts from the list of tenants; it sees their ids and nothing else without a context.
CREATE POLICY jobs_list_tenants ON clinical.tenants FOR SELECT TO engine_jobs USING (true);
REVOKE SELECT ON clinical.tenants FROM engine_jobs;
GRANT SELECT (tenant_id, state) ON clinical.tenants TO engine_jobs;

-- The directory answers identity, for which no tenant is chosen yet. It reads who may sign in as what, over all
-- tenants, and can reach no patient's row.
GRANT SELECT ON clinical.tenants, clinical.clinics, clinical.memberships, clinical.factor_policies TO engine_directory;
GRANT SELECT, INSERT, UPDATE, DELETE ON clinical.revoked_sessions TO engine_directory;
CREATE POLICY directory_read ON clinical.tenants FOR SELECT TO engine_directory USING (true);
CREATE POLICY directory_read ON clinical.clinics FOR SELECT TO engine_directory USING (true);
CREATE POLICY directory_read ON clinical.memberships FOR SELECT TO engine_directory USING (true);
CREATE POLICY directory_read ON clinical.factor_policies FOR SELECT TO engine_directory USING (true);
ALTER TABLE clinical.revoked_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinical.revoked_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY directory_only ON clinical.revoked_sessions FOR ALL TO engine_directory USING (true) WITH CHECK (true);
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA clinical FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.staff_clinics(text, boolean), clinical.member_clinics(), clinical.own_record(text),
  clinical.sees_all_clinics(text) TO engine_clinical;
