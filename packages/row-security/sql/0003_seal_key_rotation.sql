-- Rotation: a new key is installed, both verify, processes change over one by one, the old key is retired. What was retired
-- never verifies again: neither a seal made with it, nor the key itself when somebody's old file brings it back.
CREATE OR REPLACE FUNCTION cordon.install_seal_key(new_key_id text, new_key bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO cordon.seal_keys (key_id, key) VALUES (new_key_id, new_key) ON CONFLICT (key_id) DO NOTHING;
  IF NOT EXISTS (SELECT FROM cordon.seal_keys k
    WHERE k.key_id = new_key_id AND k.key = new_key AND k.retired_at IS NULL) THEN
    RAISE EXCEPTION 'the seal key % was retired, or names another key', new_key_id USING ERRCODE = 'CX002';
  END IF;
END
$$;

-- Retires every key but one, and answers how many that were. What is left of a retired key is its digest.
CREATE FUNCTION cordon.retire_seal_keys(kept_key_id text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  retired integer;
BEGIN
  IF NOT EXISTS (SELECT FROM cordon.seal_keys k WHERE k.key_id = kept_key_id AND k.retired_at IS NULL) THEN
    RAISE EXCEPTION 'the seal key % is not in use, so no other can be retired', kept_key_id USING ERRCODE = 'CX002';
  END IF;
  UPDATE cordon.seal_keys SET retired_at = now(), key = sha256(key)
    WHERE key_id <> kept_key_id AND retired_at IS NULL;
  GET DIAGNOSTICS retired = ROW_COUNT;
  RETURN retired;
END
$$;
ALTER FUNCTION cordon.retire_seal_keys(text) OWNER TO :seal_owner;
REVOKE ALL ON FUNCTION cordon.retire_seal_keys(text) FROM PUBLIC;
