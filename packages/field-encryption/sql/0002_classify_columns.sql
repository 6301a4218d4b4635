-- Every column of every store carries its data class and sensitivity as a comment. PHI is recognised by its type; what
-- is structural must be named, one by one, so that nobody classifies a column by forgetting it.
CREATE FUNCTION cordon.classify_columns(target regclass, data_class text, structural text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT attname, atttypid = 'cordon.ciphertext'::regtype AS is_phi
    FROM pg_attribute WHERE attrelid = target AND attnum > 0 AND NOT attisdropped
  LOOP
    IF found.is_phi AND found.attname = ANY (structural) THEN
      RAISE EXCEPTION '%.% is ciphertext and cannot be structural', target, found.attname;
    ELSIF NOT found.is_phi AND NOT found.attname = ANY (structural) THEN
      RAISE EXCEPTION '%.% has no sensitivity: give it the type cordon.ciphertext, or name it among the structural columns',
        target, found.attname;
    END IF;
    EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', target, found.attname,
      format('class=%s sensitivity=%s', data_class, CASE WHEN found.is_phi THEN 'phi' ELSE 'structural' END));
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION cordon.classify_columns(regclass, text, text[]) FROM PUBLIC;
GRANT USAGE ON SCHEMA cordon TO :owner;
GRANT EXECUTE ON FUNCTION cordon.classify_columns(regclass, text, text[]) TO :owner;
