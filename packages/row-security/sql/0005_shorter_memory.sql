-- As before: a seal is verified once for each backend and remembered there by a digest, until a key is retired. Most of what a
-- transaction pays for entering is the setting up of this expression, so it has fewer steps: what is remembered of a seal is one
-- word now, the count of retirements and the digest.

-- No part of a seal that was verified holds a line's end. NULL where a part is missing: left out, it would make the digest that of
-- two other parts.
CREATE FUNCTION cordon.remembered_as(payload text, key_id text, tag bytea) RETURNS text LANGUAGE sql STABLE
RETURN CASE WHEN payload IS NOT NULL AND key_id IS NOT NULL AND tag IS NOT NULL THEN
  concat(',', coalesce(pg_sequence_last_value('cordon.seal_key_retirements'::regclass), 0), '_',
    encode(sha256(convert_to(concat_ws(E'\n', payload, key_id, tag), 'UTF8')), 'hex'))
END;

CREATE FUNCTION cordon.verify_seal(payload text, key_id text, tag bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  most_remembered constant integer := 64;
  -- Counts the retirements before the key is read: whoever retires one locks the table first and counts then.
  seen constant text := cordon.remembered_as(payload, key_id, tag);
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
    PERFORM set_config('backtrace_functions', 'seen' || seen || CASE WHEN starts_with(held, 'seen,')
      THEN substr(held, length('seen,'), (most_remembered - 1) * length(seen)) ELSE '' END, false);
  END IF;
  RETURN true;
END
$$;
ALTER FUNCTION cordon.verify_seal(text, text, bytea) OWNER TO :seal_owner;
REVOKE ALL ON FUNCTION cordon.verify_seal(text, text, bytea) FROM PUBLIC;

CREATE OR REPLACE FUNCTION cordon.enter(payload text, key_id text, tag bytea) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER
BEGIN ATOMIC
  SELECT CASE
    WHEN strpos(current_setting('backtrace_functions'), cordon.remembered_as(enter.payload, enter.key_id, enter.tag)) > 0
      AND to_timestamp(split_part(enter.payload, ' ', 7)::float8) > clock_timestamp()
      OR cordon.verify_seal(enter.payload, enter.key_id, enter.tag)
    THEN set_config('backtrace_functions', enter.payload, true)
  END;
END;
DROP FUNCTION cordon.verify_seal(text, text, bytea, text);
DROP FUNCTION cordon.seal_digest(text, text, bytea);
