-- The sealed row-security context.
--
-- A custom setting (app.tenant_id) can be set by anyone who can run SQL, so policies that read one protect
-- against mistakes only. Here the context is verified once, by one definer function, and kept in a server
-- parameter that login roles cannot set: GRANT SET ON PARAMETER (PostgreSQL 15) gives it to the function's owner
-- alone. The parameter borrowed is backtrace_functions: it takes any list of words and, with words that are no
-- names of C functions, changes nothing. It ends with the transaction.

CREATE SCHEMA IF NOT EXISTS cordon;
REVOKE ALL ON SCHEMA cordon FROM PUBLIC;
GRANT USAGE ON SCHEMA cordon TO PUBLIC;
GRANT USAGE ON SCHEMA pgcrypto TO :seal_owner;
-- Parameter rights belong to the server, and stores are set up side by side: the one that comes second tries again.
DO $$
BEGIN
  FOR attempt IN 1..20 LOOP
    BEGIN
      GRANT SET ON PARAMETER backtrace_functions TO :seal_owner;
      RETURN;
    EXCEPTION WHEN unique_violation OR internal_error THEN
      PERFORM pg_sleep(0.05);
    END;
  END LOOP;
  RAISE EXCEPTION 'the right to set backtrace_functions could not be granted to the seal''s owner';
END
$$;

-- Two keys live at once during a rotation. No login role can read this table.
CREATE TABLE cordon.seal_keys (
  key_id text PRIMARY KEY CHECK (key_id ~ '^[a-z0-9-]{1,40}$'),
  key bytea NOT NULL CHECK (length(key) = 32),
  installed_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
COMMENT ON COLUMN cordon.seal_keys.key_id IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN cordon.seal_keys.key IS 'class=portalAccount sensitivity=structural key material, readable by its owner alone';
COMMENT ON COLUMN cordon.seal_keys.installed_at IS 'class=portalAccount sensitivity=structural';
COMMENT ON COLUMN cordon.seal_keys.retired_at IS 'class=portalAccount sensitivity=structural';
ALTER TABLE cordon.seal_keys OWNER TO :seal_owner;
REVOKE ALL ON cordon.seal_keys FROM PUBLIC;

CREATE FUNCTION cordon.install_seal_key(new_key_id text, new_key bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC
  INSERT INTO cordon.seal_keys (key_id, key) VALUES (new_key_id, new_key)
  ON CONFLICT (key_id) DO UPDATE SET key = excluded.key, retired_at = NULL
    WHERE seal_keys.key IS DISTINCT FROM excluded.key OR seal_keys.retired_at IS NOT NULL;
END;
ALTER FUNCTION cordon.install_seal_key(text, bytea) OWNER TO :seal_owner;
REVOKE ALL ON FUNCTION cordon.install_seal_key(text, bytea) FROM PUBLIC;

-- What the tag covers: the database, the login role and the backend make a seal worthless anywhere else. The
-- comparison runs over digests, so its time tells nothing about the tag.
CREATE FUNCTION cordon.seal_verifies(payload text, payload_key_id text, tag bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT EXISTS (
    SELECT FROM cordon.seal_keys k
    WHERE k.key_id = payload_key_id AND k.retired_at IS NULL
      AND sha256(tag) = sha256(pgcrypto.hmac(
        convert_to('cordon-seal-v1' || E'\n' || current_database() || E'\n' || session_user || E'\n'
          || pg_backend_pid() || E'\n' || payload, 'UTF8'), k.key, 'sha256')));
END;
ALTER FUNCTION cordon.seal_verifies(text, text, bytea) OWNER TO :seal_owner;
REVOKE ALL ON FUNCTION cordon.seal_verifies(text, text, bytea) FROM PUBLIC;
-- For the owner's own definer functions, such as the audit log's door.
GRANT EXECUTE ON FUNCTION cordon.seal_verifies(text, text, bytea) TO :owner;

CREATE FUNCTION cordon.refuse_seal(payload text, payload_key_id text, tag bytea) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'sealed context refused: %', CASE
    WHEN payload IS NULL OR payload_key_id IS NULL OR tag IS NULL THEN 'a part is missing'
    WHEN payload !~ '^v1 ([A-Za-z0-9_,]+ ){8}[A-Za-z0-9_,]+$' THEN 'malformed payload'
    WHEN NOT EXISTS (SELECT FROM cordon.seal_keys k WHERE k.key_id = payload_key_id AND k.retired_at IS NULL)
      THEN 'unknown or retired key'
    WHEN NOT cordon.seal_verifies(payload, payload_key_id, tag)
      THEN 'the tag does not verify for this database, login role and backend'
    ELSE 'expired'
  END USING ERRCODE = 'CX001';
END
$$;
ALTER FUNCTION cordon.refuse_seal(text, text, bytea) OWNER TO :seal_owner;
REVOKE ALL ON FUNCTION cordon.refuse_seal(text, text, bytea) FROM PUBLIC;

-- Enters a context for the rest of the transaction. Raises CX001 when the seal is not accepted.
-- Payload, words separated by one space ("0" stands for none):
--   v1 tenant subject role patient purpose expiry clinics readable writable
-- tenant, subject, patient and clinics are UUIDs in 32 hexadecimal digits; expiry is seconds since 1970.
CREATE FUNCTION cordon.enter(payload text, key_id text, tag bytea) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
  SELECT CASE
    WHEN payload ~ '^v1 ([A-Za-z0-9_,]+ ){8}[A-Za-z0-9_,]+$'
      AND cordon.seal_verifies(payload, key_id, tag)
      AND split_part(payload, ' ', 7)::bigint > extract(epoch FROM clock_timestamp())
    THEN set_config('backtrace_functions', payload, true)
    ELSE cordon.refuse_seal(payload, key_id, tag)
  END;
END;
ALTER FUNCTION cordon.enter(text, text, bytea) OWNER TO :seal_owner;
-- Anyone who may connect may try: without a seal made for this very backend it raises.
GRANT EXECUTE ON FUNCTION cordon.enter(text, text, bytea) TO PUBLIC;

-- Readers. Plain SQL expressions, so the planner inlines them; policies call them as (SELECT cordon.x()), once a statement.
-- tenant_id() also ends the context at its expiry, and every policy asks for it.
CREATE FUNCTION cordon.tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
  WHEN nullif(split_part(current_setting('backtrace_functions'), ' ', 7), '')::bigint
    > extract(epoch FROM statement_timestamp())
  THEN nullif(split_part(current_setting('backtrace_functions'), ' ', 2), '')::uuid
END;
CREATE FUNCTION cordon.subject() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(nullif(split_part(current_setting('backtrace_functions'), ' ', 3), ''), '0')::uuid;
CREATE FUNCTION cordon.role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN 'role.' || nullif(split_part(current_setting('backtrace_functions'), ' ', 4), '');
CREATE FUNCTION cordon.patient_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(nullif(split_part(current_setting('backtrace_functions'), ' ', 5), ''), '0')::uuid;
CREATE FUNCTION cordon.clinic_in_context(clinic_id uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN replace(clinic_id::text, '-', '') = ANY (string_to_array(split_part(current_setting('backtrace_functions'), ' ', 8), ','));
CREATE FUNCTION cordon.may_read(data_class text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN data_class = ANY (string_to_array(split_part(current_setting('backtrace_functions'), ' ', 9), ','));
CREATE FUNCTION cordon.may_write(data_class text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN data_class = ANY (string_to_array(split_part(current_setting('backtrace_functions'), ' ', 10), ','));
