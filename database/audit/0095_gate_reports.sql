-- What runs of the gate said, for the console's board: signed envelopes, which their readers verify. Facts of the deployment,
-- about no tenant and nobody. No part of the audit log, so it has a schema of its own and may forget: the newest forty whole
-- runs of an environment stay, and the newest forty of parts, so that a flood of parts cannot push out what every control said.
CREATE SCHEMA gate;
GRANT USAGE ON SCHEMA gate TO engine_audit, audit_reader;
CREATE TABLE gate.reports (
  -- SHA-256 of the envelope: the same report comes once, however often it is sent.
  digest bytea PRIMARY KEY CHECK (length(digest) = 32),
  environment text NOT NULL CHECK (environment IN ('development', 'staging', 'production')),
  whole boolean NOT NULL,
  ended_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  envelope text NOT NULL CHECK (length(envelope) BETWEEN 100 AND 1000000)
);
CREATE INDEX reports_newest ON gate.reports (environment, whole, ended_at DESC);
SELECT cordon.classify_columns('gate.reports', 'auditLogEntry',
  '{digest,environment,whole,ended_at,received_at,envelope}');
REVOKE ALL ON gate.reports FROM PUBLIC;
ALTER TABLE gate.reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE gate.reports FORCE ROW LEVEL SECURITY;
CREATE POLICY door_keeps ON gate.reports FOR ALL TO audit_owner
  USING ((SELECT cordon.tenant_id()) IS NOT NULL) WITH CHECK ((SELECT cordon.tenant_id()) IS NOT NULL);
-- Whoever may read the log of their tenant may see how the deployment stands.
CREATE POLICY any_tenant ON gate.reports FOR SELECT TO audit_reader
  USING ((SELECT cordon.tenant_id()) IS NOT NULL AND (SELECT cordon.may_read('auditLogEntry')));
GRANT SELECT ON gate.reports TO audit_reader;

-- The one door. Within a sealed context of the system alone: SQL without the engine's key keeps nothing. Answers whether it was new.
CREATE FUNCTION gate.keep_report(report bytea, target text, is_whole boolean, ended timestamptz, signed text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  is_new boolean;
BEGIN
  IF cordon.tenant_id() IS NULL OR cordon.role() IS DISTINCT FROM 'role.system' THEN
    RAISE EXCEPTION 'a report is kept within a sealed context of the system' USING ERRCODE = '42501';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('gate.reports', 0));
  is_new := NOT EXISTS (SELECT FROM gate.reports WHERE digest = report);
  IF is_new THEN
    INSERT INTO gate.reports (digest, environment, whole, ended_at, envelope)
      VALUES (report, target, is_whole, ended, signed);
    DELETE FROM gate.reports WHERE digest IN (
      SELECT digest FROM gate.reports WHERE environment = target AND whole = is_whole
      ORDER BY ended_at DESC, received_at DESC OFFSET 40);
  END IF;
  RETURN is_new;
END
$$;
REVOKE ALL ON FUNCTION gate.keep_report(bytea, text, boolean, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gate.keep_report(bytea, text, boolean, timestamptz, text) TO engine_audit;
