-- The type of every PHI column: an OpenPGP message as pgcrypto writes it, and only in one form.
-- Salted S2K without stretching (the key is 32 random bytes), AES-256, and a packet with integrity protection
-- (tag 18): pgcrypto decrypts a packet without it although it was tampered with.
--   c3 0c  symmetric-key session packet of 12 bytes · 04 version · 09 AES-256 · 01 salted · 02 SHA-1 · 8 bytes of salt · d2 tag 18

CREATE SCHEMA IF NOT EXISTS cordon;
GRANT USAGE ON SCHEMA cordon TO PUBLIC;
GRANT USAGE ON SCHEMA pgcrypto TO PUBLIC;

CREATE DOMAIN cordon.ciphertext AS bytea
  CONSTRAINT salted_aes256_with_integrity CHECK (
    substring(VALUE FROM 1 FOR 6) = '\xc30c04090102'::bytea
    AND substring(VALUE FROM 15 FOR 1) = '\xd2'::bytea)
  CONSTRAINT bounded CHECK (length(VALUE) <= 4194304);

CREATE FUNCTION cordon.seal_cell(body bytea, key text) RETURNS bytea
LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN pgcrypto.pgp_sym_encrypt_bytea(
  body, key,
  'cipher-algo=aes256, s2k-mode=1, s2k-digest-algo=sha1, compress-algo=0');

-- One damaged cell must not take the others with it: NULL where the message does not decrypt.
CREATE FUNCTION cordon.try_open_cell(cell bytea, key text) RETURNS bytea
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN pgcrypto.pgp_sym_decrypt_bytea(cell::cordon.ciphertext, key);
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$$;
