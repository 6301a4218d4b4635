-- A cell under another key, its text untouched and never outside the server. What the first key does not open stays as it is:
-- it is under the second already, or damaged, and no attempt may make it worse.
CREATE FUNCTION cordon.reseal_cell(cell bytea, from_key text, to_key text) RETURNS bytea
LANGUAGE plpgsql VOLATILE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  body constant bytea := cordon.try_open_cell(cell, from_key);
BEGIN
  IF body IS NULL THEN RETURN cell; END IF;
  RETURN cordon.seal_cell(body, to_key);
END
$$;
