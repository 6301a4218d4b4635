-- A hold is placed and lifted by functions of their own: a lift names the hold alone, and one that is not in force is refused.
-- Both within a sealed context of the tenant: SQL without the engine's key can neither place nor lift.
DROP FUNCTION audit.record_hold(uuid, uuid, text, timestamptz, timestamptz);

CREATE FUNCTION audit.place_hold(tenant uuid, hold uuid, starts timestamptz, ends timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF tenant IS DISTINCT FROM cordon.tenant_id() THEN
    RAISE EXCEPTION 'a hold is placed within a sealed context of its tenant' USING ERRCODE = '42501';
  END IF;
  INSERT INTO audit.legal_holds (tenant_id, id, hold_id, kind, starts_at, ends_at)
    VALUES (tenant, gen_random_uuid(), hold, 'placed', starts, ends);
END
$$;

-- False: no such hold of the tenant is in force.
CREATE FUNCTION audit.lift_hold(tenant uuid, hold uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF tenant IS DISTINCT FROM cordon.tenant_id() THEN
    RAISE EXCEPTION 'a hold is lifted within a sealed context of its tenant' USING ERRCODE = '42501';
  END IF;
  -- A second lift at once is refused by the key over tenant, hold and kind.
  INSERT INTO audit.legal_holds (tenant_id, id, hold_id, kind, starts_at, ends_at)
    SELECT h.tenant_id, gen_random_uuid(), h.hold_id, 'released', h.starts_at, h.ends_at FROM audit.legal_holds h
    WHERE h.tenant_id = tenant AND h.hold_id = hold AND h.kind = 'placed' AND NOT EXISTS (
      SELECT FROM audit.legal_holds r WHERE r.tenant_id = tenant AND r.hold_id = hold AND r.kind = 'released');
  RETURN FOUND;
END
$$;
REVOKE ALL ON FUNCTION audit.place_hold(uuid, uuid, timestamptz, timestamptz), audit.lift_hold(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.place_hold(uuid, uuid, timestamptz, timestamptz), audit.lift_hold(uuid, uuid) TO engine_audit;

-- Who may read the log of a tenant sees its holds.
GRANT SELECT ON audit.legal_holds TO audit_reader;
CREATE POLICY one_tenant ON audit.legal_holds FOR SELECT TO audit_reader
  USING (tenant_id = (SELECT cordon.tenant_id()) AND (SELECT cordon.may_read('auditLogEntry')));
