-- A seal is verified once for each backend, and remembered there: a caller asks for many statements with one seal.
--
-- What is remembered is a digest over payload, key and tag, in the session's value of the same parameter that holds the
-- context during a transaction. No login role can set either. A remembered seal is taken again on the same backend until its
-- own expiry, which is what the seal said anyway, and until any key is retired. Digests are words without a space, so where no
-- context was entered the readers find no tenant, no role and no class in them.

-- Counts the retirements of keys. Read as a number, without a look at a table.
CREATE SEQUENCE cordon.seal_key_retirements;
ALTER SEQUENCE cordon.seal_key_retirements OWNER TO :seal_owner;
REVOKE ALL ON SEQUENCE cordon.seal_key_retirements FROM PUBLIC;

CREATE FUNCTION cordon.verify_seal(payload text, key_id text, tag bytea, digest text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  most_remembered constant integer := 64;
  -- Read before the key: whoever retires one locks the table first and counts then.
  retirements constant text := 'seen_' || coalesce(pg_sequence_last_value('cordon.seal_key_retirements'), 0) || ',';
  held constant text := current_setting('backtrace_functions');
BEGIN
  -- Waits for a retirement under way; the statement below then sees what it left.
  LOCK TABLE cordon.seal_keys IN ACCESS SHARE MODE;
  IF (payload ~ '^v1 ([A-Za-z0-9_,]+ ){8}[A-Za-z0-9_,]+$' AND cordon.seal_verifies(payload, key_id, tag)
      AND split_part(payload, ' ', 7)::bigint > extract(epoch FROM clock_timestamp())) IS NOT TRUE THEN
    PERFORM cordon.refuse_seal(payload, key_id, tag);
  END IF;
  -- Inside of a context the session's value cannot be seen, so it stays as it is; and what a transaction with a snapshot of its
  -- own found may be over.
  IF NOT starts_with(held, 'v1 ') AND current_setting('transaction_isolation') = 'read committed' THEN
    PERFORM set_config('backtrace_functions', retirements || digest || ',' || CASE WHEN starts_with(held, retirements)
      THEN substr(held, length(retirements) + 1, (most_remembered - 1) * (length(digest) + 1)) ELSE '' END, false);
  END IF;
  RETURN true;
END
$$;
ALTER FUNCTION cordon.verify_seal(text, text, bytea, text) OWNER TO :seal_owner;
REVOKE ALL ON FUNCTION cordon.verify_seal(text, text, bytea, text) FROM PUBLIC;

-- 128 bits of a digest over three parts, of which none that was verified holds a line's end.
CREATE FUNCTION cordon.seal_digest(payload text, key_id text, tag bytea) RETURNS text LANGUAGE sql STABLE
RETURN left(encode(sha256(convert_to(payload || E'\n' || key_id || E'\n' || encode(tag, 'hex'), 'UTF8')), 'hex'), 32);

CREATE OR REPLACE FUNCTION cordon.enter(payload text, key_id text, tag bytea) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
  SELECT CASE
    WHEN starts_with(current_setting('backtrace_functions'),
        'seen_' || coalesce(pg_sequence_last_value('cordon.seal_key_retirements'::regclass), 0) || ',')
      AND strpos(current_setting('backtrace_functions'), ',' || cordon.seal_digest(enter.payload, enter.key_id, enter.tag) || ',') > 0
      AND to_timestamp(split_part(enter.payload, ' ', 7)::float8) > clock_timestamp()
      OR cordon.verify_seal(enter.payload, enter.key_id, enter.tag,
        cordon.seal_digest(enter.payload, enter.key_id, enter.tag))
    THEN set_config('backtrace_functions', enter.payload, true)
  END;
END;

-- As before. The lock makes whoever verifies in this moment wait, and then find the key retired.
CREATE OR REPLACE FUNCTION cordon.retire_seal_keys(kept_key_id text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  retired integer;
BEGIN
  LOCK TABLE cordon.seal_keys IN ACCESS EXCLUSIVE MODE;
  IF NOT EXISTS (SELECT FROM cordon.seal_keys k WHERE k.key_id = kept_key_id AND k.retired_at IS NULL) THEN
    RAISE EXCEPTION 'the seal key % is not in use, so no other can be retired', kept_key_id USING ERRCODE = 'CX002';
  END IF;
  UPDATE cordon.seal_keys SET retired_at = now(), key = sha256(key)
    WHERE key_id <> kept_key_id AND retired_at IS NULL;
  GET DIAGNOSTICS retired = ROW_COUNT;
  PERFORM nextval('cordon.seal_key_retirements');
  RETURN retired;
END
$$;

CREATE OR REPLACE FUNCTION cordon.clinic_in_context(clinic_id uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
-- Ids are 32 digits and nothing but commas stands between them, so what is found is one of them.
RETURN strpos(split_part(current_setting('backtrace_functions'), ' ', 8), replace(clinic_id::text, '-', '')) > 0;
